"""Migrating a database that others use at the same moment: pages, and a second migration."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from components.data import migrating
from components.data.bulk import open_bulk
from components.data.database import database
from components.data.migrating import MigrationFailed, migrate, pending
from dashboard.schema import config
from tests.migrations.next_migration import ALTER, next_config, with_next_migration
from tests.support.databases import SAMPLES, Databases
from tests.support.fresh import fresh_url

PROGRAM = "import sys; from dashboard.cli import main; sys.exit(main(['migrate']))"


def _environment(url: str) -> dict[str, str]:
    return {
        **os.environ,
        "KABINET_DATABASE_URL": url,
        "KABINET_SECRET_KEY": "0123456789abcdef-only-for-the-tests",
        "KABINET_BASE_URL": "http://127.0.0.1:8000",
        "KABINET_OPERATOR_FILE": str(SAMPLES / "telecom" / "operator.toml"),
    }


async def test_of_two_that_migrate_at_once_one_waits_and_both_are_content(databases: Databases) -> None:
    url = fresh_url(databases)
    started = [
        subprocess.Popen(  # noqa: ASYNC220
            [sys.executable, "-c", PROGRAM],
            env=_environment(url),
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told = [process.communicate(timeout=60) for process in started]
    assert [process.returncode for process in started] == [0, 0], told
    said = sorted(out for out, _ in told)
    assert said[0].startswith("applied 0001_initial")
    assert said[1] == "nothing to do\n"
    async with database(config(url)):
        assert await pending(config(url)) == []


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "LOCK_SECONDS", 1)
    monkeypatch.setattr(migrating, "PAUSE", 0.1)


async def test_a_migration_does_not_make_pages_queue_behind_it(
    postgres_databases: Databases, impatient: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gives up waiting for a table after a moment, so that who came later gets through; then it tries again."""
    url = postgres_databases.filled("telecom")
    with_next_migration(tmp_path, monkeypatch, ALTER)
    async with open_bulk(config(url)) as reading, open_bulk(config(url)) as later:
        async with reading.snapshot():
            await reading.number("SELECT count(*) FROM account")
            waiting = asyncio.create_task(migrate(next_config(url)))
            await asyncio.sleep(0.3)
            began = monotonic()
            await later.number("SELECT count(*) FROM account")
            assert monotonic() - began < 1.5
            assert not waiting.done()
        assert await waiting == ["9999_next"]


async def test_a_migration_that_never_gets_its_table_gives_up_and_says_so(
    postgres_databases: Databases, impatient: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres_databases.filled("telecom")
    monkeypatch.setattr(migrating, "TRIES", 2)
    with_next_migration(tmp_path, monkeypatch, ALTER)
    async with open_bulk(config(url)) as reading, reading.snapshot():
        await reading.number("SELECT count(*) FROM account")
        with pytest.raises(MigrationFailed, match="quieter time"):
            await migrate(next_config(url))


async def test_a_writer_that_takes_its_time_is_waited_for(
    sqlite_databases: Databases, impatient: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sqlite_databases.filled("telecom")
    with_next_migration(tmp_path, monkeypatch, ALTER)
    chosen = next_config(url)
    chosen["connections"]["default"]["credentials"]["busy_timeout"] = 100
    async with open_bulk(config(url)) as bulk:
        async with bulk.transaction():
            await bulk.execute("UPDATE customer SET city = 'Тараз'")
            waiting = asyncio.create_task(migrate(chosen))
            await asyncio.sleep(0.5)
            assert not waiting.done()
        assert await waiting == ["9999_next"]
        assert await bulk.number("SELECT count(*) FROM customer WHERE city <> 'Тараз'") == 0
