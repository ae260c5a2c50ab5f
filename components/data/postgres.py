"""Tortoise's PostgreSQL client, with three things it lacks.

A transaction that can't begin, since the server has just gone away, lets go of its connection; Tortoise keeps
it, and after five of them the pool waits for ever. A server that isn't there is told as what it is, also where
only its socket's file is missing. And a connection goes back to the pool as it is: asyncpg sends a statement to
reset it every time, a second way to the server and back for each that a page sends.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionalDBClient, TransactionContextPooled
from tortoise.connection import get_connections
from tortoise.exceptions import DBConnectionError

from components.data.watching import Watched

PATIENCE = 10  # seconds for a connection to come about


async def _connect(*arguments: Any, **named: Any) -> asyncpg.Connection[Any]:
    try:
        made: asyncpg.Connection[Any] = await asyncpg.connect(*arguments, **{"timeout": PATIENCE, **named})
    except OSError as error:
        raise DBConnectionError(f"PostgreSQL does not answer: {type(error).__name__}") from error
    return made


async def _as_it_is(_connection: Any) -> None:
    """What a released connection needs besides the end of a transaction that asyncpg sees to: we change no setting,
    listen to nothing and hold no advisory lock on a connection of the pool."""


class PooledTransaction(TransactionContextPooled):
    async def __aenter__(self) -> TransactionalDBClient:
        try:
            return await super().__aenter__()
        except BaseException:
            if hasattr(self, "token"):
                get_connections().reset(self.token)
            pool, held = self.client._parent._pool, self.client._connection
            if pool and held:
                with suppress(Exception):  # it was of no use any more; the pool has dropped it
                    await pool.release(held)
            raise

    async def __aexit__(self, *error: Any) -> None:
        try:
            await super().__aexit__(*error)
        finally:
            if not self.token._used:  # a connection that broke in between was not taken back
                get_connections().reset(self.token)


class WatchedTransaction(Watched, TransactionWrapper):
    """A transaction whose statements are counted and timed."""


class KabinetPostgresClient(Watched, AsyncpgDBClient):
    async def create_pool(self, **named: Any) -> asyncpg.Pool[Any]:
        return await asyncpg.create_pool(None, connect=_connect, reset=_as_it_is, **named)

    def _in_transaction(self) -> PooledTransaction:
        return PooledTransaction(WatchedTransaction(self), self._pool_init_lock)


client_class = KabinetPostgresClient
