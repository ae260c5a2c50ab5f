"""What every test may ask for. Databases come in both kinds: a promise is kept on both or it isn't kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.databases import Databases, Dialect
from tests.support.postgres import own_postgres


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


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
