"""A transaction that can't begin must not take its connection with it: the process has few of them."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from components.data.away import database_is_away
from components.data.bulk import open_bulk
from components.data.database import database, execute, fetch, transaction
from dashboard.schema import config
from tests.support.databases import Databases


async def _begin() -> None:
    async with transaction():
        await fetch("SELECT 1 AS one")


async def test_on_sqlite_after_a_lock_that_lasted_too_long(sqlite_databases: Databases) -> None:
    place = sqlite_databases.empty().removeprefix("sqlite://")
    async with database(config(f"sqlite://{place}?busy_timeout=50")):
        await _begin()
        with closing(sqlite3.connect(place, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(3):
                with pytest.raises(Exception, match="locked") as caught:
                    await _begin()
                assert database_is_away(caught.value)
        async with asyncio.timeout(5):
            await _begin()


async def test_on_sqlite_given_up_while_it_waits_for_the_lock(sqlite_databases: Databases) -> None:
    """It may have begun all the same; nothing must then be written into that transaction and lost with it."""
    place = sqlite_databases.empty().removeprefix("sqlite://")

    async def give_up() -> None:
        async with asyncio.timeout(0.05):
            await _begin()

    async with database(config(f"sqlite://{place}?busy_timeout=5000")):
        with closing(sqlite3.connect(place, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = asyncio.create_task(give_up())
            await asyncio.sleep(0.2)
            other.execute("COMMIT")
            with pytest.raises(TimeoutError):
                await waiting
        await execute("INSERT INTO attempt (key, window_start, count) VALUES ('a', 1, 1)")
        with closing(sqlite3.connect(place)) as other:
            assert other.execute("SELECT count(*) FROM attempt").fetchone() == (1,)


async def test_on_postgresql_after_the_server_has_thrown_everybody_out(postgres_databases: Databases) -> None:
    """More often than the pool has connections."""
    url = postgres_databases.empty()
    thrown: list[Exception] = []

    async def begins() -> bool:
        try:
            await _begin()
        except Exception as error:
            thrown.append(error)
            return False
        return True

    async with database(config(url)), open_bulk(config(url)) as server, asyncio.timeout(20):
        while len(thrown) < 8:
            await begins()
            await server.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await begins()
        while not await begins():
            pass
    assert all(database_is_away(each) for each in thrown)


@pytest.mark.parametrize("place", ["{folder}", "127.0.0.1:1"])
async def test_a_postgresql_that_is_not_there_is_away(place: str, tmp_path: Path) -> None:
    host = place.format(folder=tmp_path)
    url = f"postgres://nobody@/none?host={host}" if host.startswith("/") else f"postgres://nobody@{host}/none"
    async with database(config(url)):
        with pytest.raises(Exception, match=r".") as caught:
            await _begin()
        assert database_is_away(caught.value)
