"""The database: how it is opened, and typed rows out of plain SQL.

Tables, writes and migrations are Tortoise's. Pages read by SQL written once and run many times (building a
queryset and model objects costs more than the query); ``rows`` gives such a read its types. SQL here is
written for both databases: named parameters ``:name``, only what SQLite and PostgreSQL both understand, and
SQLite's names of the JSON functions, which are exchanged for PostgreSQL's.
"""

from __future__ import annotations

import re
import sys
import types
import typing
from collections.abc import AsyncIterator, Callable, Hashable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from tortoise import BaseDBAsyncClient, Tortoise, connections
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from components.data.patience import is_busy, no_waiting

Row = TypeVar("Row", bound=Hashable)


def database_config(url: str, app: str, models: Sequence[str], migrations: str) -> dict[str, Any]:
    """Tortoise's configuration for a database URL.

    ``sqlite:///absolute/path.db`` or ``postgres://user:password@host/name``; query parameters of a SQLite URL
    are pragmas. As with libpq, a host may be a socket's folder (``%2Fvar%2Frun%2Fpostgresql``) and a user's name
    is percent-encoded. Raises ValueError for any other scheme.
    """
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        path = url.removeprefix("sqlite://").split("?")[0]
        pragmas = {key: values[-1] for key, values in parse_qs(urlsplit(url).query).items()}
        connection: Any = {
            "engine": "components.data.sqlite",
            "credentials": {"file_path": path, **pragmas},
        }
    elif scheme in ("postgres", "postgresql", "asyncpg"):
        expanded = expand_db_url("asyncpg" + url[len(scheme) :])
        credentials = {**expanded["credentials"], **_decoded(url)}
        connection = {"engine": "components.data.postgres", "credentials": credentials}
    else:
        raise ValueError(f"the database must be sqlite:// or postgres://, not {scheme or 'empty'}://")
    return {
        "connections": {"default": connection},
        "apps": {app: {"models": list(models), "migrations": migrations, "default_connection": "default"}},
        "use_tz": True,
        "timezone": "UTC",
    }


def _decoded(url: str) -> dict[str, str]:
    """What Tortoise takes as it stands: the user's name, and a socket's folder as the host (in small letters)."""
    user, _, place = urlsplit(url).netloc.rpartition("@")
    name, host = unquote(user.partition(":")[0]), unquote(place.partition(":")[0])
    return {**({"user": name} if name else {}), **({"host": host} if host.startswith("/") else {})}


def dialect() -> str:
    """``sqlite`` or ``postgres``."""
    return str(connection().capabilities.dialect)


def connection() -> BaseDBAsyncClient:
    """The connection of this task: inside a transaction, the transaction's own."""
    found: BaseDBAsyncClient = connections.get("default")
    return found


def transaction() -> AbstractAsyncContextManager[TransactionalDBClient]:
    """One transaction; on SQLite it begins with the write lock held (see ``components.data.sqlite``)."""
    return in_transaction("default")


@asynccontextmanager
async def database(config: dict[str, Any]) -> AsyncIterator[None]:
    """An open database for the length of a command or a test; the server opens its own in its lifespan."""
    await Tortoise.init(config=config)
    try:
        yield
    finally:
        await Tortoise.close_connections()


@dataclass(slots=True)
class QueryCount:
    """How many statements were sent, and which; a test reads it."""

    statements: list[str] = field(default_factory=list)


counters: list[QueryCount] = []

# The one thing the two databases call differently and we can't do without: rows as JSON inside a row.
_JSON_NAMES = (
    ("json_group_array", "json_agg"),
    ("json_object", "json_build_object"),
    ("json_array", "json_build_array"),
)
_NAMED = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


