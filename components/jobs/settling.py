"""How a try ends: done, to be tried again, or dead. Each asks for the fence: who lost the job can't end it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from components.data import clock
from components.data.database import execute, returning, transaction
from components.jobs.claiming import Claim, Lost

FIRST = timedelta(seconds=5)
LONGEST = timedelta(hours=1)
HELD = "id = :id AND fence = :fence AND state = 'running'"


def back_off(tries: int) -> timedelta:
    """How long to wait after so many tries: twice as long each time, at most an hour, half of it by chance."""
    doubled = FIRST * int(2 ** min(tries - 1, 20))
    return min(doubled, LONGEST) * random.uniform(0.5, 1)  # noqa: S311  # to spread load, not to be unguessable


async def done(claim: Claim) -> None:
    """The job's end: its row goes. In a handler's transaction this comes first, and holds the row for it."""
    if not await execute(f"DELETE FROM job WHERE {HELD}", id=claim.id, fence=claim.fence):
        raise Lost


async def failed(claim: Claim, most_tries: int, error: str) -> bool:
    """Lets the job wait for its next try or, after its last, buries it. Whether it is dead."""
    if claim.tries >= most_tries:
        await _bury(claim, error)
        return True
    await _wait_again(claim, clock.now() + back_off(claim.tries), claim.tries, error)
    return False


async def give_back(claim: Claim) -> None:
    """Lets another worker take the job at once; this was no try."""
    await _wait_again(claim, clock.now(), claim.tries - 1, "")


async def revive(id: int) -> bool:
    """Lets a dead job be tried again from the start, at once; False if there is no such dead job."""
    async with transaction():
        found = await returning(
            _Dead,
            "UPDATE job SET state = 'running', fence = fence + 1 WHERE id = :id AND state = 'dead' "
            "RETURNING id, name, key, fence",
            id=id,
        )
        for each in found:
            await _wait_again(each, clock.now(), 0, "")
    return bool(found)


async def forget(id: int) -> bool:
    """Removes a dead job; False if there is no such dead job."""
    return bool(await execute("DELETE FROM job WHERE id = :id AND state = 'dead'", id=id))


@dataclass(frozen=True, slots=True)
class _Dead:
    id: int
    name: str
    key: str | None
    fence: int


@dataclass(frozen=True, slots=True)
class _Newer:
    payload: str
    request: str


async def _bury(claim: Claim, error: str) -> None:
    buried = await execute(
        f"UPDATE job SET state = 'dead', due_at = NULL, worker = '', error = :error, changed_at = :now WHERE {HELD}",
        error=error,
        now=clock.now(),
        id=claim.id,
        fence=claim.fence,
    )
    if not buried:
        raise Lost


async def _wait_again(job: Claim | _Dead, due: datetime, tries: int, error: str) -> None:
    """Back to the waiting. If a job with the same key waits already, the two become one: as in ``enqueue``."""
    async with transaction():
        waiting = await execute(
            # Not yet "waiting": the place under its key may be taken.
            "UPDATE job SET due_at = :due, tries = :tries, worker = '', error = :error, changed_at = :now "
            f"WHERE {HELD}",
            due=due,
            tries=tries,
            error=error,
            now=clock.now(),
            id=job.id,
            fence=job.fence,
        )
        if not waiting:
            raise Lost
        newer = []
        if job.key is not None:
            newer = await returning(
                _Newer,
                "DELETE FROM job WHERE name = :name AND key = :key AND state = 'waiting' RETURNING payload, request",
                name=job.name,
                key=job.key,
            )
        await execute("UPDATE job SET state = 'waiting' WHERE id = :id", id=job.id)
        for each in newer:
            await execute(
                "UPDATE job SET payload = :payload, request = :request WHERE id = :id",
                payload=each.payload,
                request=each.request,
                id=job.id,
            )
