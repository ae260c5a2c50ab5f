"""The worker as it is run: a process of its own, or inside the demo's server."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from components.data.database import connection, database, execute, transaction
from components.jobs.handlers import HANDLERS
from components.jobs.health import jobs_counts, jobs_health
from components.jobs.queue import enqueue
from components.jobs.work import Work
from dashboard.app import make_app
from dashboard.schema import config
from tests.components.jobs.effects import EFFECTS, effects, jobs, leave_effect, until
from tests.support.client import SECRET, settings_for
from tests.support.databases import SAMPLES, operator_of


async def test_a_server_that_works_does_jobs_on_a_connection_of_its_own(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job's open transaction must not stop the pages of the same process."""
    begun, end = asyncio.Event(), asyncio.Event()
    connections: list[object] = []
    brands: list[str] = []
    monkeypatch.setattr(HANDLERS, "by_name", {})

    @HANDLERS.register("slow")
    async def slow(work: Work) -> None:
        connections.append(connection())
        brands.append(work.house.operator.brand.name)
        await leave_effect(work)
        begun.set()
        await end.wait()

    operator = operator_of("telecom")
    app = make_app(settings_for(own_url), operator, working=True)
    async with app.router.lifespan_context(app):
        await execute(EFFECTS)
        async with transaction():
            number = await enqueue("slow")
        async with asyncio.timeout(10):
            await begun.wait()
            assert await effects() == []  # a page reads meanwhile, and sees nothing that isn't committed
        assert connections[0] is not connection()
        assert brands == [operator.brand.name]
        end.set()
        await until(lambda: _is_done(number))
    async with database(config(own_url)):
        assert (await jobs_health()).last_beat is None, "it said that it goes"


async def _is_done(number: int) -> bool:
    return await jobs() == [] and await effects() == [number]


async def test_an_ordinary_server_leaves_jobs_to_the_worker(own_url: str) -> None:
    app = make_app(settings_for(own_url), operator_of("telecom"))
    async with app.router.lifespan_context(app):
        await enqueue("a")
        await asyncio.sleep(0.3)
        assert [each["state"] for each in await jobs()] == ["waiting"]


def _kabinet(url: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", *arguments],
        cwd=Path(__file__).parents[2],
        env={
            **os.environ,
            "KABINET_DATABASE_URL": url,
            "KABINET_SECRET_KEY": SECRET,
            "KABINET_BASE_URL": "http://127.0.0.1:8000",
            "KABINET_OPERATOR_FILE": str(SAMPLES / "telecom" / "operator.toml"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def test_the_worker_process_does_its_jobs_and_stops_when_told(own_url: str) -> None:
    async with database(config(own_url)):
        number = await enqueue("nobody.knows")
        process = _kabinet(own_url, "worker")
        try:
            # Its own housekeeping is done, and what nobody knows is put off with a reason.
            await until(lambda: _only_put_off(number), 30)
            assert len((await jobs_health()).workers) == 1
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            _, said = await asyncio.to_thread(process.communicate, timeout=20)
        finally:
            process.kill()
        assert process.returncode == 0, said
        assert time.monotonic() - began < 5
        assert '"job": "sessions.forget"' in said
        assert (await jobs_health()).workers == ()


async def _only_put_off(number: int) -> bool:
    return [(each["id"], each["state"], each["error"][:10]) for each in await jobs()] == [
        (number, "waiting", "no handler")
    ]


async def test_a_dead_job_is_listed_tried_again_and_forgotten(own_url: str) -> None:
    async with database(config(own_url)):
        number = await enqueue("mail.send")
        await execute("UPDATE job SET state = 'dead', due_at = NULL, error = 'the gateway answered 503', tries = 12")
        listed, _ = await asyncio.to_thread(_kabinet(own_url, "jobs").communicate, timeout=30)
        assert "failed for good 1" in listed
        assert f"{number}  mail.send" in listed
        assert "12 tries: the gateway answered 503" in listed
        again = _kabinet(own_url, "jobs", "--retry", str(number))
        await asyncio.to_thread(again.communicate, timeout=30)
        assert again.returncode == 0
        assert (await jobs_counts()).waiting == 1
        refused = _kabinet(own_url, "jobs", "--forget", str(number))
        _, said = await asyncio.to_thread(refused.communicate, timeout=30)
        assert (refused.returncode, said) == (1, f"no failed job has the number {number}\n")
