"""A disk without space: a clear word, nothing half done. A limit on the size of files stands in for the full disk."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from components.data.backup_file import examine
from tests.support.contents import contents
from tests.support.databases import SAMPLES, Databases
from tests.support.fresh import fresh_url

SAID = "There is no space left to write to"


def kabinet(url: str, limit: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a command that may write no file beyond ``limit`` bytes."""
    program = f"import sys; from dashboard.cli import main; sys.exit(main({list(arguments)!r}))"
    environment = {
        **os.environ,
        "KABINET_DATABASE_URL": url,
        "KABINET_SECRET_KEY": "0123456789abcdef-only-for-the-tests",
        "KABINET_BASE_URL": "http://127.0.0.1:8000",
        "KABINET_OPERATOR_FILE": str(SAMPLES / "telecom" / "operator.toml"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )


def _names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


async def test_a_backup_leaves_no_half_file_and_keeps_the_last_one(filled_url: str, tmp_path: Path) -> None:
    path = tmp_path / "some.backup"
    assert kabinet(filled_url, 100_000_000, "backup", str(path)).returncode == 0
    whole = path.read_bytes()
    outcome = kabinet(filled_url, len(whole) // 2, "backup", str(path))
    assert (outcome.returncode, outcome.stderr[: len(SAID)]) == (1, SAID), outcome.stderr
    assert _names(tmp_path) == [path.name]
    assert path.read_bytes() == whole
    examine(path)


@pytest.mark.parametrize("beyond", [100_000, 1_000_000, 4_000_000])
async def test_an_import_leaves_nothing(sqlite_databases: Databases, beyond: int) -> None:
    """It may run out while it stages and while it merges."""
    url = sqlite_databases.empty()
    before = await contents(url)
    size = Path(url.removeprefix("sqlite://")).stat().st_size  # noqa: ASYNC240
    outcome = kabinet(url, size + beyond, "import", str(SAMPLES / "telecom"))
    assert outcome.returncode == 1
    assert SAID in outcome.stderr, outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert await contents(url) == before
    assert kabinet(url, 1_000_000_000, "import", str(SAMPLES / "telecom")).returncode == 0


async def test_a_restore_leaves_the_database_as_it_was(sqlite_databases: Databases, tmp_path: Path) -> None:
    path = tmp_path / "some.backup"
    assert kabinet(sqlite_databases.filled("telecom"), 100_000_000, "backup", str(path)).returncode == 0
    url = sqlite_databases.filled("housing")
    before = await contents(url)
    size = Path(url.removeprefix("sqlite://")).stat().st_size  # noqa: ASYNC240
    outcome = kabinet(url, size + 1_000_000, "restore", str(path), "--replace")
    assert (outcome.returncode, outcome.stderr[: len(SAID)]) == (1, SAID), outcome.stderr
    assert await contents(url) == before


async def test_a_migration_leaves_nothing(sqlite_databases: Databases) -> None:
    url = fresh_url(sqlite_databases)
    outcome = kabinet(url, 100_000, "migrate")
    assert (outcome.returncode, outcome.stderr[: len(SAID)]) == (1, SAID), outcome.stderr
    assert await contents(url) == {}
    assert kabinet(url, 100_000_000, "migrate").returncode == 0
