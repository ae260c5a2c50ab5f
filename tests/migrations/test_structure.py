"""Both databases have the same indexes, uniques and guards, however their tables came to be."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from components.data.bulk import open_bulk
from components.data.migrating import migrate
from dashboard.doctor.structure import Structure, structure
from dashboard.schema import config
from tests.migrations.next_migration import next_config, with_next_migration
from tests.support.databases import Databases


async def _structure(url: str) -> Structure:
    async with open_bulk(config(url)) as bulk:
        return await structure(bulk)


async def test_a_new_database_of_either_kind_has_the_same(
    sqlite_databases: Databases, postgres_databases: Databases
) -> None:
    sqlite, postgres = await _structure(sqlite_databases.empty()), await _structure(postgres_databases.empty())
    keys = {(table, ("id",)) for table, _ in postgres.indexes}  # SQLite has its own numbers for these, and no index
    assert postgres.indexes - sqlite.indexes <= keys
    assert sqlite.indexes <= postgres.indexes
    assert postgres.unique - sqlite.unique <= keys
    assert sqlite.unique <= postgres.unique
    assert sqlite.guards == postgres.guards
    assert ("membership", ("account_id", "email")) in sqlite.unique
    assert ("membership", ("user_id", "account_id")) in sqlite.unique


FIRST = """
ops.CreateModel(
    name="Thing",
    fields=[
        ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
        ("one", fields.IntField()),
        ("two", fields.IntField()),
        ("name", fields.CharField(max_length=10, unique=True)),
    ],
    options={"table": "thing", "app": "kabinet", "unique_together": (("one", "two"),), "pk_attr": "id"},
    bases=["Model"],
),
ops.RunSQL("CREATE INDEX thing_two ON thing (two, one) WHERE two > 0"),
ops.RunSQL("CREATE TRIGGER thing_no_delete BEFORE DELETE ON thing BEGIN SELECT RAISE(ABORT, 'append-only'); END"),
"""
REBUILD = "ops.AlterField('Thing', 'one', fields.BigIntField(null=True)),"
WITHOUT_NAME = "ops.RemoveField('Thing', 'name'),"


@pytest.mark.parametrize("more", ["", WITHOUT_NAME])
async def test_a_table_made_and_rebuilt_in_one_run_keeps_all_that_hangs_on_it(
    sqlite_databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    """Indexes, what must be unique and triggers that an earlier step of the same upgrade has made."""
    path = Path(sqlite_databases.place, f"rebuilt{bool(more)}.db")
    with_next_migration(tmp_path, monkeypatch, FIRST + REBUILD + more)
    await migrate(next_config(f"sqlite://{path}"))
    found = await _structure(f"sqlite://{path}")
    of_thing = {columns for table, columns in found.indexes if table == "thing"}
    unique = {columns for table, columns in found.unique if table == "thing"}
    assert of_thing == {("one", "two"), ("two", "one")} | (set() if more else {("name",)})
    assert unique == of_thing - {("two", "one")}
    assert ("thing", "DELETE") in found.guards
    name = "" if more else ", 'a'"
    with closing(sqlite3.connect(path)) as db:
        (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'thing_two'").fetchone()
        assert "WHERE two > 0" in sql
        columns = "one, two" + ("" if more else ", name")
        db.execute(f"INSERT INTO thing ({columns}) VALUES (1, 1{name})")
        for again in (f"INSERT INTO thing ({columns}) VALUES (1, 1{name.replace('a', 'b')})", "DELETE FROM thing"):
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(again)


async def test_a_rebuild_of_memberships_loses_nothing(
    sqlite_databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sqlite_databases.empty()
    before = await _structure(url)
    altered = (("Membership", "position"), ("Membership", "words"), ("Membership", "email"), ("Link", "purpose"))
    steps = [f"ops.AlterField('{model}', '{name}', fields.CharField(max_length=500))," for model, name in altered]
    with_next_migration(tmp_path, monkeypatch, "".join(steps))
    assert await migrate(next_config(url)) == ["9999_next"]
    assert await _structure(url) == before
