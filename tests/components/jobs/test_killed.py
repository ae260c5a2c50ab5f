"""Workers are killed in the middle of their jobs: none is lost, and what they write is there once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from components.data.database import database, execute, fetch
from components.jobs.health import jobs_health
from components.jobs.queue import enqueue
from dashboard.schema import config
from tests.components.jobs.effects import EFFECTS, jobs

ROOT = Path(__file__).parents[3]
KILLS = int(os.environ.get("KABINET_TEST_KILLS", "6"))
AT_A_TIME = 20


def _hire(url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.components.jobs.crew", url],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def _crew(url: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    crew = [_hire(url), _hire(url)]
    try:
        yield crew
    finally:
        for each in crew:
            each.kill()
            each.wait()


async def _at_work() -> bool:
    return bool(await fetch("SELECT 1 AS one FROM job WHERE state = 'running'"))


async def test_no_job_is_lost_or_done_twice_however_often_workers_are_killed(database_url: str) -> None:
    async with database(config(database_url)):
        await execute(EFFECTS)
        asked = killed = 0
        with _crew(database_url) as crew:
            async with asyncio.timeout(60 + 10 * KILLS):
                while killed < KILLS or await jobs():
                    if killed < KILLS:
                        for order in range(asked, asked + AT_A_TIME):
                            await enqueue("count", order=order)
                        asked += AT_A_TIME
                    await asyncio.sleep(0.05 + killed % 6 * 0.05)
                    if killed < KILLS and await _at_work():
                        victim = killed % 2
                        crew[victim].send_signal(signal.SIGKILL)
                        crew[victim].wait()
                        crew[victim] = _hire(database_url)
                        killed += 1
            for each in crew:
                each.terminate()
            assert [each.wait(30) for each in crew] == [0, 0]
        found = Counter((each["id"], each["note"]) for each in await fetch("SELECT id, note FROM effect"))
        assert found == {(order, note): 1 for order in range(asked) for note in ("first", "second", "followed")}
        assert (await jobs_health()).dead_letters == ()
