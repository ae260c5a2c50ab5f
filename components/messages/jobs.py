"""Sending, and housekeeping of what was sent."""

from __future__ import annotations

from datetime import timedelta

from components.data import clock
from components.jobs.handlers import every, outside
from components.jobs.queue import enqueue
from components.jobs.work import Work
from components.messages import sending
from components.messages.waiting import end_those_over, forget_ended

KEPT = timedelta(days=90)
AT_ONCE = 5_000


@outside("message.send", tries=sending.TRIES, seconds=sending.SECONDS + 20)
async def send(work: Work, *, message_id: int) -> None:
    await sending.send(work, message_id)


@every(300, "messages.end")
async def end_messages(_: Work) -> None:
    """Those whose time is over: their secrets go, even where nobody can send them."""
    await end_those_over()


@every(86_400, "messages.forget")
async def forget_messages(_: Work) -> None:
    """Messages of more than ninety days ago, some at a time."""
    if await forget_ended(clock.now() - KEPT, AT_ONCE) == AT_ONCE:
        await enqueue("messages.forget")
