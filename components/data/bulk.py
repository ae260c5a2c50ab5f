"""Work on whole sets of rows, over a connection of its own: an import, a rebuild, a check.

Tortoise's connection is made for pages: one row at a time, one lock a process. Here rows are copied into
TEMP tables in chunks and merged by SQL that SQLite and PostgreSQL both understand, with ``:name`` parameters.
TEMP tables never lock the database's own file, and their caches are kept in files, so memory stays flat
however long a file is. The SQLite side blocks its event loop: it is for commands, not for the server.
"""

from __future__ import annotations

import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Literal

import asyncpg
from tortoise.exceptions import DBConnectionError

Kind = Literal["text", "whole", "day", "moment", "flag"]
Columns = Mapping[str, Kind]
Record = Sequence[Any]

CHUNK = 2_000
_NAMED = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


class Bulk(ABC):
    """One open connection. Statements outside ``transaction()`` commit by themselves."""

    dialect: Literal["sqlite", "postgres"]

    async def stage(self, table: str, columns: Columns) -> None:
        """Creates an empty TEMP table, gone with the connection."""
        types = self._types()
        listed = ", ".join(f'"{name}" {types[kind]}' for name, kind in columns.items())
        await self.execute(f"CREATE TEMP TABLE {table} ({listed})")

    @abstractmethod
    async def copy(self, table: str, columns: Columns, rows: Sequence[Record]) -> None:
        """Adds ``rows`` (values in the order of ``columns``) as fast as the database takes them."""

    @abstractmethod
    async def execute(self, sql: str, **values: Any) -> int:
        """Runs one statement; how many rows it touched."""

    @abstractmethod
    def stream(self, sql: str, /, chunk: int = CHUNK, **values: Any) -> AsyncGenerator[Record, None]:
        """The rows of a SELECT, a chunk in memory at a time. Read it to its end, or close it (``aclosing``)."""

    async def fetch(self, sql: str, **values: Any) -> list[Record]:
        """The rows of a SELECT that is known to be short."""
        return [each async for each in self.stream(sql, **values)]

    async def number(self, sql: str, **values: Any) -> int:
        """The one whole number that a SELECT comes to."""
        return int((await self.fetch(sql, **values))[0][0] or 0)

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager[None]:
        """All or nothing; on SQLite it begins with the write lock held."""

    @abstractmethod
    def snapshot(self) -> AbstractAsyncContextManager[None]:
        """Reads what the database holds at the beginning, whatever others write meanwhile; keeps nobody waiting."""

    @abstractmethod
    async def number_rows(self, target: str, into: str, select: str, order: str) -> int:
        """Makes the TEMP table ``into`` of a SELECT's rows with new ids of ``target`` in that order; how many.

        The ids stand in column ``id``. They are nobody else's, also if they are never used.
        """

    @abstractmethod
    async def analyze(self, table: str) -> None:
        """Tells the planner how long a TEMP table has become."""

    @abstractmethod
    def json(self, expression: str) -> str:
        """SQL that makes a JSON value of a text."""

    @abstractmethod
    def _types(self) -> Mapping[Kind, str]: ...


class SqliteBulk(Bulk):
    """The standard library's sqlite3, in WAL mode, waiting ten seconds for another writer."""

    dialect = "sqlite"

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in (
            "busy_timeout = 10000",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "temp_store = FILE",
            "cache_size = -16000",
            "temp.cache_size = -16000",
        ):
            name, _, value = pragma.partition(" = ")
            schema, _, plain = name.rpartition(".")
            prefix = f"{schema}." if schema else ""
            self._connection.execute(f"PRAGMA {prefix}{plain} = {value}")

    def close(self) -> None:
        self._connection.close()

    async def copy(self, table: str, columns: Columns, rows: Sequence[Record]) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        places = ", ".join("?" * len(columns))
        if any(kind in ("day", "moment") for kind in columns.values()):
            rows = [[_sqlite_value(value) for value in row] for row in rows]
        alone = not self._connection.in_transaction
        if alone:
            self._connection.execute("BEGIN")
        self._connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)
        if alone:
            self._connection.execute("COMMIT")

    async def execute(self, sql: str, **values: Any) -> int:
        bound = {name: _sqlite_value(value) for name, value in values.items()}
        return max(self._connection.execute(sql, bound).rowcount, 0)

    async def stream(self, sql: str, /, chunk: int = CHUNK, **values: Any) -> AsyncGenerator[Record, None]:
        bound = {name: _sqlite_value(value) for name, value in values.items()}
        with closing(self._connection.execute(sql, bound)) as cursor:
            while some := cursor.fetchmany(chunk):
                for each in some:
                    yield each

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[None]:
        self._connection.execute("BEGIN")
        self._connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()  # from here on it stands still
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    async def number_rows(self, target: str, into: str, select: str, order: str) -> int:
        """Takes them off AUTOINCREMENT's count, in a transaction of its own that is over in no time."""
        rows = await self.number(f"SELECT COUNT(*) FROM ({select})")
        before = await self._reserve(target, rows) if rows else 0
        number = f"{before} + ROW_NUMBER() OVER (ORDER BY {order})"
        await self.execute(
            f"CREATE TEMP TABLE {into} AS SELECT CAST({number} AS BIGINT) AS id, x.* FROM ({select}) x ORDER BY id"
        )
        return rows

    async def _reserve(self, table: str, rows: int) -> int:
        """The last id before ``rows`` ids that nobody else gets."""
        async with self.transaction():
            await self.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT :table, 0"
                " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = :table)",
                table=table,
            )
            before = await self.number("SELECT seq FROM sqlite_sequence WHERE name = :table", table=table)
            await self.execute(
                "UPDATE sqlite_sequence SET seq = seq + :rows WHERE name = :table", table=table, rows=rows
            )
        return before

    async def analyze(self, table: str) -> None:
        """SQLite plans TEMP tables by their indexes alone."""

    def json(self, expression: str) -> str:
        return expression

    def _types(self) -> Mapping[Kind, str]:
        return {"text": "TEXT", "whole": "INTEGER", "day": "TEXT", "moment": "TEXT", "flag": "INTEGER"}


