"""Writing to the journal: one row an act, in the caller's transaction."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from components.data import clock
from components.data.database import fetch
from users.journal.models import JournalRow
from users.permissions.viewer import Viewer


async def note(
    request: Request,
    act: str,
    *,
    viewer: Viewer | None = None,
    actor: str = "",
    user_id: int | None = None,
    account_id: int | None = None,
    target: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """One row. ``before`` and ``after`` hold only what changed, and never a secret."""
    account = account_id if account_id is not None else (viewer.account_id if viewer else None)
    user = user_id if user_id is not None else (viewer.user_id if viewer else None)
    await JournalRow.create(
        at=clock.now(),
        account_id=account,
        user_id=user,
        actor=(actor or (viewer.email if viewer else ""))[:254],
        act=act,
        target=target[:254],
        before=before,
        after=after,
        address=(request.client.host if request.client else "")[:64],
        request_id=getattr(request.state, "request_id", ""),
        line=await line_of(account, user),
    )


async def line_of(account_id: int | None, user_id: int | None) -> str | None:
    """Where this person stands in the account's tree now; None where they have no place in it."""
    if account_id is None or user_id is None:
        return None
    found = await fetch(
        "SELECT line FROM membership WHERE user_id = :user_id AND account_id = :account_id",
        user_id=user_id,
        account_id=account_id,
    )
    return found[0]["line"] if found else None
