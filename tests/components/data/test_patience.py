"""SQLite's write lock in another process's hands: who only reads doesn't notice, who writes waits."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from time import monotonic

import pytest
from tortoise.exceptions import OperationalError

from components.data.database import database, execute, execute_if_free, fetch, transaction
from dashboard.schema import config
from tests.support.databases import Databases

COUNT = "INSERT INTO attempt (key, window_start, count) VALUES ('x', 0, 1)"


@pytest.fixture
def url(sqlite_databases: Databases) -> str:
    return sqlite_databases.empty()


@pytest.fixture
def writer(url: str) -> Iterator[sqlite3.Connection]:
    """Another process in the middle of a long transaction, such as an import that merges."""
    with closing(sqlite3.connect(url.removeprefix("sqlite://"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@pytest.fixture
async def opened(url: str, writer: sqlite3.Connection) -> AsyncIterator[None]:
    async with database(config(f"{url}?busy_timeout=2000")):
        yield


async def _in_transaction() -> None:
    async with transaction():
        await execute(COUNT)


@pytest.mark.parametrize("inside", [False, True])
async def test_pages_read_on_while_a_sign_in_waits_to_write(
    inside: bool, opened: None, writer: sqlite3.Connection
) -> None:
    waiting = asyncio.create_task(_in_transaction() if inside else execute(COUNT))
    longest, reads, until = 0.0, 0, monotonic() + 0.6
    while monotonic() < until:
        began = monotonic()
        await fetch("SELECT count(*) AS n FROM account")
        longest, reads = max(longest, monotonic() - began), reads + 1
    assert not waiting.done()
    assert longest < 0.4
    assert reads > 20
    writer.execute("COMMIT")
    await waiting
    assert [dict(each) for each in await fetch("SELECT key FROM attempt")] == [{"key": "x"}]


async def test_who_waits_too_long_is_told(opened: None) -> None:
    began = monotonic()
    with pytest.raises(OperationalError, match="locked"):
        await execute(COUNT)
    assert 2 <= monotonic() - began < 5


async def test_what_can_wait_for_another_time_is_not_waited_for(opened: None, writer: sqlite3.Connection) -> None:
    began = monotonic()
    await execute_if_free(COUNT)
    assert monotonic() - began < 1
    writer.execute("COMMIT")
    assert await fetch("SELECT key FROM attempt") == []
    await execute_if_free(COUNT)
    assert len(await fetch("SELECT key FROM attempt")) == 1


async def test_other_errors_are_not_swallowed(opened: None) -> None:
    with pytest.raises(OperationalError, match="no such table"):
        await execute_if_free("INSERT INTO nowhere VALUES (1)")
