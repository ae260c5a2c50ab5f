"""Waiting for SQLite's one writer without keeping anybody else waiting.

SQLite's own busy timeout waits inside the connection's thread, and with it waits every page of the process, though
it only reads. Here a statement that finds the database locked gives the connection back and tries again later.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import TypeVar

from tortoise.exceptions import OperationalError, TransactionManagementError

Result = TypeVar("Result")
FIRST_PAUSE, LONGEST_PAUSE = 0.002, 0.05
_waits: ContextVar[bool] = ContextVar("waits", default=True)


def is_busy(error: BaseException) -> bool:
    """Whether another connection holds the lock that this statement needed."""
    cause = error.args[0] if error.args and isinstance(error.args[0], sqlite3.OperationalError) else error
    return isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


@contextmanager
def no_waiting() -> Iterator[None]:
    """What is tried meanwhile is tried once."""
    token = _waits.set(False)
    try:
        yield
    finally:
        _waits.reset(token)


async def patiently(work: Callable[[], Awaitable[Result]], seconds: float) -> Result:
    """Does the work, again and again for so long while the database is locked; then lets the error through."""
    until, pause = monotonic() + seconds, FIRST_PAUSE
    while True:
        try:
            return await work()
        except (OperationalError, TransactionManagementError) as error:
            if not _waits.get() or not is_busy(error) or monotonic() >= until:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
