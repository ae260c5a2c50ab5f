"""Proving again who one is, before what can't be taken back: one's own password, with limited tries."""

from __future__ import annotations

from components.data import throttle
from components.web.language import N_
from users.hierarchy.models import User
from users.hierarchy.refusing import Refused
from users.permissions.viewer import Viewer
from users.sessions.passwords import fits

PER_PERSON = throttle.Limit("proof:person", tries=10, seconds=900)
WRONG = N_("This is not your password. Check it; capital letters count.")
TOO_MANY = N_("Too many tries. Please wait a quarter of an hour.")


async def prove(viewer: Viewer, password: str) -> None:
    """Refused unless this is the viewer's own password. Outside a transaction: the work takes long, the count stays."""
    limit = (PER_PERSON, str(viewer.user_id))
    if await throttle.wait(limit):
        raise Refused("current_password", TOO_MANY)
    user = await User.get(id=viewer.user_id)
    if not await fits(password, user.password_hash):
        await throttle.count(limit)
        raise Refused("current_password", WRONG)
