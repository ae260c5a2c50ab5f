"""Doing a job: what it writes is there with its end or not at all; what it asks outside is asked again if need be."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import structlog
import time_machine

from components.data.database import execute
from components.jobs.claiming import Claim, claim
from components.jobs.errors import Failed
from components.jobs.handlers import Handlers
from components.jobs.queue import enqueue
from components.jobs.running import perform
from components.jobs.work import Work
from tests.components.jobs.effects import effects, job, jobs, leave_effect

pytestmark = pytest.mark.usefixtures("opened")
LEASE = timedelta(seconds=30)
SHORT = timedelta(milliseconds=300)


@pytest.fixture
def handlers() -> Handlers:
    return Handlers()


async def _taken(worker: str = "one", lease: timedelta = LEASE) -> Claim:
    found = await claim(worker, lease)
    assert found is not None
    return found


async def _perform(handlers: Handlers, taken: Claim, lease: timedelta = LEASE) -> None:
    await perform(taken, handlers.by_name.get(taken.name), None, lease)


async def test_a_job_done_is_gone_and_its_effect_is_there(handlers: Handlers) -> None:
    handlers.register("a")(leave_effect)
    number = await enqueue("a", account_id=1)
    await _perform(handlers, await _taken())
    assert await jobs() == []
    assert await effects() == [number]


async def test_the_payload_arrives_as_it_was_given(handlers: Handlers) -> None:
    given: list[dict[str, Any]] = []

    @handlers.register("a")
    async def keep(_: Work, **payload: Any) -> None:
        given.append(payload)

    await enqueue("a", account_id=1, names=["Айгерім"], none=None)
    await _perform(handlers, await _taken())
    assert given == [{"account_id": 1, "names": ["Айгерім"], "none": None}]


async def test_a_failed_handler_leaves_no_effect(handlers: Handlers) -> None:
    @handlers.register("a")
    async def fail(work: Work) -> None:
        await leave_effect(work)
        raise Failed("half way")

    number = await enqueue("a")
    await _perform(handlers, await _taken())
    assert await effects() == []
    found = await job(number)
    assert (found["state"], found["error"]) == ("waiting", "half way")


async def test_what_a_failed_handler_enqueued_is_gone_too(handlers: Handlers) -> None:
    @handlers.register("a")
    async def fail(_: Work) -> None:
        await enqueue("b")
        raise Failed("half way")

    await enqueue("a")
    await _perform(handlers, await _taken())
    assert [each["name"] for each in await jobs()] == ["a"]


async def test_a_handler_that_hides_a_database_error_loses_nothing(handlers: Handlers) -> None:
    """PostgreSQL rolls such a transaction back; the job must not be taken for done."""

    @handlers.register("a")
    async def hide(work: Work) -> None:
        await leave_effect(work)
        with pytest.raises(Exception, match="nowhere"):
            await execute("DELETE FROM nowhere")

    number = await enqueue("a")
    await _perform(handlers, await _taken())
    left = [each["id"] for each in await jobs()]
    assert (left, await effects()) in (([], [number]), ([number], []))


async def test_a_handler_that_takes_too_long_has_failed(handlers: Handlers) -> None:
    @handlers.register("a", seconds=0.2)
    async def dawdle(work: Work) -> None:
        await leave_effect(work)
        await asyncio.sleep(10)

    number = await enqueue("a")
    await _perform(handlers, await _taken())
    assert await effects() == []
    assert (await job(number))["error"] == "took longer than 0.2 s"


async def test_a_late_worker_leaves_no_second_effect(handlers: Handlers, at_noon: time_machine.Traveller) -> None:
    handlers.register("a")(leave_effect)
    number = await enqueue("a")
    late = await _taken("one")
    at_noon.shift(31)
    await _perform(handlers, await _taken("two"))
    await _perform(handlers, late)
    assert await effects() == [number]


async def test_a_job_without_a_handler_is_tried_again_by_newer_workers(handlers: Handlers) -> None:
    number = await enqueue("nobody.knows")
    await _perform(handlers, await _taken())
    found = await job(number)
    assert found["state"] == "waiting"
    assert found["error"].startswith("no handler for this name")


async def test_a_job_that_takes_its_worker_down_each_time_is_buried(
    handlers: Handlers, at_noon: time_machine.Traveller
) -> None:
    handlers.register("a", tries=3)(leave_effect)
    number = await enqueue("a")
    for _ in range(3):
        await _taken("killed")
        at_noon.shift(31)
    await _perform(handlers, await _taken())
    found = await job(number)
    assert (found["state"], found["error"]) == ("dead", "its worker was lost at every try")
    assert await effects() == []


async def test_the_workers_log_shows_the_request_and_no_payload(handlers: Handlers) -> None:
    @handlers.register("a")
    async def fail(_: Work, **__: Any) -> None:
        raise Failed("the gateway answered 503")

    with structlog.contextvars.bound_contextvars(request="0123456789abcdef"):
        number = await enqueue("a", to="aigerim@home.example")
    taken = await _taken()
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        await _perform(handlers, taken)
    [line] = lines
    assert line["request"] == "0123456789abcdef"
    assert (line["job"], line["job_id"], line["error"]) == ("a", number, "the gateway answered 503")
    assert "aigerim" not in repr(lines)


async def test_what_a_job_enqueues_belongs_to_the_same_request(handlers: Handlers) -> None:
    @handlers.register("a")
    async def go_on(_: Work) -> None:
        await enqueue("b")

    with structlog.contextvars.bound_contextvars(request="0123456789abcdef"):
        await enqueue("a")
    await _perform(handlers, await _taken())
    assert [(each["name"], each["request"]) for each in await jobs()] == [("b", "0123456789abcdef")]


async def test_outside_work_outlives_its_lease_while_it_is_renewed(handlers: Handlers) -> None:
    seen: list[str] = []

    @handlers.outside("mail.send")
    async def send(work: Work) -> None:
        for _ in range(5):
            await asyncio.sleep(0.15)
            assert await claim("two", SHORT) is None
        seen.append(work.token)

    number = await enqueue("mail.send")
    await _perform(handlers, await _taken(lease=SHORT), SHORT)
    assert seen == [f"job-{number}"]
    assert await jobs() == []


async def test_outside_work_stops_when_the_job_is_anothers(handlers: Handlers) -> None:
    seen: list[str] = []

    @handlers.outside("mail.send")
    async def send(work: Work) -> None:
        await execute("UPDATE job SET fence = fence + 1, worker = 'two'")  # as a worker that takes it over
        await asyncio.sleep(5)
        seen.append("sent")

    number = await enqueue("mail.send")
    await _perform(handlers, await _taken(lease=SHORT), SHORT)
    assert seen == []
    found = await job(number)
    assert (found["state"], found["worker"], found["error"]) == ("running", "two", "")


async def test_outside_work_ends_together_with_what_is_kept_of_it(handlers: Handlers) -> None:
    @handlers.outside("mail.send")
    async def send(work: Work) -> None:
        async with work.ending():
            await leave_effect(work)

    number = await enqueue("mail.send")
    await _perform(handlers, await _taken())
    assert await jobs() == []
    assert await effects() == [number]


async def test_outside_work_that_fails_at_its_end_is_tried_again(handlers: Handlers) -> None:
    @handlers.outside("mail.send")
    async def send(work: Work) -> None:
        async with work.ending():
            await leave_effect(work)
            raise Failed("the disk is full")

    number = await enqueue("mail.send")
    await _perform(handlers, await _taken())
    assert await effects() == []
    assert (await job(number))["state"] == "waiting"


async def test_a_name_has_one_handler(handlers: Handlers) -> None:
    handlers.register("a")(leave_effect)
    with pytest.raises(ValueError, match="two handlers for a"):
        handlers.outside("a")(leave_effect)