class PostgresBulk(Bulk):
    """asyncpg, copying by the binary COPY protocol."""

    dialect = "postgres"

    def __init__(self, connection: asyncpg.Connection[Any]) -> None:
        self._connection = connection

    async def copy(self, table: str, columns: Columns, rows: Sequence[Record]) -> None:
        await self._connection.copy_records_to_table(table, records=rows, columns=list(columns))

    async def execute(self, sql: str, **values: Any) -> int:
        text, order = _positional(sql)
        status = await self._connection.execute(text, *(values[name] for name in order))
        last = str(status).rpartition(" ")[2]
        return int(last) if last.isdigit() else 0

    async def stream(self, sql: str, /, chunk: int = CHUNK, **values: Any) -> AsyncGenerator[Record, None]:
        text, order = _positional(sql)
        async with self._connection.transaction():
            cursor = self._connection.cursor(text, *(values[name] for name in order), prefetch=chunk)
            async for each in cursor:
                yield tuple(each)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        async with self._connection.transaction():
            yield

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[None]:
        async with self._connection.transaction(isolation="repeatable_read", readonly=True):
            yield

    async def number_rows(self, target: str, into: str, select: str, order: str) -> int:
        await self.execute(
            f"CREATE TEMP TABLE {into} AS SELECT nextval(pg_get_serial_sequence('{target}', 'id')) AS id, x.* "
            f"FROM ({select} ORDER BY {order}) x"
        )
        return await self.number(f"SELECT COUNT(*) FROM {into}")

    async def analyze(self, table: str) -> None:
        await self._connection.execute(f"ANALYZE {table}")

    def json(self, expression: str) -> str:
        return f"CAST({expression} AS jsonb)"

    def _types(self) -> Mapping[Kind, str]:
        return {"text": "TEXT", "whole": "BIGINT", "day": "DATE", "moment": "TIMESTAMPTZ", "flag": "BOOLEAN"}


@asynccontextmanager
async def open_bulk(config: dict[str, Any]) -> AsyncIterator[Bulk]:
    """A connection of its own to the database of Tortoise's configuration ``config``."""
    credentials = config["connections"]["default"]["credentials"]
    if "file_path" in credentials:
        with closing(SqliteBulk(credentials["file_path"])) as bulk:
            yield bulk
        return
    connection = await connect(credentials)
    try:
        await connection.execute("SET jit = off")
        yield PostgresBulk(connection)
    finally:
        await connection.close()


async def connect(credentials: dict[str, Any]) -> asyncpg.Connection[Any]:
    """A connection to PostgreSQL outside the pool. Raises DBConnectionError where nobody answers."""
    names = ("host", "port", "user", "password", "database", "ssl")
    try:
        made: asyncpg.Connection[Any] = await asyncpg.connect(
            **{name: credentials[name] for name in names if credentials.get(name)}
        )
    except OSError as error:
        raise DBConnectionError(f"PostgreSQL does not answer: {error.strerror or type(error).__name__}") from error
    return made


def as_day(value: Any) -> date | None:
    """A day as either database hands it out."""
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value


def _sqlite_value(value: Any) -> Any:
    """What Tortoise would store: UTC text for a moment, ISO text for a day, 0 or 1 for a flag."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


@lru_cache(maxsize=256)
def _positional(sql: str) -> tuple[str, tuple[str, ...]]:
    order: list[str] = []

    def place(match: re.Match[str]) -> str:
        if match.group(1) not in order:
            order.append(match.group(1))
        return f"${order.index(match.group(1)) + 1}"

    return _NAMED.sub(place, sql), tuple(order)
