"""The worker: many at work, told to stop, without its database, once a day."""

from __future__ import annotations

import asyncio
import contextvars
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from components.data import clock
from components.data.bulk import open_bulk
from components.data.database import database, fetch
from components.jobs.claiming import claim
from components.jobs.errors import Failed
from components.jobs.handlers import Handlers
from components.jobs.health import jobs_counts, jobs_health
from components.jobs.queue import enqueue
from components.jobs.schedule import enqueue_due
from components.jobs.work import Work
from components.jobs.worker import Worker
from tests.components.jobs.effects import effects, jobs, leave_effect, until

HALF = 0.5


@pytest.fixture
def handlers() -> Handlers:
    found = Handlers()
    found.register("a")(leave_effect)
    return found


@asynccontextmanager
async def at_work(opened: dict[str, Any], *workers: Worker) -> AsyncIterator[None]:
    """Workers in this process, each on a connection of its own; told to stop at the end."""

    async def one(worker: Worker) -> None:
        async with database(opened):
            await worker.run()

    tasks = [asyncio.create_task(one(each), context=contextvars.Context()) for each in workers]
    try:
        yield
    finally:
        for each in workers:
            each.stop()
        await asyncio.gather(*tasks)


async def _nothing_left() -> bool:
    return await jobs() == []


async def test_several_workers_do_each_job_once(opened: dict[str, Any], handlers: Handlers) -> None:
    async with at_work(opened, *(Worker(handlers) for _ in range(3))):
        numbers = [await enqueue("a") for _ in range(60)]
        await until(_nothing_left, 30)
    assert await effects() == numbers


async def test_one_bad_job_does_not_hold_up_the_others(opened: dict[str, Any], handlers: Handlers) -> None:
    @handlers.register("bad", tries=1)
    async def fail(_: Work) -> None:
        raise Failed("always")

    dead = [await enqueue("bad") for _ in range(5)]
    good = [await enqueue("a") for _ in range(5)]
    async with at_work(opened, Worker(handlers)):
        await until(lambda: _counted(0, 0, 5))
    assert await effects() == good
    assert sorted(each.id for each in (await jobs_health()).dead_letters) == dead


async def _counted(waiting: int, running: int, dead: int) -> bool:
    found = await jobs_counts()
    return (found.waiting, found.running, found.dead) == (waiting, running, dead)


async def test_told_to_stop_it_finishes_what_it_has_in_hand(opened: dict[str, Any], handlers: Handlers) -> None:
    begun = asyncio.Event()

    @handlers.outside("slow")
    async def slow(work: Work) -> None:
        begun.set()
        await asyncio.sleep(HALF)
        await leave_effect(work)

    number = await enqueue("slow")
    worker = Worker(handlers)
    async with at_work(opened, worker):
        await begun.wait()
        worker.stop()
        later = await enqueue("slow")
    assert await effects() == [number]
    assert [(each["id"], each["state"]) for each in await jobs()] == [(later, "waiting")]


async def test_what_takes_too_long_to_finish_is_given_back(opened: dict[str, Any], handlers: Handlers) -> None:
    begun = asyncio.Event()

    @handlers.outside("endless")
    async def endless(_: Work) -> None:
        begun.set()
        await asyncio.sleep(100)

    number = await enqueue("endless")
    worker = Worker(handlers, grace=0.2)
    async with at_work(opened, worker):
        await begun.wait()
    [found] = await jobs()
    assert (found["id"], found["state"], found["tries"]) == (number, "waiting", 0)
    assert await claim("two", timedelta(seconds=9)) is not None


async def test_a_heartbeat_says_who_lives_and_what_they_do(opened: dict[str, Any], handlers: Handlers) -> None:
    begun = asyncio.Event()
    end = asyncio.Event()

    @handlers.outside("slow")
    async def slow(_: Work) -> None:
        begun.set()
        await end.wait()

    number = await enqueue("slow")
    worker = Worker(handlers, pulse=0.1)
    assert (await jobs_health()).last_beat is None

    async def beats() -> bool:
        return [each.doing for each in (await jobs_health()).workers] == [f"slow {number}"]

    async with at_work(opened, worker):
        await begun.wait()
        await until(beats)
        [found] = (await jobs_health()).workers
        assert found.name == worker.name
        assert found.since <= found.beat_at <= clock.now()
        end.set()
    assert (await jobs_health()).workers == ()


