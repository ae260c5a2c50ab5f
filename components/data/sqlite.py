"""Tortoise's SQLite client, with four things it lacks.

A transaction begins IMMEDIATE: a deferred one that reads and then writes loses against another process with
"database is locked", whatever the busy timeout. A busy writer is waited for, and reading goes on meanwhile. And a
transaction that could not begin lets go of the connection; Tortoise keeps its lock, and everything after it waits
for ever. A script inside a transaction belongs to it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, cast

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

from components.data.patience import patiently
from components.data.watching import Watched


def statements(script: str) -> Iterator[str]:
    """The statements of a script; a semicolon inside a comment, a text or a trigger ends none."""
    begun = ""
    for part in script.split(";"):
        begun += part + ";"
        if sqlite3.complete_statement(begun):
            if begun.strip(" \n\t;"):
                yield begun
            begun = ""


class ImmediateTransaction(Watched, SqliteTransactionWrapper):
    async def begin(self) -> None:
        try:
            await self._connection.commit()
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as exc:
            raise TransactionManagementError(exc) from exc

    async def execute_script(self, query: str) -> None:
        """A statement at a time: sqlite3's own way of running a script commits the transaction first."""
        for statement in statements(query):
            await self.execute_query(statement)


class LettingGo(SqliteTransactionContext):
    def __init__(self, connection: ImmediateTransaction, lock: asyncio.Lock, patience: float) -> None:
        super().__init__(connection, lock)
        self._patience = patience

    async def __aenter__(self) -> TransactionalDBClient:
        begun = await patiently(self._begun, self._patience)
        self.token = get_connections().set(self.connection_name, self.connection)
        return begun

    async def _begun(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            try:
                await self.connection.begin()
            except BaseException:
                await self.connection._connection.rollback()  # given up meanwhile, it may have begun all the same
                raise
        except BaseException:
            self._trxlock.release()
            raise
        return cast("TransactionalDBClient", self.connection)


class Patient(SqliteClient):
    """Waits for a busy writer for ``patience`` seconds in all, the connection being free in between."""

    patience: float

    async def create_connection(self, with_db: bool) -> None:
        begins = self._connection is None
        await super().create_connection(with_db)
        if begins and self._connection is not None:
            await self._connection.execute("PRAGMA busy_timeout = 0")

    async def execute_insert(self, query: str, values: list[Any]) -> int:
        return await patiently(lambda: super(Patient, self).execute_insert(query, values), self.patience)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        await patiently(lambda: super(Patient, self).execute_many(query, values), self.patience)

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Sequence[Any]]:
        return await patiently(lambda: super(Patient, self).execute_query(query, values), self.patience)

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        return await patiently(lambda: super(Patient, self).execute_query_dict(query, values), self.patience)


class KabinetSqliteClient(Watched, Patient):
    """SQLite in WAL mode with ten seconds' patience (``busy_timeout``) and full enforcement of foreign keys."""

    def __init__(self, file_path: str, **kwargs: Any) -> None:
        kwargs.setdefault("busy_timeout", 10000)
        kwargs.setdefault("synchronous", "NORMAL")
        kwargs.setdefault("foreign_keys", "ON")
        kwargs.setdefault("cache_size", -16_000)  # KB; in its own 2 MB an index of many people has no room
        super().__init__(file_path, **kwargs)
        self.patience = int(kwargs["busy_timeout"]) / 1000

    def _in_transaction(self) -> SqliteTransactionContext:
        return LettingGo(ImmediateTransaction(self), self._lock, self.patience)


client_class = KabinetSqliteClient
