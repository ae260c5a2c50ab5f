"""Migrations meet databases that are in use: not a row may go, nor a reference break."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from components.data.bulk import open_bulk
from components.data.database import database
from components.data.migrating import MigrationFailed, migrate, pending
from dashboard.schema import config
from tests.migrations.next_migration import ALTER, next_config, with_next_migration
from tests.support.contents import ask, contents
from tests.support.databases import Databases, elsewhere


async def test_a_new_database_lacks_nothing_after_its_migrations(database_url: str) -> None:
    async with database(config(database_url)):
        assert await pending(config(database_url)) == []


async def test_migrating_what_is_migrated_does_nothing(filled_url: str) -> None:
    before = await contents(filled_url)
    assert await migrate(config(filled_url)) == []
    assert await contents(filled_url) == before


async def test_a_changed_column_keeps_every_row_and_reference(
    filled_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite it rebuilds the tables to which all others point."""
    with_next_migration(tmp_path, monkeypatch, ALTER)
    before = await contents(filled_url, "tortoise_migrations")
    assert await migrate(next_config(filled_url)) == ["9999_next"]
    after = await contents(filled_url, "tortoise_migrations")
    assert {name: len(rows) for name, rows in after.items()} == {name: len(rows) for name, rows in before.items()}
    assert {name for name in before if before[name] != after[name]} <= {"account", "customer"}
    names = "SELECT number, name FROM customer ORDER BY number"
    assert len(await ask(filled_url, names)) == 11
    async with open_bulk(config(filled_url)) as bulk:
        if bulk.dialect == "sqlite":
            assert await bulk.fetch("PRAGMA foreign_key_check") == []
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            await bulk.execute("DELETE FROM account WHERE number = '4445'")
        with pytest.raises(Exception, match="append-only"):
            await bulk.execute("DELETE FROM ledger_entry")


async def test_a_migration_that_fails_leaves_the_database_as_it_was(
    filled_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_next_migration(tmp_path, monkeypatch, ALTER + ", ops.RunPython(fail)")
    before = await contents(filled_url)
    with pytest.raises(RuntimeError, match="half way"):
        await migrate(next_config(filled_url))
    assert await contents(filled_url) == before


LOSE = "ops.RunSQL('DELETE FROM usage_hour')"


async def test_a_migration_that_would_lose_rows_is_undone(
    sqlite_databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sqlite_databases.filled("housing")
    before = await contents(url)
    with_next_migration(tmp_path, monkeypatch, ALTER + "," + LOSE)
    with pytest.raises(MigrationFailed, match="rows would be lost in usage_hour"):
        await migrate(next_config(url))
    assert await contents(url) == before


async def test_what_is_written_while_a_migration_fails_is_kept(
    filled_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration that fails takes back its own doing and nobody else's."""
    with_next_migration(tmp_path, monkeypatch, ALTER + ", ops.RunPython(fail)")

    async def write() -> None:
        async with open_bulk(config(filled_url)) as bulk:
            await bulk.execute("UPDATE customer SET city = 'Тараз' WHERE number = (SELECT min(number) FROM customer)")

    writing = asyncio.to_thread(elsewhere, write())
    failed, _ = await asyncio.gather(migrate(next_config(filled_url)), writing, return_exceptions=True)
    assert isinstance(failed, RuntimeError)
    assert "half way" in str(failed)
    assert await ask(filled_url, "SELECT count(*) FROM customer WHERE city = 'Тараз'") == [(1,)]


ALTER_LEDGER = "ops.AlterField('LedgerEntry', 'book', fields.CharField(max_length=20)),"


async def test_a_changed_column_keeps_indexes_and_the_append_only_guard(
    sqlite_databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's rebuild drops both without a word; an unguarded ledger could be edited, an unindexed one is slow."""
    url = sqlite_databases.filled("telecom")
    schema = "SELECT type, name FROM sqlite_master WHERE type IN ('index', 'trigger') ORDER BY type, name"
    before = await ask(url, schema)
    with_next_migration(tmp_path, monkeypatch, ALTER + "," + ALTER_LEDGER)
    await migrate(next_config(url))
    assert await ask(url, schema) == before
    with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute("DELETE FROM ledger_entry")


async def test_models_and_migrations_say_the_same(tmp_path: Path) -> None:
    """Otherwise the next migration written brings somebody else's change along."""
    from tortoise import Tortoise
    from tortoise.migrations.autodetector import MigrationAutodetector

    chosen = config(f"sqlite://{tmp_path / 'none.db'}")
    await Tortoise.init(config=chosen, init_connections=False)
    try:
        assert Tortoise.apps is not None
        detector = MigrationAutodetector(Tortoise.apps, chosen["apps"])
        assert await detector.changes() == []
    finally:
        await Tortoise.close_connections()
