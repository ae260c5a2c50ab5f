"""Taking jobs: each goes to one worker, and back to the others when that one is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
import time_machine

from components.data.database import counting
from components.jobs.claiming import Claim, Lost, claim, renew
from components.jobs.queue import enqueue
from components.jobs.settling import done, failed, give_back
from tests.components.jobs.effects import job, jobs

pytestmark = pytest.mark.usefixtures("opened")
LEASE = timedelta(seconds=30)


async def _taken(worker: str = "one") -> Claim:
    found = await claim(worker, LEASE)
    assert found is not None
    return found


async def test_each_of_many_jobs_is_taken_by_one_of_many() -> None:
    numbers = [await enqueue("account.sync") for _ in range(60)]
    taken: Counter[int] = Counter()

    async def take(worker: str) -> None:
        while (found := await claim(worker, LEASE)) is not None:
            taken[found.id] += 1

    await asyncio.gather(*(take(f"worker {each}") for each in range(12)))
    assert taken == Counter(numbers)


async def test_what_has_been_due_longest_comes_first(at_noon: time_machine.Traveller) -> None:
    late = await enqueue("a", after=timedelta(seconds=20))
    early = await enqueue("b", after=timedelta(seconds=10))
    at_noon.shift(60)
    assert [(await _taken()).id, (await _taken()).id] == [early, late]


async def test_moments_with_and_without_a_fraction_are_in_order(at_noon: time_machine.Traveller) -> None:
    """SQLite compares them as texts, and Python leaves a fraction of nought out."""
    at_noon.move_to("2026-11-20 07:00:00+00:00", tick=False)
    whole = await enqueue("a")
    at_noon.move_to("2026-11-20 07:00:00.000001+00:00", tick=False)
    fraction = await enqueue("b")
    assert [(await _taken()).id, (await _taken()).id] == [whole, fraction]
    later = await enqueue("c", after=timedelta(microseconds=1))
    assert await claim("one", LEASE) is None
    at_noon.move_to("2026-11-20 07:00:01+00:00", tick=False)
    assert (await _taken()).id == later


async def test_a_job_in_hand_is_nobody_elses() -> None:
    await enqueue("a")
    await _taken()
    assert await claim("two", LEASE) is None


async def test_a_lost_workers_job_is_taken_over_when_its_lease_ends(at_noon: time_machine.Traveller) -> None:
    number = await enqueue("a")
    first = await _taken("one")
    at_noon.shift(31)
    second = await _taken("two")
    assert (second.id, second.tries, second.fence) == (number, 2, first.fence + 1)


async def test_a_renewed_lease_holds(at_noon: time_machine.Traveller) -> None:
    await enqueue("a")
    taken = await _taken()
    at_noon.shift(20)
    await renew(taken, LEASE)
    at_noon.shift(20)
    assert await claim("two", LEASE) is None


async def test_who_lost_a_job_can_end_it_no_more(at_noon: time_machine.Traveller) -> None:
    number = await enqueue("a")
    late = await _taken("one")
    at_noon.shift(31)
    second = await _taken("two")
    for act in (done(late), failed(late, 12, "late"), failed(late, 1, "late"), give_back(late), renew(late, LEASE)):
        with pytest.raises(Lost):
            await act
    assert (await job(number))["worker"] == "two"
    await done(second)
    assert await jobs() == []
    with pytest.raises(Lost):
        await done(late)


async def test_an_idle_look_asks_sqlite_for_no_lock(dialect: str) -> None:
    """An import may hold the write lock for seconds; a worker with nothing to do shall not queue up behind it."""
    if dialect == "postgres":
        pytest.skip("a look that finds nothing locks nothing there")
    async with counting() as counted:
        assert await claim("one", LEASE) is None
    assert len(counted.statements) == 1
    assert counted.statements[0].startswith("SELECT")
