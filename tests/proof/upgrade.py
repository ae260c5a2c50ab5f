"""From the version before to this one, with data, while people look at pages.

The old version's code comes out of git into a folder of its own; a link says which one the server's processes load.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from components.data.database import database, fetch
from dashboard.schema import config
from tests.bench.cabinets import Cabinet, seat
from tests.bench.processes import environment
from tests.proof.household import ROOT, Household, household, wait_until
from tests.proof.traffic import Traffic
from tests.support.databases import SAMPLES, Databases

PREVIOUS = ""  # the commit before the one that brought the newest migration
# Sums that an upgrade must not change, and all rows of tables that both versions have.
_SUMS = {
    "ledger": "SELECT count(*) AS n, coalesce(sum(amount), 0) AS s FROM ledger_entry",
    "customers' book": "SELECT count(*) AS n, coalesce(sum(amount), 0) AS s FROM ledger_entry WHERE book = 'customer'",
    "positions": "SELECT count(*) AS n, coalesce(sum(balance), 0) AS s FROM account_position",
    "documents": "SELECT count(*) AS n, coalesce(sum(total), 0) AS s FROM invoice",
    "lines": "SELECT count(*) AS n, coalesce(sum(total), 0) AS s FROM invoice_line",
    "payments": "SELECT count(*) AS n, coalesce(sum(amount), 0) AS s FROM payment",
    "usage": "SELECT count(*) AS n, coalesce(sum(incoming), 0) AS s FROM usage_interval",
    "people": "SELECT count(*) AS n, 0 AS s FROM person",
}


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def previous_commit() -> str:
    """The commit before the newest migration came."""
    newest = _git("log", "-1", "--diff-filter=A", "--format=%H", "--", "dashboard/migrations/0*.py")
    return f"{newest}~1"


def upgrade_under_traffic(databases: Databases, root: Path, previous: str) -> tuple[list[str], bool]:
    """What happened, in words, and whether nothing was lost and no answer was wrong."""
    commit = _git("rev-parse", previous or previous_commit())
    folder = root / f"upgrade-{databases.dialect}"
    folder.mkdir()
    old, current = _check_out(commit, folder), folder / "current"
    current.symlink_to(old)
    url = databases.url("upgrade")
    databases.create_bare("upgrade")
    _old_database(url, old, folder)
    cabinet = seat(databases.dialect, url)
    before = asyncio.run(_sums(url))
    with household(cabinet, folder, python_path=current) as home:
        home.start_server()
        with Traffic(cabinet, home.port) as traffic:
            time.sleep(1)
            took = _migrate(cabinet, folder)
            time.sleep(1)
            _renew(home, current)
            time.sleep(2)
    after = asyncio.run(_sums(url))
    good = before == after and not traffic.wrong and not traffic.away
    return [
        f"from {commit[:10]}: migrated in {took:.1f} s while {traffic.right} right pages were shown",
        f"broken connections {traffic.broken}, 503 {traffic.away}, wrong answers {len(traffic.wrong)}",
        f"rows and sums before and after are {'the same' if before == after else f'not the same: {before} {after}'}",
        *traffic.wrong[:5],
    ], good


def _check_out(commit: str, folder: Path) -> Path:
    old = folder / "old"
    old.mkdir()
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(old)], input=archive, check=True)
    shutil.copytree(ROOT / "static" / "packages", old / "static" / "packages")
    return old


def _old_database(url: str, old: Path, folder: Path) -> None:
    """Made and filled by the old version's own program."""
    for command in (["migrate"], ["import", str(SAMPLES / "telecom")]):
        _kabinet(url, old, folder, *command)


def _kabinet(url: str, code: Path, folder: Path, *command: str) -> None:
    env = environment(Cabinet("sqlite", url, {}), 8000) | {"PYTHONPATH": str(code)}
    run = [sys.executable, "-m", "dashboard.cli", *command]
    done = subprocess.run(run, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr[-2000:]}")


def _migrate(cabinet: Cabinet, folder: Path) -> float:
    began = time.monotonic()
    _kabinet(cabinet.url, ROOT, folder, "migrate")
    return time.monotonic() - began


def _renew(home: Household, current: Path) -> None:
    """As ``systemctl reload`` after an installation: the processes are replaced one by one."""
    fresh = current.with_name("fresh")
    fresh.symlink_to(ROOT)
    fresh.replace(current)
    before = set(home.children())
    assert home.server
    os.kill(home.server.pid, signal.SIGHUP)
    wait_until(lambda: len(home.children()) == 2 and not before & set(home.children()), 60, "new processes")


async def _sums(url: str) -> dict[str, tuple[int, int]]:
    async with database(config(url)):
        found = {}
        for name, sql in _SUMS.items():
            [row] = await fetch(sql)
            found[name] = (int(row["n"]), int(row["s"]))
        return found
