"""Having an account's chain checked by the button on the page: at once, or by the worker where it is long."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from components.data import clock, throttle
from components.data.database import fetch, row, transaction
from components.jobs.queue import enqueue
from users.journal.exporting import last_seal
from users.journal.models import JournalRow
from users.journal.verifying import Verdict, verify
from users.journal.writing import line_of
from users.permissions.viewer import Viewer

ACT = "journal.verified"
AT_ONCE = 2_000  # seals that are checked while the person waits
NAMED = 10  # faults that the journal's row names
BACK = timedelta(days=1)  # how long ago a check is still told of
LIMIT = throttle.Limit("journal.verification", tries=20, seconds=600)


@dataclass(frozen=True, slots=True)
class Checked:
    """``at`` is null while it is being done; ``rows`` and ``faults`` as in a verdict."""

    at: datetime | None
    rows: int = 0
    count: int = 0
    faults: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    at: datetime
    after: str


async def check_chain(request: Request, viewer: Viewer) -> None:
    """Checks the chain of the viewer's account or has it checked. Raises 429 after too many tries."""
    seconds = await throttle.wait((LIMIT, str(viewer.user_id)))
    if seconds:
        raise HTTPException(429, headers={"retry-after": str(seconds)})
    await throttle.count((LIMIT, str(viewer.user_id)))
    last = await last_seal(viewer.account_id)
    who: dict[str, Any] = {
        "account_id": viewer.account_id,
        "user_id": viewer.user_id,
        "actor": viewer.email,
        "address": (request.client.host if request.client else "")[:64],
        "request_id": getattr(request.state, "request_id", ""),
    }
    if last and last.number > AT_ONCE:
        async with transaction():
            await enqueue("journal.verify", key=str(viewer.account_id), **who)
        return
    verdict = await verify(viewer.account_id)
    async with transaction():
        await note_verdict(verdict, **who)


async def note_verdict(
    verdict: Verdict, account_id: int, user_id: int, actor: str, address: str, request_id: str
) -> None:
    """That it was checked, and what came of it, in the caller's transaction."""
    named = [
        {"kind": each.kind, "number": each.number, "until": each.until, "row": each.row_id}
        for each in verdict.faults[:NAMED]
    ]
    await JournalRow.create(
        at=clock.now(),
        account_id=account_id,
        user_id=user_id,
        actor=actor,
        act=ACT,
        after={"rows": verdict.rows, "faults": verdict.count, **({"named": named} if named else {})},
        address=address,
        request_id=request_id,
        line=await line_of(account_id, user_id),
    )


async def last_checked(viewer: Viewer) -> Checked | None:
    """The last check within a day, or the one that is being done now."""
    doing = await fetch(
        "SELECT 1 AS one FROM job WHERE name = 'journal.verify' AND key = :key AND state <> 'dead'",
        key=str(viewer.account_id),
    )
    if doing:
        return Checked(None)
    found = await row(
        _Told,
        'SELECT at, CAST("after" AS TEXT) AS "after" FROM journal '
        "WHERE account_id = :account_id AND at > :since AND act = :act ORDER BY at DESC, id DESC LIMIT 1",
        account_id=viewer.account_id,
        since=clock.now() - BACK,
        act=ACT,
    )
    if found is None:
        return None
    told = json.loads(found.after)
    return Checked(found.at, told["rows"], told["faults"], tuple(told.get("named", ())))
