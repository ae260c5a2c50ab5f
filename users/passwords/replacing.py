"""A new password in the place of the old one, whichever way it was proved who asks: by the old one, or by a link."""

from __future__ import annotations

from starlette.requests import Request

from components.data import clock
from components.messages.outbox import house_of
from components.web.pages import language
from users.hierarchy.models import User
from users.journal.writing import note
from users.links import links
from users.passwords.mail import password_changed
from users.sessions.models import Session


async def replace(
    request: Request,
    user: User,
    password_hash: str,
    act: str,
    *,
    kept: int | None = None,
    account_id: int | None = None,
) -> bool:
    """Stores it, ends every sign-in but ``kept`` and every link for a forgotten password, tells the person by letter.

    In the caller's transaction. False, and nothing done, where the password was replaced meanwhile.
    """
    now = clock.now()
    stored = await User.filter(id=user.id, password_hash=user.password_hash).update(
        password_hash=password_hash, password_temporary=False, password_expires_at=None, password_changed_at=now
    )
    if not stored:
        return False
    others = Session.filter(user_id=user.id, ended_at=None)
    ended = await (others.exclude(id=kept) if kept else others).update(ended_at=now)
    await links.cancel("password", user_id=user.id)
    address = request.client.host if request.client else ""
    await password_changed(house_of(request), user, now, address, language(request).code)
    await note(
        request,
        act,
        actor=user.email,
        user_id=user.id,
        account_id=account_id,
        target=user.email,
        after={"sign_ins_ended": ended} | ({"temporary": False} if user.password_temporary else {}),
    )
    return True
