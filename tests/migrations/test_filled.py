"""Migrations meet databases that are in use: not a row may go, nor a reference break."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from components.data import migrating
from components.data.bulk import open_bulk
from components.data.database import database
from components.data.migrating import MigrationFailed, migrate, pending
from dashboard.schema import config
from tests.support.contents import ask, contents
from tests.support.databases import Databases


async def test_a_new_database_lacks_nothing_after_its_migrations(database_url: str) -> None:
    async with database(config(database_url)):
        assert await pending(config(database_url)) == []


async def test_migrating_what_is_migrated_does_nothing(filled_url: str) -> None:
    before = await contents(filled_url)
    assert await migrate(config(filled_url)) == []
    assert await contents(filled_url) == before


def _with_next_migration(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Puts a copy of the migrations and one more where the configuration will look for them."""
    package = folder / "next_migrations"
    package.mkdir()
    source = Path(__file__).parents[2] / "dashboard" / "migrations"
    for path in source.glob("*.py"):
        (package / path.name).write_text(path.read_text())
    latest = max(path.stem for path in source.glob("[0-9]*.py"))
    (package / "9999_next.py").write_text(
        "from tortoise import fields, migrations\n"
        "from tortoise.migrations import operations as ops\n"
        "async def fail(apps, schema_editor):\n"
        "    raise RuntimeError('half way')\n"
        "class Migration(migrations.Migration):\n"
        f"    dependencies = [('kabinet', '{latest}')]\n"
        f"    operations = [{body}]\n"
    )
    monkeypatch.syspath_prepend(str(folder))


def _next_config(url: str) -> dict[str, Any]:
    chosen = config(url)
    chosen["apps"]["kabinet"]["migrations"] = "next_migrations"
    return chosen


@pytest.fixture(autouse=True)
def _forget_the_next_migrations(monkeypatch: pytest.MonkeyPatch) -> Any:
    import sys

    yield
    for name in [name for name in sys.modules if name.startswith("next_migrations")]:
        del sys.modules[name]


ALTER = (
    "ops.AlterField('Account', 'currency', fields.CharField(max_length=4)),"
    "ops.AlterField('Customer', 'name', fields.CharField(max_length=500))"
)


async def test_a_changed_column_keeps_every_row_and_reference(
    filled_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite it rebuilds the tables to which all others point."""
    _with_next_migration(tmp_path, monkeypatch, ALTER)
    before = await contents(filled_url, "tortoise_migrations")
    assert await migrate(_next_config(filled_url)) == ["9999_next"]
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
    _with_next_migration(tmp_path, monkeypatch, ALTER + ", ops.RunPython(fail)")
    before = await contents(filled_url)
    with pytest.raises(RuntimeError, match="half way"):
        await migrate(_next_config(filled_url))
    assert await contents(filled_url) == before


async def test_a_migration_that_would_lose_rows_is_undone(
    sqlite_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sqlite_databases.filled("housing")
    before = await contents(url)

    async def lose(chosen: dict[str, Any], note: Any) -> None:
        path = chosen["connections"]["default"]["credentials"]["file_path"]
        with closing(sqlite3.connect(path)) as file:
            file.execute("DELETE FROM usage_hour")
            file.commit()

    monkeypatch.setattr(migrating, "_run", lose)
    with pytest.raises(MigrationFailed, match="rows would be lost in usage_hour"):
        await migrate(config(url))
    assert await contents(url) == before


ALTER_LEDGER = "ops.AlterField('LedgerEntry', 'book', fields.CharField(max_length=20)),"


async def test_a_changed_column_keeps_indexes_and_the_append_only_guard(
    sqlite_databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's rebuild drops both without a word; an unguarded ledger could be edited, an unindexed one is slow."""
    url = sqlite_databases.filled("telecom")
    schema = "SELECT type, name FROM sqlite_master WHERE type IN ('index', 'trigger') ORDER BY type, name"
    before = await ask(url, schema)
    _with_next_migration(tmp_path, monkeypatch, ALTER + "," + ALTER_LEDGER)
    await migrate(_next_config(url))
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
