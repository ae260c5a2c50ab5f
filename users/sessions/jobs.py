"""Housekeeping of sign-ins."""

from __future__ import annotations

from datetime import timedelta

from components.jobs.handlers import every
from components.jobs.queue import enqueue
from components.jobs.work import Work
from users.sessions.ending import forget_ended

KEPT = timedelta(days=30)
AT_ONCE = 5_000


@every(86_400, "sessions.forget")
async def forget_sessions(_: Work) -> None:
    """Sign-ins that ended more than thirty days ago, some at a time: no page waits long for the lock."""
    if await forget_ended(older_than=KEPT, at_most=AT_ONCE) == AT_ONCE:
        await enqueue("sessions.forget")
