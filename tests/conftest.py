"""What every test may ask for. Databases come in both kinds: a promise is kept on both or it isn't kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import structlog
import time_machine
from tortoise.backends.base.executor import EXECUTOR_CACHE

from tests.support.cast import NOON, newcomer, seated
from tests.support.client import Cabinet, open_cabinet
from tests.support.databases import Databases, Dialect
from tests.support.postgres import own_postgres


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def plain_log() -> None:
    """Crashes made on purpose are logged without a picture of every frame: it takes seconds to draw."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(),
        ]
    )


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[Databases]:
    """A PostgreSQL of this worker's own, started when the first test asks for it."""
    with own_postgres() as socket:
        yield Databases("postgres", socket)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases("sqlite", str(tmp_path_factory.mktemp("sqlite")))


@pytest.fixture(params=["sqlite", "postgres"])
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """Each test that asks for a database runs on both kinds."""
    chosen: Dialect = request.param
    EXECUTOR_CACHE.clear()  # Tortoise keeps its statements by the connection's name, whatever kind that was
    return chosen


@pytest.fixture
def databases(dialect: Dialect, request: pytest.FixtureRequest) -> Databases:
    found: Any = request.getfixturevalue(f"{dialect}_databases")
    assert isinstance(found, Databases)
    return found


@pytest.fixture
def database_url(databases: Databases) -> str:
    """A migrated database without a row."""
    return databases.empty()


@pytest.fixture
def filled(databases: Databases) -> Callable[[str], str]:
    """``filled("telecom")``: the URL of a database of the test's own with that sample in it."""
    return databases.filled


@pytest.fixture
def filled_url(databases: Databases) -> str:
    """A database of the test's own with the telecom sample in it."""
    return databases.filled("telecom")


@pytest.fixture
def at_noon() -> Iterator[time_machine.Traveller]:
    """It is noon on the day of the stories; from there time goes on."""
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def shared_urls() -> dict[str, str]:
    """The databases that all reading tests of this worker share, by kind."""
    return {}


@pytest.fixture
async def cabinet(
    databases: Databases, shared_urls: dict[str, str], at_noon: time_machine.Traveller
) -> AsyncIterator[Cabinet]:
    """The cabinet with the telecom sample and its cast, for tests that only look."""
    if databases.dialect not in shared_urls:
        shared_urls[databases.dialect] = seated(databases)
    async with open_cabinet(shared_urls[databases.dialect]) as opened:
        yield opened


@pytest.fixture
def own_url(databases: Databases) -> Iterator[str]:
    """A database of the test's own with the telecom sample and its cast."""
    url = seated(databases)
    yield url
    databases.drop(url)


@pytest.fixture
async def own_cabinet(own_url: str, at_noon: time_machine.Traveller) -> AsyncIterator[Cabinet]:
    """The same cabinet on a database of the test's own, for tests that change something."""
    async with open_cabinet(own_url) as opened:
        yield opened


@pytest.fixture
async def empty_cabinet(databases: Databases, at_noon: time_machine.Traveller) -> AsyncIterator[Cabinet]:
    """A cabinet with one account, 5555, on which nothing has happened yet."""
    url = newcomer(databases)
    async with open_cabinet(url) as opened:
        yield opened
    databases.drop(url)
