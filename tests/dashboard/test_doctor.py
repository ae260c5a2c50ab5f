"""The doctor is content with what is well, and names what is not: each thing is broken once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from components.data import clock
from components.data.bulk import Bulk, open_bulk
from components.data.database import database, execute
from components.data.operator import Operator
from components.data.settings import Settings
from dashboard.cli import main
from dashboard.doctor import examining, machine, money, running
from dashboard.doctor.examining import examine
from dashboard.doctor.finding import Finding, fault
from dashboard.schema import config
from tests.support.client import settings_for
from tests.support.databases import SAMPLES, Databases, elsewhere, operator_of
from tests.support.fresh import fresh_url

KEY = "9f2c81d07be64a35c0f7719e2ab8d4c6"


def _settings(url: str, **others: Any) -> Settings:
    return settings_for(url).model_copy(update={"secret_key": SecretStr(KEY), **others})


async def examined(url: str, operator: Operator | None = None, **settings: Any) -> dict[str, Finding]:
    """What is found, by name."""
    found = examine(_settings(url, **settings), operator or operator_of("telecom"))
    return {each.name: each async for each in found}


async def test_it_is_content_with_a_fresh_import(filled_url: str) -> None:
    found = await examined(filled_url)
    assert {name for name, each in found.items() if each.level != "ok"} == {"worker", "mail"}
    assert found["worker"].told.startswith("no worker runs (none ever was)")
    assert {"balances", "postings", "documents", "debts", "indexes", "append-only", "migrations", "clock"} <= set(found)


# The money.

BREAKS = {
    "postings": "INSERT INTO ledger_entry (transaction_id, account_id, book, amount)"
    " SELECT id, account_id, 'vat', 5 FROM ledger_transaction WHERE source_key = 'opening:4445'",
    "balances": "UPDATE account_position SET balance = balance + 1"
    " WHERE account_id = (SELECT id FROM account WHERE number = '4445')",
    "documents": "UPDATE invoice_line SET total = total + 1, net = net + 1"
    " WHERE id = (SELECT min(id) FROM invoice_line)",
    "posted documents": "UPDATE invoice SET total = total + 1, net = net + 1"
    " WHERE id = (SELECT min(id) FROM invoice WHERE kind = 'invoice')",
    "posted payments": "UPDATE payment SET amount = amount + 1 WHERE id = (SELECT min(id) FROM payment)",
    "what is paid": "UPDATE allocation SET amount = amount - 1 WHERE id = (SELECT min(id) FROM allocation)",
    "debts": "UPDATE account_position SET due = due + 1"
    " WHERE account_id = (SELECT id FROM account WHERE number = '4445')",
}


@pytest.mark.parametrize("name", sorted(BREAKS))
async def test_each_proof_names_what_breaks_it(filled_url: str, name: str) -> None:
    async with open_bulk(config(filled_url)) as bulk:
        assert await bulk.execute(BREAKS[name]) == 1
        found = {each.name: each for each in await money.money(bulk)}
        assert found[name].level == "fault"
        assert ": " in found[name].told
        if name in ("balances", "debts"):
            assert found[name].told.endswith(": 4445")


async def test_a_posting_without_entries_is_named(filled_url: str) -> None:
    async with open_bulk(config(filled_url)) as bulk:
        await bulk.execute(
            "INSERT INTO ledger_transaction (account_id, source_key, kind, occurred_on, recorded_at)"
            " SELECT min(id), 'half:1', 'opening', :day, :at FROM account",
            day=clock.now().date(),
            at=clock.now(),
        )
        found = {each.name: each for each in await money.money(bulk)}
        assert found["postings"].told.endswith(": half:1")


async def test_many_are_counted_and_few_are_named(filled_url: str) -> None:
    async with open_bulk(config(filled_url)) as bulk:
        count = await bulk.execute("UPDATE account_position SET balance = balance + 1")
        found = {each.name: each for each in await money.money(bulk)}
        assert found["balances"].told.endswith(f" and {count - money.SHOWN} more")


# The structure.


async def _unguard(bulk: Bulk) -> None:
    if bulk.dialect == "sqlite":
        await bulk.execute("DROP TRIGGER ledger_entry_no_update")
    else:
        await bulk.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_append_only")


async def test_a_ledger_that_can_be_changed_is_a_fault(filled_url: str) -> None:
    async with open_bulk(config(filled_url)) as bulk:
        await _unguard(bulk)
    found = (await examined(filled_url))["append-only"]
    assert found.level == "fault"
    assert "ledger_entry (update)" in found.told


async def test_a_missing_index_is_a_fault(filled_url: str) -> None:
    async with open_bulk(config(filled_url)) as bulk:
        await bulk.execute("DROP INDEX ledger_entry_transaction_id")
    found = (await examined(filled_url))["indexes"]
    assert (found.level, found.told) == ("fault", "missing on ledger_entry (transaction_id)")


async def test_missing_migrations_come_first(filled_url: str) -> None:
    async with open_bulk(config(filled_url)) as bulk:
        await bulk.execute("DELETE FROM tortoise_migrations WHERE name > '0002'")
    found = await examined(filled_url)
    assert found["migrations"].level == "fault"
    assert found["migrations"].advice == "run: kabinet migrate"
    assert "balances" not in found


async def test_a_database_of_a_newer_version_is_a_fault(filled_url: str) -> None:
    async with open_bulk(config(filled_url)) as bulk:
        await bulk.execute(
            "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('kabinet', '9999_next', :at)",
            at=clock.now(),
        )
    assert "9999_next was made by a newer Kabinet" in (await examined(filled_url))["migrations"].told


async def test_a_database_without_a_schema_lacks_all_migrations(databases: Databases) -> None:
    assert "the first is 0001_initial" in (await examined(fresh_url(databases)))["migrations"].told


async def test_a_damaged_file_is_a_fault(sqlite_databases: Databases) -> None:
    url = sqlite_databases.filled("telecom")
    path = Path(url.removeprefix("sqlite://"))
    async with open_bulk(config(url)) as bulk:
        await bulk.fetch("PRAGMA wal_checkpoint(TRUNCATE)")
        root = await bulk.number("SELECT rootpage FROM sqlite_master WHERE name = 'ledger_entry_transaction_id'")
        size = await bulk.number("PRAGMA page_size")
    with path.open("r+b") as file:  # noqa: ASYNC230
        file.seek((root - 1) * size)
        file.write(b"\xff" * 200)
    assert (await examined(url))["file"].level == "fault"


# What should happen by itself.


async def test_old_data_is_noticed(filled_url: str) -> None:
    long_ago = clock.now() - timedelta(hours=49)
    async with open_bulk(config(filled_url)) as bulk:
        await bulk.execute("UPDATE import_run SET finished_at = :at", at=long_ago)
    found = (await examined(filled_url))["age of data"]
    assert (found.level, found.told) == ("notice", "the last import was 49 hours ago")
    patient = operator_of("telecom").model_copy(update={"data_age_hours": 50})
    assert (await examined(filled_url, patient))["age of data"].level == "ok"


async def test_no_data_is_noticed(database_url: str) -> None:
    assert (await examined(database_url))["age of data"].told == "nothing was imported yet"


JOB = (
    "INSERT INTO job (name, payload, state, due_at, error, created_at, changed_at)"
    " VALUES ('balance.changed', '{}', :state, :due, :error, :at, :at)"
)


async def test_dead_letters_are_noticed(filled_url: str) -> None:
    async with open_bulk(config(filled_url)) as bulk:
        await bulk.execute(JOB, state="dead", due=None, error="no such host", at=clock.now())
    found = (await examined(filled_url))["dead letters"]
    assert found.level == "notice"
    assert "1 jobs were given up, the latest is balance.changed" in found.told
    assert "no such host" in found.told


async def test_work_that_nobody_does_is_a_fault(filled_url: str) -> None:
    async with open_bulk(config(filled_url)) as bulk:
        due = clock.now() - timedelta(minutes=6)
        await bulk.execute(JOB, state="waiting", due=due, error="", at=due)
        found = await examined(filled_url)
        assert found["worker"].level == "fault"
        assert "1 waiting" in found["worker"].told
        await bulk.execute("INSERT INTO worker (name, since, beat_at) VALUES ('one', :at, :at)", at=clock.now())
    found = await examined(filled_url)
    assert (found["worker"].level, found["worker"].advice) == ("notice", "start another worker")


async def test_a_clock_that_goes_wrong_is_a_fault(filled_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    true = clock.now
    async with open_bulk(config(filled_url)) as bulk:
        monkeypatch.setattr(running.clock, "now", lambda: true() + timedelta(seconds=8))
        (found,) = await running.clocks(bulk)
        assert (found.level, found.told) == ("fault", "8 s away from the database's")
        monkeypatch.setattr(running.clock, "now", lambda: true() - timedelta(seconds=3))
        (found,) = await running.clocks(bulk)
        assert found.level == "ok"


async def test_the_demos_people_on_an_operators_database_are_noticed(own_url: str) -> None:
    assert (await examined(own_url))["sample data"].level == "notice"
    assert "sample data" not in await examined(own_url, demo=True)


async def test_a_database_that_is_away_is_a_fault_and_the_rest_is_still_examined(tmp_path: Path) -> None:
    for url in (f"postgres://postgres@/none?host={tmp_path}", f"sqlite://{tmp_path}/nowhere/kabinet.db"):
        found = await examined(url)
        assert found["database"].level == "fault"
        assert found["secret key"].level == "ok"


async def test_what_can_not_be_examined_is_a_fault_and_the_rest_is_examined(
    filled_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(bulk: Bulk) -> list[Finding]:
        raise ZeroDivisionError("no")

    monkeypatch.setattr(examining, "clocks", broken)
    found = await examined(filled_url)
    assert found["clock"].told == "can't be examined: ZeroDivisionError: no"
    assert found["balances"].level == "ok"


# The machine. No database is asked.

URL = "sqlite:///nowhere/kabinet.db"


@pytest.mark.parametrize(
    ("key", "level"),
    [
        (KEY, "ok"),
        ("change-me-to-32-random-characters", "fault"),
        ("0123456789abcdef0123456789abcdef", "fault"),
        ("abcabcabcabcabcabcdefghabcabcabcabc", "fault"),
    ],
)
def test_a_key_that_can_be_guessed_is_a_fault(key: str, level: str) -> None:
    assert next(machine.secrets(_settings(URL, secret_key=SecretStr(key)))).level == level


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("postgres://kabinet:x@db.internal/kabinet", ["secret key", "connection"]),
        ("postgres://kabinet:x@db.internal/kabinet?ssl=require", ["secret key"]),
        ("postgres://kabinet@127.0.0.1/kabinet", ["secret key"]),
        ("postgres://kabinet@%2Frun%2Fpostgresql/kabinet", ["secret key"]),
    ],
)
def test_a_password_sent_in_the_clear_is_noticed(url: str, named: list[str]) -> None:
    assert [each.name for each in machine.secrets(_settings(url, database_url=SecretStr(url)))] == named


def test_a_place_that_can_not_be_written_to_is_a_fault(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/gone/kabinet.db"
    found = {each.name: each for each in machine.writable(_settings(url, database_url=SecretStr(url)))}
    assert found["place for database"].level == "fault"
    assert found["place for temporary files"].level == "ok"


def test_a_database_that_everybody_can_read_is_noticed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    path = tmp_path / "kabinet.db"
    path.touch(0o644)
    settings = _settings(f"sqlite://{path}", database_url=SecretStr(f"sqlite://{path}"))
    assert [each.level for each in machine.writable(settings)] == ["ok", "ok", "notice"]
    path.chmod(0o640)
    assert [each.level for each in machine.writable(settings)] == ["ok", "ok"]


@pytest.mark.parametrize(("free", "level"), [(10**11, "ok"), (10**9, "notice"), (10**7, "fault")])
def test_little_room_is_told(free: int, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: _Usage(free))
    assert {each.level for each in machine.room(_settings(URL))} == {level}


class _Usage:
    def __init__(self, free: int) -> None:
        self.free = free


def test_old_data_about_time_zones_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    operator = operator_of("telecom")
    assert next(machine.time_zones(operator)).level == "ok"
    zone = machine.ZoneInfo
    monkeypatch.setattr(machine, "ZoneInfo", lambda _: zone("Asia/Bishkek"))  # still six hours ahead
    assert next(machine.time_zones(operator)).level == "fault"


async def _mail_server(greeting: bytes) -> asyncio.Server:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()
        writer.close()

    return await asyncio.start_server(greet, "127.0.0.1", 0)


@pytest.mark.parametrize(("greeting", "level"), [(b"220 mail.example\r\n", "ok"), (b"SSH-2.0\r\n", "fault")])
async def test_a_mail_server_is_known_by_its_greeting(greeting: bytes, level: str) -> None:
    server = await _mail_server(greeting)
    async with server:
        port = server.sockets[0].getsockname()[1]
        (found,) = await machine.mail(_mailing(f"smtp://user:secret@127.0.0.1:{port}"))
    assert found.level == level
    assert "secret" not in str(found)


async def test_a_mail_server_that_is_not_there_is_a_fault() -> None:
    (found,) = await machine.mail(_mailing("smtp://127.0.0.1:1"))
    assert (found.level, "does not answer" in found.told) == ("fault", True)
    (found,) = await machine.mail(_mailing(None))
    assert (found.level, "KABINET_SMTP_URL is not set" in found.told) == ("notice", True)
    (found,) = await machine.mail(_mailing(None).model_copy(update={"demo": True}))
    assert found.level == "ok"


def _mailing(url: str | None) -> Settings:
    server = SecretStr(url) if url else None
    return settings_for("sqlite:///x.db").model_copy(update={"smtp_url": server})


async def _put(key: str, channel: str = "email", state: str = "waiting", error: str = "") -> None:
    await execute(
        "INSERT INTO message (key, channel, kind, receiver, language, text, state, error, created_at) "
        "VALUES (:key, :channel, 'invitation', 'madina@x.example', 'en', '', :state, :error, :then)",
        key=key,
        channel=channel,
        state=state,
        error=error,
        then=clock.now() - timedelta(minutes=40),
    )


async def test_letters_that_can_not_leave_are_told_with_what_to_do(database_url: str) -> None:
    """Nobody asks why an invitation did not come: the inviter thinks it did."""
    async with database(config(database_url)):
        assert {each.level for each in await running.messages(_mailing(None))} == {"ok"}
        await _put("one")
        await _put("two", error="the mail server x answered 451: later")
        await _put("three", "sms")
        mail, sms = await running.messages(_mailing(None))
        assert (mail.level, sms.level) == ("fault", "fault")
        assert mail.told == "2 wait, the oldest for 40 minutes; KABINET_SMTP_URL is not set"
        assert "KABINET_SMS_URL" in sms.told
        assert "set KABINET_SMTP_URL" in mail.advice
        mail, _ = await running.messages(_mailing("smtp://127.0.0.1:1"))
        assert (mail.level, "answered 451: later" in mail.told) == ("notice", True)
        await _put("four", state="failed", error="the mail server x answered 550: no such user")
        _, failed, _ = await running.messages(_mailing("smtp://127.0.0.1:1"))
        assert failed.level == "notice"
        assert "1 were given up" in failed.told
        assert "answered 550" in failed.told
        assert "madina" not in str(failed)


def test_a_finding_says_what_to_do() -> None:
    assert str(fault("clock", "8 s away", "let it be set")) == "fault  clock: 8 s away. Let it be set"


# The command.


@pytest.fixture
def command(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    url = databases.filled("telecom")
    for name, value in {
        "DATABASE_URL": url,
        "SECRET_KEY": KEY,
        "BASE_URL": "http://127.0.0.1:8000",
        "OPERATOR_FILE": str(SAMPLES / "telecom" / "operator.toml"),
    }.items():
        monkeypatch.setenv(f"KABINET_{name}", value)

    def run(*arguments: str, first: str = "") -> int:
        if first:
            elsewhere(_execute(url, first))
        return main(arguments)

    return run


async def _execute(url: str, sql: str) -> None:
    async with open_bulk(config(url)) as bulk:
        await bulk.execute(sql)


def test_the_exit_code_tells(command: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert command("doctor") == 0
    told = capsys.readouterr().out
    assert "ok     balances: every balance equals its entries\n" in told
    assert told.endswith("The doctor is content; 2 notices.\n")
    assert command("doctor", first=BREAKS["balances"]) == 1
    told, refused = capsys.readouterr()
    assert "fault  balances: not so that every balance equals its entries: 4445" in told
    assert refused == "1 faults, 2 notices\n"


def test_a_program_can_read_it(command: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert command("doctor", "--json", first="DROP INDEX ledger_entry_transaction_id") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["faults"] == 1
    assert {"name", "level", "told", "advice"} == set(told["findings"][0])


def test_backup_and_restore_as_commands(
    command: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "some.backup"
    assert command("backup", str(path)) == 0
    assert f"{path}: " in capsys.readouterr().out
    assert command("restore", str(path)) == 1
    assert capsys.readouterr().err.startswith("Nothing was restored: the database is not empty")
    assert command("restore", str(path), "--replace") == 0
    assert "counts and sums are those of the backup" in capsys.readouterr().out
    assert command("doctor") == 0
    assert command("backup", str(tmp_path / "nowhere" / "some.backup")) == 1
