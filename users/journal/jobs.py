"""Sealing as time goes by, and checking a long chain."""

from __future__ import annotations

from components.jobs.handlers import every, outside
from components.jobs.queue import enqueue
from components.jobs.work import Work
from users.journal.checking import note_verdict
from users.journal.sealing import seal_some
from users.journal.verifying import verify


@every(25, "journal.seal")
async def seal(_: Work, *, above: int | None = None) -> None:
    """What has no seal gets one: some at a time, so that nobody waits long for SQLite's lock."""
    done = await seal_some(above)
    if done.again is not None:
        await enqueue("journal.seal", key="more", above=done.again)


@every(86_400, "journal.seal_late")
async def seal_late(_: Work) -> None:
    """Once a day all the journal is looked through for rows that came later than any window looks back."""
    await enqueue("journal.seal", key="more", above=0)


@outside("journal.verify", tries=3, seconds=1_800)
async def check(work: Work, *, account_id: int, user_id: int, actor: str, address: str, request_id: str) -> None:
    """An account's chain that is too long to be checked while the person waits; what came of it is journalled."""
    verdict = await verify(account_id)
    async with work.ending():
        await note_verdict(verdict, account_id, user_id, actor, address, request_id)
