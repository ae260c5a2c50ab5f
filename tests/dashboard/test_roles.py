"""Two roles on PostgreSQL: the one that serves does all the cabinet does, and changes nothing that only grows."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from urllib.parse import quote

import asyncpg
import pytest

from components.data.bulk import open_bulk
from components.data.database import database
from components.jobs.worker import Worker
from dashboard.cli import main
from dashboard.commands.known import known
from dashboard.doctor.examining import examine
from dashboard.schema import config
from dashboard.working import work_meanwhile
from tests.support.cast import PASSWORD
from tests.support.client import SECRET, open_cabinet
from tests.support.contents import ask
from tests.support.databases import SAMPLES, Databases, elsewhere
from users.hierarchy.opening import open_cabinet as open_for

OWNER, SERVES = "kabinet_owner", "kabinet serves"
GROWING = ("journal", "journal_seal", "ledger_entry", "ledger_transaction")
_NUMBERS = count()


@pytest.fixture
def urls(postgres_databases: Databases, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A database that belongs to a role of its own, and the settings of an installation on it."""
    place, name = postgres_databases.place, f"roles_{next(_NUMBERS)}"
    elsewhere(_prepare(place, name))
    found = {
        "owner": f"postgres://{OWNER}@/{name}?host={place}",
        "serves": f"postgres://{quote(SERVES)}@/{name}?host={place}",
        "root": postgres_databases.url(name),
    }
    for key, value in {
        "DATABASE_URL": found["serves"],
        "MIGRATION_DATABASE_URL": found["owner"],
        "SECRET_KEY": SECRET,
        "BASE_URL": "http://127.0.0.1:8000",
        "OPERATOR_FILE": str(SAMPLES / "telecom" / "operator.toml"),
    }.items():
        monkeypatch.setenv(f"KABINET_{key}", value)
    return found


async def _prepare(place: str, name: str) -> None:
    connection = await asyncpg.connect(host=place, user="postgres", database="postgres")
    try:
        for role in (OWNER, SERVES):
            if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
                await connection.execute(f'CREATE ROLE "{role}" LOGIN')
        await connection.execute(f'CREATE DATABASE {name} OWNER "{OWNER}"')
    finally:
        await connection.close()


def _run(*arguments: str) -> None:
    """A command in a thread: it begins an event loop of its own."""

    async def ran() -> int:
        return await asyncio.to_thread(main, arguments)

    assert elsewhere(ran()) == 0, arguments


@pytest.fixture
def installed(urls: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    _run("migrate")
    _run("import", str(SAMPLES / "telecom"))
    elsewhere(_open(urls["serves"]))
    return urls


async def _open(url: str) -> None:
    async with database(config(url)):
        await open_for("4445", None, PASSWORD)


async def _use(url: str) -> None:
    """Signing in, pages, a form, and what a worker seals, as the role that serves."""
    async with open_cabinet(url) as cabinet, work_meanwhile(config(url), Worker(hands=1)):
        browser = cabinet.visitor()
        answer = await browser.post("/sign-in", {"login": "4445", "password": PASSWORD})
        assert (answer.status, answer.header("location")) == (303, "/")
        for path in ("/", "/invoices", "/payments", "/services", "/journal", "/profile", "/users"):
            assert (await browser.get(path)).status == 200, path
        assert (await browser.post("/journal/verification")).status == 303
        assert (await browser.post("/sign-out")).status == 303


async def test_the_role_that_serves_works_and_cannot_change_what_only_grows(installed: dict[str, str]) -> None:
    await _use(installed["serves"])
    async with open_bulk(config(installed["serves"])) as bulk:
        for table in GROWING:
            column = "act" if table == "journal" else "hash" if table == "journal_seal" else "id"
            for statement in (
                f"UPDATE {table} SET {column} = {column}",
                f"DELETE FROM {table}",
                f"TRUNCATE {table} CASCADE",
                f"ALTER TABLE {table} DISABLE TRIGGER ALL",
                f"DROP TRIGGER {table}_append_only ON {table}",
                f'ALTER TABLE {table} OWNER TO "{SERVES}"',
                f"DROP TABLE {table}",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await bulk.execute(statement)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await bulk.execute("SET session_replication_role = replica")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await bulk.execute("DELETE FROM tortoise_migrations")
        assert await bulk.number("SELECT count(*) FROM journal") > 0


def test_imports_backups_and_restores_go_on_as_documented(
    installed: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run("import", str(SAMPLES / "telecom"))
    elsewhere(_use(installed["serves"]))
    file = str(tmp_path / "one.backup")
    _run("backup", file)
    _run("restore", file, "--replace")
    _run("migrate")
    _run("journal", "verify")
    elsewhere(_use(installed["serves"]))
    capsys.readouterr()
    assert elsewhere(_doctor()) == ["ok     serving role: kabinet serves can only add to the journal and the ledger"]


def test_a_restore_into_a_new_database_gives_the_rights_too(
    installed: dict[str, str], postgres_databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(tmp_path / "one.backup")
    _run("backup", file)
    name = f"roles_{next(_NUMBERS)}"
    elsewhere(_prepare(postgres_databases.place, name))
    for key, role in (("DATABASE_URL", quote(SERVES)), ("MIGRATION_DATABASE_URL", OWNER)):
        monkeypatch.setenv(f"KABINET_{key}", f"postgres://{role}@/{name}?host={postgres_databases.place}")
    _run("restore", file)
    elsewhere(_use(f"postgres://{quote(SERVES)}@/{name}?host={postgres_databases.place}"))


def test_the_doctor_says_when_the_role_could_change_the_journal(installed: dict[str, str]) -> None:
    elsewhere(_execute(installed["owner"], f'GRANT UPDATE ON journal TO "{SERVES}"'))
    (found,) = elsewhere(_doctor())
    assert found == "fault  serving role: kabinet serves could change journal. Run: kabinet migrate"
    _run("migrate")
    (found,) = elsewhere(_doctor())
    assert found.startswith("ok")


async def _execute(url: str, statement: str) -> None:
    async with open_bulk(config(url)) as bulk:
        await bulk.execute(statement)


async def _doctor() -> list[str]:
    settings, operator = known()
    return [str(each) async for each in examine(settings, operator) if each.name == "serving role"]


def test_one_role_keeps_everything(urls: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The restore needs it, and there is nobody else to hold."""
    monkeypatch.setenv("KABINET_DATABASE_URL", urls["owner"])
    _run("migrate")
    ((may,),) = elsewhere(ask(urls["owner"], "SELECT has_table_privilege('journal', 'TRUNCATE')"))
    assert may is True
    monkeypatch.delenv("KABINET_MIGRATION_DATABASE_URL")
    _run("migrate")
