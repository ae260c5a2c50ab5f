"""Enqueueing: a job belongs to the transaction that asks for it."""

from __future__ import annotations

import asyncio
import contextvars
import json
from datetime import timedelta
from typing import Any

import pytest
import structlog
import time_machine

from components.data import clock
from components.data.database import database, dialect, transaction
from components.jobs.claiming import claim
from components.jobs.queue import enqueue
from components.jobs.settling import failed
from tests.components.jobs.effects import job, jobs

pytestmark = pytest.mark.usefixtures("opened")
LEASE = timedelta(seconds=30)


async def test_a_job_is_gone_with_the_transaction_that_asked_for_it() -> None:
    async def change_my_mind() -> None:
        async with transaction():
            await enqueue("balance.changed", account_id=1)
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await change_my_mind()
    assert await jobs() == []


async def test_a_job_comes_with_the_transaction_that_asked_for_it() -> None:
    async with transaction():
        number = await enqueue("balance.changed", account_id=1, why="Оплата — 1 000 ₸")
    [found] = await jobs()
    assert found["id"] == number
    assert json.loads(found["payload"]) == {"account_id": 1, "why": "Оплата — 1 000 ₸"}


async def test_what_is_not_json_is_refused_before_anything_is_written() -> None:
    with pytest.raises(TypeError):
        await enqueue("balance.changed", moment=clock.now())
    assert await jobs() == []


async def test_a_nul_in_what_somebody_typed_is_kept_by_both_databases() -> None:
    await enqueue("note.written", text="a\x00b")
    found = await claim("one", LEASE)
    assert found is not None
    assert json.loads(found.payload) == {"text": "a\x00b"}


async def test_a_job_carries_the_id_of_the_request_that_asked_for_it() -> None:
    with structlog.contextvars.bound_contextvars(request="0123456789abcdef"):
        number = await enqueue("balance.changed")
    assert (await job(number))["request"] == "0123456789abcdef"


async def test_a_job_for_later_is_not_taken_before_its_time(at_noon: time_machine.Traveller) -> None:
    await enqueue("invoice.remind", after=timedelta(hours=1))
    await enqueue("invoice.remind", after=clock.now() + timedelta(hours=2))
    assert await claim("one", LEASE) is None
    at_noon.shift(timedelta(hours=1, seconds=1))
    assert await claim("one", LEASE) is not None
    assert await claim("one", timedelta(hours=9)) is None
    at_noon.shift(timedelta(hours=1))
    assert await claim("one", LEASE) is not None


async def test_a_key_waits_once_and_the_newer_word_counts() -> None:
    first = await enqueue("account.sync", key="4445", after=timedelta(hours=1), upto=1)
    second = await enqueue("account.sync", key="4445", upto=2)
    assert first == second
    [found] = await jobs()
    assert json.loads(found["payload"]) == {"upto": 2}
    assert await claim("one", LEASE) is not None  # the earlier of the two moments


async def test_the_same_key_of_another_name_is_another_job() -> None:
    assert await enqueue("account.sync", key="4445") != await enqueue("account.print", key="4445")


async def test_what_has_begun_does_not_swallow_what_is_asked_for_later() -> None:
    """The running one may have read the account before this change to it."""
    first = await enqueue("account.sync", key="4445")
    assert await claim("one", LEASE) is not None
    assert await enqueue("account.sync", key="4445") != first
    assert [each["state"] for each in await jobs()] == ["running", "waiting"]


async def test_asking_again_does_not_shorten_a_back_off(at_noon: time_machine.Traveller) -> None:
    """Else a busy page would wear out all the tries of a job within a minute."""
    number = await enqueue("account.sync", key="4445")
    taken = await claim("one", LEASE)
    assert taken is not None
    await failed(taken, 12, "not now")
    assert await enqueue("account.sync", key="4445") == number
    assert await claim("one", LEASE) is None
    at_noon.shift(10)
    assert await claim("one", LEASE) is not None


async def test_many_who_ask_for_one_key_at_once_get_one_job() -> None:
    numbers = await asyncio.gather(*(enqueue("account.sync", key="4445", by=each) for each in range(12)))
    assert len(set(numbers)) == 1
    assert len(await jobs()) == 1


async def test_a_waiting_job_asked_for_again_waits_for_that_commit(opened: dict[str, Any]) -> None:
    """Taken at once, it would miss what the second caller is about to commit."""
    await enqueue("account.sync", key="4445")
    if dialect() == "sqlite":
        pytest.skip("one writer at a time: nobody can take a job while another transaction is open")
    async with transaction():
        await enqueue("account.sync", key="4445")
        elsewhere = asyncio.create_task(_claims_on_its_own(opened), context=contextvars.Context())
        assert await elsewhere is False
    assert await claim("one", LEASE) is not None


async def _claims_on_its_own(opened: dict[str, Any]) -> bool:
    async with database(opened):
        return await claim("two", LEASE) is not None
