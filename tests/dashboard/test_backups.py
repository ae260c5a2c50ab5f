"""A backup of one database becomes another, of either kind: the same rows, the same sums, a content doctor."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from billing.ledger.proofs import PROOFS, SUMS
from components.data import backing_up
from components.data.backing_up import back_up
from components.data.backup_file import BackupRefused, End, examine
from components.data.bulk import open_bulk
from components.data.migrating import migrate
from dashboard.backups import LEFT_OUT, make_backup, restore_backup
from dashboard.doctor.money import prove
from dashboard.doctor.structure import structure
from dashboard.imports.locking import only_import
from dashboard.imports.report import ImportBusy
from dashboard.schema import config
from tests.migrations.next_migration import next_config, with_next_migration
from tests.support.contents import ask, contents
from tests.support.databases import Databases
from tests.support.fresh import fresh_url

NOT_COMPARED = (*LEFT_OUT, "tortoise_migrations", "journal")


@pytest.fixture
def other_databases(databases: Databases, request: pytest.FixtureRequest) -> Databases:
    """Those of the other kind."""
    name = "postgres" if databases.dialect == "sqlite" else "sqlite"
    found: Any = request.getfixturevalue(f"{name}_databases")
    assert isinstance(found, Databases)
    return found


async def _sums(url: str) -> dict[str, int]:
    async with open_bulk(config(url)) as bulk:
        for each in PROOFS:
            assert (await prove(bulk, each)).level == "ok"
        return {name: await bulk.number(sql) for name, sql in SUMS.items()}


async def _rows(url: str) -> dict[str, list[list[Any]]]:
    """Every row; PostgreSQL keeps JSON and not its text, so that is compared as what it says."""
    return {
        name: [[_said(value) for value in row] for row in rows]
        for name, rows in (await contents(url, *NOT_COMPARED)).items()
    }


def _said(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


async def _filled_with_everything(url: str) -> None:
    """What the sample has none of: a file, JSON, a moment with its microseconds, letters of every kind, a job."""
    async with open_bulk(config(url)) as bulk:
        await bulk.execute(
            "INSERT INTO invoice_file (invoice_id, revision, language, sha256, size, content, created_at)"
            " SELECT min(id), 1, 'ru', 'x', 4, :content, :at FROM invoice",
            content=b"\x00\xff\n%",
            at=backing_up.clock.now(),
        )
        await bulk.execute(
            'INSERT INTO journal (at, actor, act, target, "after") '
            f"SELECT :at, :actor, :act, :target, {bulk.json(':told')}",
            at=backing_up.clock.now(),
            actor="a test",
            act="test.done",
            target='Őз «"\\ \n\t 🙂',
            told='{"name": "Әлия", "flag": true}',
        )


async def test_a_backup_becomes_the_same_database(
    databases: Databases, other_databases: Databases, own_url: str, tmp_path: Path
) -> None:
    """Into a new one of its own kind, into one of the other kind, and back again."""
    await _filled_with_everything(own_url)
    await make_backup(tmp_path / "first", own_url)
    same, other, back = fresh_url(databases), fresh_url(other_databases), fresh_url(databases)
    await restore_backup(tmp_path / "first", same, replace=False)
    await restore_backup(tmp_path / "first", other, replace=False)
    await make_backup(tmp_path / "second", other)
    await restore_backup(tmp_path / "second", back, replace=False)
    before = await _rows(own_url)
    assert await _rows(same) == before
    assert await _rows(back) == before
    assert await _sums(same) == await _sums(other) == await _sums(own_url)
    journal = "SELECT at, actor, act, target, \"after\" FROM journal WHERE act <> 'database.restored' ORDER BY id"
    told = [[[_said(value) for value in row] for row in await ask(url, journal)] for url in (own_url, back)]
    assert told[0] == told[1] != []


async def test_what_was_there_is_kept_unless_told_otherwise(own_url: str, tmp_path: Path) -> None:
    await make_backup(tmp_path / "backup", own_url)
    async with open_bulk(config(own_url)) as bulk:
        await bulk.execute("UPDATE customer SET city = 'Тараз'")
    before = await contents(own_url)
    with pytest.raises(BackupRefused, match="--replace"):
        await restore_backup(tmp_path / "backup", own_url, replace=False)
    assert await contents(own_url) == before
    await restore_backup(tmp_path / "backup", own_url, replace=True)
    assert await ask(own_url, "SELECT count(*) FROM customer WHERE city = 'Тараз'") == [(0,)]
    assert await ask(own_url, "SELECT count(*) FROM journal WHERE act = 'database.restored'") == [(1,)]


async def test_sign_ins_end_with_a_restore(own_url: str, tmp_path: Path) -> None:
    """One that was ended since the backup must not come back to life."""
    async with open_bulk(config(own_url)) as bulk:
        await bulk.execute(
            "INSERT INTO session (token_hash, user_id, created_at, seen_at, expires_at)"
            " SELECT 'x', min(id), :at, :at, :at FROM person",
            at=backing_up.clock.now(),
        )
    await make_backup(tmp_path / "backup", own_url)
    await restore_backup(tmp_path / "backup", own_url, replace=True)
    assert await ask(own_url, "SELECT count(*) FROM session") == [(0,)]


async def test_the_restored_ledger_is_guarded_and_goes_on_numbering(filled_url: str, tmp_path: Path) -> None:
    await make_backup(tmp_path / "backup", filled_url)
    async with open_bulk(config(filled_url)) as bulk:
        before = await structure(bulk)
    await restore_backup(tmp_path / "backup", filled_url, replace=True)
    async with open_bulk(config(filled_url)) as bulk:
        assert await structure(bulk) == before
        for act in ("DELETE FROM ledger_entry", "UPDATE ledger_transaction SET kind = 'x'"):
            with pytest.raises(Exception, match="append-only"):
                await bulk.execute(act)
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            await bulk.execute("DELETE FROM account WHERE number = '4445'")
        highest = await bulk.number("SELECT max(id) FROM customer")
        await bulk.execute("INSERT INTO customer (number, kind, name) VALUES ('new', 'person', 'Zere')")
        assert await bulk.number("SELECT id FROM customer WHERE number = 'new'") == highest + 1


async def test_a_number_that_was_given_once_is_never_given_again(
    databases: Databases, filled_url: str, tmp_path: Path
) -> None:
    """Also where its row was gone before the backup."""
    async with open_bulk(config(filled_url)) as bulk:
        await bulk.execute("INSERT INTO customer (number, kind, name) VALUES ('gone', 'person', 'Zere')")
        gone = await bulk.number("SELECT id FROM customer WHERE number = 'gone'")
        await bulk.execute("DELETE FROM customer WHERE number = 'gone'")
    await make_backup(tmp_path / "backup", filled_url)
    url = fresh_url(databases)
    await restore_backup(tmp_path / "backup", url, replace=False)
    async with open_bulk(config(url)) as bulk:
        await bulk.execute("INSERT INTO customer (number, kind, name) VALUES ('new', 'person', 'Zere')")
        assert await bulk.number("SELECT id FROM customer WHERE number = 'new'") == gone + 1


async def test_what_is_written_during_a_backup_is_not_in_it(
    filled_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A posting whose one half were in the backup would make it worthless."""
    stream = backing_up._write_table

    async def written_between(bulk: Any, writer: Any, table: Any) -> int:
        async with open_bulk(config(filled_url)) as other:
            await other.execute(f"INSERT INTO customer (number, kind, name) VALUES ('{table.name}', 'person', 'Zere')")
        return int(await stream(bulk, writer, table))

    before = await ask(filled_url, "SELECT count(*) FROM customer")
    monkeypatch.setattr(backing_up, "_write_table", written_between)
    end = await make_backup(tmp_path / "backup", filled_url)
    assert [(end.rows["customer"],)] == before
    assert (await ask(filled_url, "SELECT count(*) FROM customer"))[0][0] > before[0][0] + 10


