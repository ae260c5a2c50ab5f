"""Tortoise's SQLite client, with two things it lacks.

A transaction begins IMMEDIATE: a deferred one that reads and then writes loses against another process with
"database is locked", whatever the busy timeout. And a busy writer is waited for.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.exceptions import TransactionManagementError


class ImmediateTransaction(SqliteTransactionWrapper):
    async def begin(self) -> None:
        try:
            await self._connection.commit()
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as exc:
            raise TransactionManagementError(exc) from exc


class KabinetSqliteClient(SqliteClient):
    """SQLite in WAL mode with a busy timeout of ten seconds and full enforcement of foreign keys."""

    def __init__(self, file_path: str, **kwargs: Any) -> None:
        kwargs.setdefault("busy_timeout", 10000)
        kwargs.setdefault("synchronous", "NORMAL")
        kwargs.setdefault("foreign_keys", "ON")
        super().__init__(file_path, **kwargs)

    def _in_transaction(self) -> SqliteTransactionContext:
        return SqliteTransactionContext(ImmediateTransaction(self), self._lock)


client_class = KabinetSqliteClient
