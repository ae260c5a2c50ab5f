"""One's own password, changed with the old one: every other sign-in ends, and a letter says so.

Guesses of the old password are counted per person, which only somebody signed in as them can do: no stranger can keep
the owner from changing it. Who has lost it, or is made to wait, has the link for a forgotten one.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from components.data import clock, throttle
from components.data.database import transaction
from components.web.language import N_
from users.hierarchy.models import User
from users.hierarchy.refusing import Refused
from users.journal.writing import note
from users.passwords.own_words import own_words
from users.passwords.policy import check
from users.passwords.replacing import replace
from users.permissions.viewer import Viewer
from users.sessions.models import Session
from users.sessions.passwords import fits, hash_password, normal
from users.sessions.signing_in import TooManyTries
from users.sessions.tokens import hashed, new_token

PER_PERSON = throttle.Limit("password-change:person", tries=8, seconds=900)
WRONG = N_("This is not your present password. Check it; capital letters count.")
SAME = N_("This is the password you have now. Choose another.")


@dataclass(frozen=True, slots=True)
class Changed:
    """The sign-in goes on under a new ``token``; ``max_age`` as in ``SignedIn``."""

    token: str
    max_age: int | None


async def change(request: Request, viewer: Viewer, current: str, password: str) -> Changed | TooManyTries:
    """Replaces the viewer's password. Refused where the old one is wrong or the new one breaks a rule."""
    limit = (PER_PERSON, str(viewer.user_id))
    seconds = await throttle.wait(limit)
    if seconds:
        return TooManyTries(seconds)
    user = await User.get(id=viewer.user_id)
    if not await fits(current, user.password_hash):
        await throttle.count(limit)
        await note(request, "password.refused", viewer=viewer, target=viewer.email)
        raise Refused("current_password", WRONG)
    fault = check(password, operator=request.app.state.operator, own_words=await own_words(user.id))
    if fault:
        raise Refused("password", fault, **fault.values)
    if normal(password) == normal(current):
        raise Refused("password", SAME)
    return await _store(request, viewer, user, await hash_password(password))


async def _store(request: Request, viewer: Viewer, user: User, password_hash: str) -> Changed:
    token = new_token()
    async with transaction():
        if not await replace(
            request, user, password_hash, "password.changed", kept=viewer.session_id, account_id=viewer.account_id
        ):
            raise Refused("current_password", WRONG)
        await Session.filter(id=viewer.session_id).update(token_hash=hashed(token))
        session = await Session.get(id=viewer.session_id)
    left = int((session.expires_at - clock.now()).total_seconds())
    return Changed(token, left if session.remember else None)