@pytest.fixture
async def damaged(filled_url: str, tmp_path: Path) -> Path:
    path = tmp_path / "backup"
    await make_backup(path, filled_url)
    path.write_bytes(path.read_bytes()[:-100])
    return path


async def test_a_backup_cut_short_touches_nothing(filled_url: str, damaged: Path) -> None:
    before = await contents(filled_url)
    with pytest.raises(BackupRefused, match="cut short"):
        await restore_backup(damaged, filled_url, replace=True)
    assert await contents(filled_url) == before


@pytest.mark.parametrize("what", ["rows", "sums"])
async def test_a_restore_that_comes_to_other_figures_is_taken_back(
    filled_url: str, tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_backup(tmp_path / "backup", filled_url)
    before = await contents(filled_url)
    good = examine(tmp_path / "backup")
    if what == "rows":
        good.end.rows["payment"] += 1
    else:
        good.beginning.sums["the sum of payments"] += 1
    monkeypatch.setattr("dashboard.backups.examine", lambda path: good)
    with pytest.raises(BackupRefused, match="the backup says"):
        await restore_backup(tmp_path / "backup", filled_url, replace=True)
    assert await contents(filled_url) == before


async def test_rows_that_point_to_nothing_are_refused(filled_url: str, tmp_path: Path) -> None:
    """As if made by a program with a fault: the file is whole, its rows do not fit together."""
    async with open_bulk(config(filled_url)) as bulk:
        await back_up(bulk, tmp_path / "backup", [*LEFT_OUT, "customer"], {})
    before = await contents(filled_url)
    with pytest.raises(BackupRefused, match="point to nothing"):
        await restore_backup(tmp_path / "backup", filled_url, replace=True)
    assert await contents(filled_url) == before


async def test_no_restore_during_an_import(filled_url: str, tmp_path: Path) -> None:
    """It would merge what it compared with rows that are no more."""
    await make_backup(tmp_path / "backup", filled_url)
    async with open_bulk(config(filled_url)) as bulk, only_import(bulk, config(filled_url), "export"):
        with pytest.raises(ImportBusy):
            await restore_backup(tmp_path / "backup", filled_url, replace=True)


async def test_a_backup_waits_for_no_writer_and_no_writer_for_it(filled_url: str, tmp_path: Path) -> None:
    async with open_bulk(config(filled_url)) as bulk, bulk.transaction():
        await bulk.execute("UPDATE customer SET city = 'Тараз'")
        assert isinstance(await asyncio.wait_for(make_backup(tmp_path / "backup", filled_url), 20), End)


async def test_a_database_without_a_schema_has_nothing_to_back_up(databases: Databases, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="no schema"):
        await make_backup(tmp_path / "backup", fresh_url(databases))
    assert not (tmp_path / "backup").exists()


# Backups of another version.


@pytest.fixture
def upgraded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program as its next version will be, with one more migration."""
    with_next_migration(
        tmp_path, monkeypatch, "ops.AddField('Customer', 'nickname', fields.CharField(max_length=40, null=True))"
    )
    monkeypatch.setattr("dashboard.backups.config", next_config)


async def test_an_older_backup_restores_into_an_empty_database_and_is_migrated(
    databases: Databases, filled_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    await make_backup(tmp_path / "backup", filled_url)
    request.getfixturevalue("upgraded")
    url = fresh_url(databases)
    await restore_backup(tmp_path / "backup", url, replace=False)
    assert await ask(url, "SELECT name FROM tortoise_migrations WHERE name = '9999_next'") == [("9999_next",)]
    assert len(await ask(url, "SELECT nickname FROM customer")) == 11
    assert await _sums(url) == await _sums(filled_url)


async def test_an_older_backup_is_refused_by_a_newer_schema(
    filled_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    await make_backup(tmp_path / "backup", filled_url)
    request.getfixturevalue("upgraded")
    await migrate(next_config(filled_url))
    before = await contents(filled_url)
    with pytest.raises(BackupRefused, match=r"lacks 1 of the migrations.*into a new, empty database"):
        await restore_backup(tmp_path / "backup", filled_url, replace=True)
    assert await contents(filled_url) == before


async def test_a_newer_backup_is_refused_by_an_older_program(
    filled_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        with_next_migration(
            tmp_path, newer, "ops.AddField('Customer', 'nickname', fields.CharField(max_length=40, null=True))"
        )
        await migrate(next_config(filled_url))
        await make_backup(tmp_path / "backup", filled_url)
    with pytest.raises(BackupRefused, match="newer than this one"):
        await restore_backup(tmp_path / "backup", filled_url, replace=True)


async def test_a_restore_needs_the_role_that_owns_the_tables(postgres_databases: Databases, tmp_path: Path) -> None:
    url = postgres_databases.filled("telecom")
    await make_backup(tmp_path / "backup", url)
    name = url.partition("@/")[2].partition("?")[0]
    owner = await asyncpg.connect(host=postgres_databases.place, user="postgres", database=name)
    await owner.execute(
        "DROP ROLE IF EXISTS serving; CREATE ROLE serving LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN"
        " SCHEMA public TO serving"
    )
    before = await contents(url)
    with pytest.raises(BackupRefused, match="KABINET_MIGRATION_DATABASE_URL"):
        await restore_backup(tmp_path / "backup", url.replace("postgres@", "serving@"), replace=True)
    assert await contents(url) == before
    await owner.execute("DROP OWNED BY serving; DROP ROLE serving")
    await owner.close()