@pytest.mark.usefixtures("opened")
async def test_a_worker_that_fell_silent_is_not_counted_as_alive(at_noon: time_machine.Traveller) -> None:
    from components.jobs.heartbeat import beat

    await beat("killed", clock.now(), "a 1")
    assert [each.name for each in (await jobs_health()).workers] == ["killed"]
    at_noon.shift(61)
    health = await jobs_health()
    assert health.workers == ()
    assert health.last_beat is not None
    at_noon.shift(timedelta(days=1))
    await beat("alive", clock.now(), "")
    assert [found["name"] for found in await fetch("SELECT name FROM worker")] == ["alive"]


@pytest.mark.usefixtures("opened")
async def test_the_doctor_sees_for_how_long_nobody_has_come(at_noon: time_machine.Traveller) -> None:
    number = await enqueue("a")
    await enqueue("a", after=timedelta(days=1))
    at_noon.shift(timedelta(minutes=10))
    health = await jobs_health()
    assert health.oldest_waiting is not None
    assert health.oldest_waiting.id == number
    assert timedelta(minutes=10) <= health.overdue < timedelta(minutes=11)
    assert (health.counts.waiting, health.counts.running, health.counts.dead) == (2, 0, 0)


@asynccontextmanager
async def _away(opened: dict[str, Any]) -> AsyncIterator[None]:
    """Nobody gets at the database: PostgreSQL throws everybody out and lets nobody in; SQLite's file is locked."""
    credentials = opened["connections"]["default"]["credentials"]
    if "file_path" in credentials:
        place = credentials["file_path"]
        with closing(sqlite3.connect(place, isolation_level=None, check_same_thread=False)) as file:
            await asyncio.to_thread(file.execute, "BEGIN IMMEDIATE")
            yield
        return
    name = credentials["database"]
    elsewhere = {"connections": {"default": {"credentials": {**credentials, "database": "postgres"}}}}
    async with open_bulk(elsewhere) as server:
        await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await server.fetch(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        try:
            yield
        finally:
            await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


async def test_a_worker_waits_for_its_database_and_goes_on(database_url: str, handlers: Handlers) -> None:
    """Three times over, at work each time: no job is lost or done twice, and it is back within five seconds."""
    from dashboard.schema import config
    from tests.components.jobs.effects import EFFECTS

    quick = "?busy_timeout=100" if database_url.startswith("sqlite") else ""
    opened = config(database_url + quick)

    @handlers.register("slowly")
    async def slowly(work: Work) -> None:
        await asyncio.sleep(0.03)
        await leave_effect(work)

    async with open_bulk(opened) as bulk:
        await bulk.execute(EFFECTS)
    async with database(opened):
        numbers = [await enqueue("slowly") for _ in range(30)]
    async with at_work(opened, Worker(handlers, lease=timedelta(seconds=2))):
        for _ in range(3):
            await asyncio.sleep(0.4)
            async with _away(opened):
                await asyncio.sleep(1.2)
            async with database(opened):
                number = await enqueue("slowly")
                numbers.append(number)
                await until(lambda: _done(number), 5)  # noqa: B023
        async with database(opened):
            await until(_nothing_left, 20)
    async with database(opened):
        assert await effects() == sorted(numbers)


async def _done(number: int) -> bool:
    return number in await effects()


async def test_a_periodic_job_is_enqueued_once_a_day_however_many_workers(
    opened: dict[str, Any], at_noon: time_machine.Traveller
) -> None:
    handlers = Handlers()
    handlers.every(86_400, "sessions.forget")(leave_effect)
    for _ in range(3):  # days
        await asyncio.gather(*(enqueue_due(handlers.by_name.values()) for _ in range(6)))
        [found] = await jobs()
        assert (found["name"], found["state"]) == ("sessions.forget", "waiting")
        async with at_work(opened, Worker(handlers), Worker(handlers)):
            await until(_nothing_left)
        at_noon.shift(timedelta(hours=23))
        await enqueue_due(handlers.by_name.values())
        assert await jobs() == []
        at_noon.shift(timedelta(hours=1))
    assert len(await effects()) == 3


async def test_a_periodic_job_that_died_comes_again_the_next_day(
    opened: dict[str, Any], at_noon: time_machine.Traveller
) -> None:
    handlers = Handlers()

    @handlers.every(86_400, "sessions.forget", tries=1)
    async def fail(_: Work) -> None:
        raise Failed("no")

    async with at_work(opened, Worker(handlers)):
        await until(lambda: _counted(0, 0, 1))
    at_noon.shift(timedelta(days=1, seconds=1))
    await enqueue_due(handlers.by_name.values())
    assert await _counted(1, 0, 1)