@lru_cache(maxsize=512)
def _positional(sql: str, postgres: bool) -> tuple[str, tuple[str, ...]]:
    order: list[str] = []

    def place(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in order:
            order.append(name)
        number = order.index(name) + 1
        return f"${number}" if postgres else f"?{number}"

    if postgres:
        for sqlite_name, name in _JSON_NAMES:
            sql = sql.replace(sqlite_name, name)
    return _NAMED.sub(place, sql), tuple(order)


def _bind(value: Any, postgres: bool) -> Any:
    if postgres:
        # PostgreSQL's text holds no NUL: what was typed with one is equal to nothing that is stored.
        return value.replace("\x00", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        # Tortoise writes UTC text in this form; comparing texts is only right between equals.
        return value.astimezone(UTC).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _read_datetime(value: Any) -> Any:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _read_date(value: Any) -> Any:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value


_READERS: dict[Any, Callable[[Any], Any]] = {datetime: _read_datetime, date: _read_date, bool: bool, int: int}


@lru_cache(maxsize=256)
def _readers(row_type: type) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """For each field its name and, where SQLite hands out another type, what turns it into ours."""
    hints = typing.get_type_hints(row_type, vars(sys.modules[row_type.__module__]))
    result = []
    for each in fields(row_type):
        kind = hints[each.name]
        if isinstance(kind, types.UnionType):
            kind = next(part for part in typing.get_args(kind) if part is not types.NoneType)
        result.append((each.name, _READERS.get(kind)))
    return tuple(result)


async def fetch(sql: str, **values: Any) -> Sequence[Mapping[str, Any]]:
    """Runs one statement with named parameters; rows as the driver hands them out."""
    client = connection()
    postgres = client.capabilities.dialect == "postgres"
    text, order = _positional(sql, postgres)
    for counter in counters:
        counter.statements.append(text)
    _, found = await client.execute_query(text, [_bind(values[name], postgres) for name in order])
    return typing.cast("Sequence[Mapping[str, Any]]", found)


async def rows(row_type: type[Row], sql: str, **values: Any) -> list[Row]:
    """Runs a SELECT whose columns are the fields of the dataclass ``row_type``, in any order.

    Dates, times (aware, UTC), whole numbers and truth values come back as such from both databases.
    """
    return _typed(row_type, await fetch(sql, **values))


def _typed(row_type: type[Row], found: Sequence[Mapping[str, Any]]) -> list[Row]:
    readers = _readers(row_type)
    return [
        row_type(
            *[
                value if read is None or value is None else read(value)
                for value, read in ((each[name], read) for name, read in readers)
            ]
        )
        for each in found
    ]


async def returning(row_type: type[Row], sql: str, **values: Any) -> list[Row]:
    """Runs an INSERT, UPDATE or DELETE that ends in RETURNING; what it returns, typed as by ``rows``."""
    client = connection()
    postgres = client.capabilities.dialect == "postgres"
    text, order = _positional(sql, postgres)
    for counter in counters:
        counter.statements.append(text)
    return _typed(row_type, await client.execute_query_dict(text, [_bind(values[name], postgres) for name in order]))


async def row(row_type: type[Row], sql: str, **values: Any) -> Row | None:
    """The first row, or None."""
    found = await rows(row_type, sql, **values)
    return found[0] if found else None


async def execute(sql: str, **values: Any) -> int:
    """Runs an INSERT, UPDATE or DELETE; how many rows it touched."""
    client = connection()
    postgres = client.capabilities.dialect == "postgres"
    text, order = _positional(sql, postgres)
    for counter in counters:
        counter.statements.append(text)
    touched, _ = await client.execute_query(text, [_bind(values[name], postgres) for name in order])
    return touched


async def execute_if_free(sql: str, **values: Any) -> None:
    """``execute`` for what may as well be written another time: nothing is done while another process writes."""
    try:
        with no_waiting():
            await execute(sql, **values)
    except OperationalError as error:
        if not is_busy(error):
            raise


@asynccontextmanager
async def counting() -> AsyncIterator[QueryCount]:
    """Counts the statements of ``fetch``, ``rows`` and ``execute`` meanwhile. For tests."""
    counter = QueryCount()
    counters.append(counter)
    try:
        yield counter
    finally:
        counters.remove(counter)
