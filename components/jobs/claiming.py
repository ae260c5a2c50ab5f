"""Taking a job: one worker gets it, on both databases, and holds it for the length of a lease."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from components.data import clock
from components.data.database import dialect, execute, fetch, returning


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in a worker's hand. ``fence`` tells this time of taking it from any other."""

    id: int
    name: str
    key: str | None
    payload: str
    request: str
    tries: int  # this one included
    fence: int
    created_at: datetime


class Lost(Exception):
    """The lease ran out and another worker has taken the job; or somebody has removed it."""


async def claim(worker: str, lease: timedelta) -> Claim | None:
    """The job that has been due longest, or one whose holder's lease has ended; None if there is none.

    One statement. On SQLite it is alone by the write lock, which an idle worker doesn't ask for; on PostgreSQL
    each worker skips the rows that others hold.
    """
    moment = clock.now()
    postgres = dialect() == "postgres"
    if not postgres and not await fetch("SELECT 1 AS one FROM job WHERE due_at <= :now LIMIT 1", now=moment):
        return None
    found = await returning(
        Claim,
        f"""
UPDATE job SET state = 'running', worker = :worker, due_at = :until, changed_at = :now,
  tries = tries + 1, fence = fence + 1
WHERE id = (
  SELECT id FROM job WHERE due_at <= :now ORDER BY due_at, id LIMIT 1 {"FOR UPDATE SKIP LOCKED" if postgres else ""}
)
RETURNING id, name, key, payload, request, tries, fence, created_at""",
        worker=worker,
        until=moment + lease,
        now=moment,
    )
    return found[0] if found else None


async def renew(claim: Claim, lease: timedelta) -> None:
    """Holds the job for another lease; raises Lost if it is another's by now."""
    renewed = await execute(
        "UPDATE job SET due_at = :until WHERE id = :id AND fence = :fence AND state = 'running'",
        until=clock.now() + lease,
        id=claim.id,
        fence=claim.fence,
    )
    if not renewed:
        raise Lost
