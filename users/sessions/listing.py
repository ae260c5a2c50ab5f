"""One's own sign-ins: where somebody is signed in, and ending them there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request

from components.data import clock
from components.data.database import rows, transaction
from components.data.operator import SessionRules
from users.journal.writing import note
from users.permissions.viewer import Viewer
from users.sessions.models import Session

MOST = 100


@dataclass(frozen=True, slots=True)
class SignIn:
    id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    remember: bool
    address: str
    agent: str
    account: str | None


async def list_sign_ins(viewer: Viewer, rules: SessionRules) -> list[SignIn]:
    """Those that open something still, this one first, then the latest used; 100 at most."""
    now = clock.now()
    return await rows(
        SignIn,
        "SELECT s.id, s.created_at, s.seen_at, s.expires_at, s.remember, s.address, s.agent, a.number AS account "
        "FROM session s LEFT JOIN membership m ON m.id = s.membership_id LEFT JOIN account a ON a.id = m.account_id "
        "WHERE s.user_id = :user_id AND s.ended_at IS NULL AND s.expires_at > :now"
        " AND (s.remember OR s.seen_at > :idle)"
        f" ORDER BY CASE WHEN s.id = :own THEN 0 ELSE 1 END, s.seen_at DESC, s.id DESC LIMIT {MOST}",
        user_id=viewer.user_id,
        now=now,
        idle=now - timedelta(minutes=rules.idle_minutes),
        own=viewer.session_id,
    )


async def end_sign_in(request: Request, viewer: Viewer, session_id: int) -> None:
    """Ends one of the viewer's own; 404 for anybody else's, and for one that has ended."""
    async with transaction():
        ended = await Session.filter(id=session_id, user_id=viewer.user_id, ended_at=None).update(ended_at=clock.now())
        if not ended:
            raise HTTPException(404)
        await note(request, "session.ended", viewer=viewer, target=viewer.email, after={"sign_ins": 1})


async def end_other_sign_ins(request: Request, viewer: Viewer) -> int:
    """Ends all but this one; how many there were."""
    async with transaction():
        others = Session.filter(user_id=viewer.user_id, ended_at=None, expires_at__gt=clock.now())
        ended = await others.exclude(id=viewer.session_id).update(ended_at=clock.now())
        if ended:
            await note(request, "session.ended", viewer=viewer, target=viewer.email, after={"sign_ins": ended})
    return ended
