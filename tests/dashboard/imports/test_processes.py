"""Imports as processes: two at once, and one that is killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboard.imports.importing import import_folder
from tests.support.client import settings_for
from tests.support.contents import contents
from tests.support.databases import SAMPLES, Databases, operator_of
from tests.support.exports import Export

HOUSING = SAMPLES / "housing"
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def started() -> Iterator[Start]:
    """Starts ``kabinet import``; whatever still runs when the test is over is killed."""
    processes: list[subprocess.Popen[str]] = []

    def start(url: str, folder: Path, *options: str) -> subprocess.Popen[str]:
        processes.append(_started(url, folder, *options))
        return processes[-1]

    yield start
    for each in processes:
        if each.poll() is None:
            each.kill()
            each.communicate()


def _started(url: str, folder: Path, *options: str) -> subprocess.Popen[str]:
    settings = settings_for(url, sample="housing")
    environment = {
        **os.environ,
        "KABINET_DATABASE_URL": url,
        "KABINET_SECRET_KEY": settings.secret_key.get_secret_value(),
        "KABINET_BASE_URL": settings.base_url,
        "KABINET_OPERATOR_FILE": str(settings.operator_file),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "import", str(folder), *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _said(process: subprocess.Popen[str], phase: str) -> bool:
    """Whether the process came to that phase."""
    assert process.stderr
    return any(line.startswith(phase) for line in process.stderr)


def _ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    output, errors = process.communicate(timeout=60)
    return process.returncode, output + errors


def test_the_second_of_two_is_refused_and_the_next_is_not(started: Start, databases: Databases, tmp_path: Path) -> None:
    url = databases.empty()
    export = Export().write(tmp_path / "export")
    held = Export().drop("usage", "S1", "S2", "S3").write(tmp_path / "held")
    (held / "usage.csv").unlink()
    os.mkfifo(held / "usage.csv")  # the first import waits here for its usage
    first = started(url, held)
    assert _said(first, "reading")
    code, text = _ended(started(url, export))
    assert (code, "another import into this database is running; try again when it is done" in text) == (1, True)
    first.send_signal(signal.SIGKILL)
    _ended(first)
    code, text = _ended(started(url, export))
    assert code == 0, text
    assert "Imported in" in text


@pytest.mark.parametrize("phase", ["reading", "checking", "comparing", "merging"])
async def test_one_that_is_killed_leaves_nothing_behind(started: Start, phase: str, databases: Databases) -> None:
    url = databases.empty()
    before = await contents(url)
    process = started(url, HOUSING)
    assert _said(process, phase)
    time.sleep(random.random() * 0.05)  # noqa: ASYNC251, S311
    process.send_signal(signal.SIGKILL)
    _ended(process)
    report = await import_folder(HOUSING, url=url, operator=operator_of("housing"))
    if not report.changed:  # it was quicker than we were, and then it is there as a whole
        return
    assert all(each.changed == each.same == 0 for each in report.counts.values())
    assert before["import_run"] == []
    assert len((await contents(url))["import_run"]) == 1


def test_rows_left_out_do_not_fail_the_command(started: Start, sqlite_databases: Databases, tmp_path: Path) -> None:
    export = Export().set("payments", "P2", amount="x").write(tmp_path / "export")
    url = sqlite_databases.empty()
    code, text = _ended(started(url, export))
    assert (code, "Nothing was imported: 1 fault." in text) == (1, True)
    code, text = _ended(started(url, export, "--skip-bad-rows"))
    assert code == 0, text
    (rejects,) = tmp_path.glob("export-rejects-*")
    assert f"Left out: 1 row. Why, for each, is in {rejects}/rejects.txt:" in text
    assert f"kabinet import {rejects}" in text
    code, text = _ended(started(url, export, "--rejects", str(tmp_path / "elsewhere")))
    assert (code, "give both" in text) == (1, True)


def test_it_runs_at_low_priority(started: Start, sqlite_databases: Databases, tmp_path: Path) -> None:
    held = Export().drop("usage", "S1", "S2", "S3").write(tmp_path)
    (held / "usage.csv").unlink()
    os.mkfifo(held / "usage.csv")
    process = started(sqlite_databases.empty(), held)
    assert _said(process, "reading")
    assert os.getpriority(os.PRIO_PROCESS, process.pid) >= 10
    process.send_signal(signal.SIGKILL)
    _ended(process)
