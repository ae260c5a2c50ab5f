"""What somebody asked for beyond their reach: answered like what does not exist, and it leaves a trace.

One that exists and one that does not leave the same trace, so that neither the answer nor its time tells which.
"""

from __future__ import annotations

from datetime import timedelta

import asyncpg
from starlette.requests import Request
from tortoise.exceptions import BaseORMException

from components.data import clock
from components.data.database import fetch
from components.data.patience import no_waiting
from components.web.log import log
from users.journal.writing import note
from users.permissions.viewer import Viewer

ACT = "access.refused"
MOST = 10  # rows a person may cause in ...
WITHIN = timedelta(minutes=10)  # ... so long: nobody fills the journal with addresses


async def note_refused(request: Request, viewer: Viewer) -> None:
    """Logs each, and journals the address of the first ten in ten minutes. Never waits for another's writing."""
    log.warning("out of reach", route=getattr(request.scope.get("route"), "path", "-"), user=viewer.user_id)
    try:
        with no_waiting():
            if await _lately(viewer) < MOST:
                await note(request, ACT, viewer=viewer, target=_address(request))
    except (BaseORMException, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        log.warning("not journalled", act=ACT, error=type(error).__name__)


async def _lately(viewer: Viewer) -> int:
    (found,) = await fetch(
        "SELECT count(*) AS n FROM journal "
        "WHERE account_id = :account_id AND at > :since AND user_id = :user_id AND act = :act",
        account_id=viewer.account_id,
        since=clock.now() - WITHIN,
        user_id=viewer.user_id,
        act=ACT,
    )
    return int(found["n"])


def _address(request: Request) -> str:
    """The path as text that a database and a page can hold; what follows the question mark is left out."""
    return "".join(letter for letter in request.scope["path"] if letter.isprintable())
