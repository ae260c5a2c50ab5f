"""How a try ends."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from components.jobs.claiming import Claim, Lost, claim
from components.jobs.health import jobs_health
from components.jobs.queue import enqueue
from components.jobs.settling import back_off, done, failed, forget, give_back, revive
from tests.components.jobs.effects import job, jobs

LEASE = timedelta(seconds=30)


async def _taken() -> Claim:
    found = await claim("one", LEASE)
    assert found is not None
    return found


@given(st.integers(1, 10_000))
def test_a_back_off_doubles_up_to_an_hour_and_half_of_it_is_chance(tries: int) -> None:
    whole = min(timedelta(seconds=5 * 2 ** min(tries - 1, 30)), timedelta(hours=1))
    assert whole / 2 <= back_off(tries) <= whole


@pytest.mark.usefixtures("opened")
async def test_a_failed_job_waits_longer_each_time_and_is_buried_after_the_last(
    at_noon: time_machine.Traveller,
) -> None:
    number = await enqueue("mail.send")
    for tries in range(1, 5):
        taken = await _taken()
        assert taken.tries == tries
        assert await failed(taken, 5, f"try {tries}") is False
        found = await job(number)
        assert (found["state"], found["error"], found["worker"]) == ("waiting", f"try {tries}", "")
        at_noon.shift(timedelta(seconds=5 * 2 ** (tries - 1) / 2 - 1))
        assert await claim("one", LEASE) is None, "too early"
        at_noon.shift(timedelta(seconds=5 * 2 ** (tries - 1) / 2 + 2))
    assert await failed(await _taken(), 5, "try 5") is True
    at_noon.shift(timedelta(days=100))
    assert await claim("one", LEASE) is None
    [dead] = (await jobs_health()).dead_letters
    assert (dead.id, dead.name, dead.tries, dead.error) == (number, "mail.send", 5, "try 5")


@pytest.mark.usefixtures("opened")
async def test_a_job_given_back_is_free_at_once_and_has_lost_no_try() -> None:
    await enqueue("mail.send")
    await give_back(await _taken())
    assert (await _taken()).tries == 1


@pytest.mark.usefixtures("opened")
async def test_a_try_ends_once() -> None:
    """What ended it may be sent again when the answer got lost with the connection."""
    await enqueue("mail.send")
    taken = await _taken()
    await failed(taken, 12, "no")
    for act in (failed(taken, 12, "no"), give_back(taken), done(taken)):
        with pytest.raises(Lost):
            await act


@pytest.mark.usefixtures("opened")
async def test_a_dead_job_can_be_tried_again_from_the_start() -> None:
    number = await enqueue("mail.send", key="7")
    await failed(await _taken(), 1, "no")
    assert await revive(number) is True
    assert await revive(number) is False
    assert (await _taken()).tries == 1


@pytest.mark.usefixtures("opened")
async def test_only_the_dead_are_forgotten() -> None:
    number = await enqueue("mail.send")
    assert await forget(number) is False
    await failed(await _taken(), 1, "no")
    assert await forget(number) is True
    assert await jobs() == []


@pytest.mark.usefixtures("opened")
async def test_what_waits_again_joins_what_was_asked_for_meanwhile() -> None:
    """Of one key one waits: with the newer words, and the tries and the back-off of the one that failed."""
    number = await enqueue("account.sync", key="4445", upto=1)
    taken = await _taken()
    await enqueue("account.sync", key="4445", upto=2)
    await failed(taken, 12, "no")
    [found] = await jobs()
    assert (found["id"], found["tries"], json.loads(found["payload"])) == (number, 1, {"upto": 2})
    assert await claim("one", LEASE) is None


@pytest.mark.usefixtures("opened")
async def test_a_revived_job_joins_what_waits_under_its_key() -> None:
    number = await enqueue("account.sync", key="4445", upto=1)
    await failed(await _taken(), 1, "no")
    await enqueue("account.sync", key="4445", upto=2)
    assert await revive(number) is True
    [found] = await jobs()
    assert (found["state"], json.loads(found["payload"])) == ("waiting", {"upto": 2})
