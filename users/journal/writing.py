"""Writing to the journal: one row an act, in the caller's transaction."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from components.data import clock
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
    await JournalRow.create(
        at=clock.now(),
        account_id=account_id if account_id is not None else (viewer.account_id if viewer else None),
        user_id=user_id if user_id is not None else (viewer.user_id if viewer else None),
        actor=(actor or (viewer.email if viewer else ""))[:254],
        act=act,
        target=target[:254],
        before=before,
        after=after,
        address=(request.client.host if request.client else "")[:64],
        request_id=getattr(request.state, "request_id", ""),
    )
