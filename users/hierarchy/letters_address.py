"""Where a person's letters go: their login's address, or another one that they have confirmed.

A new address counts once a link sent to it is opened by its person, signed in; the old address is told. The login
itself, and what proves it (a forgotten password), stay with the login's address.
"""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request

from components.data.database import transaction
from components.messages.outbox import house_of
from users.hierarchy.models import User
from users.hierarchy.profile_mail import confirm_letters_address, tell_letters_address
from users.journal.writing import note
from users.links import links
from users.permissions.viewer import Viewer

LASTS = timedelta(hours=24)


def letters_address(user: User) -> str:
    return user.letters_email or user.email


async def ask_for_address(request: Request, viewer: Viewer, address: str) -> bool:
    """Sends a link to ``address``; nothing changes until it is opened. False: letters go there already."""
    async with transaction():
        user = await User.get(id=viewer.user_id)
        if address == letters_address(user):
            return False
        if address == user.email:
            await _store(request, viewer, user, None)
            return True
        token = await links.issue("letters", address, LASTS, user_id=user.id)
        await confirm_letters_address(house_of(request), user, address, token, LASTS)
    return True


async def confirm_address(request: Request, viewer: Viewer, token: str) -> str | None:
    """Letters go to the link's address from now on; it. None: the link opens nothing (any more) for this person."""
    async with transaction():
        link = await links.find("letters", token)
        if link is None or link.user_id != viewer.user_id or not await links.use(link):  # type: ignore[attr-defined]
            return None
        await _store(request, viewer, await User.get(id=viewer.user_id), link.email)
    return link.email


async def _store(request: Request, viewer: Viewer, user: User, address: str | None) -> None:
    before = letters_address(user)
    user.letters_email = address
    await User.filter(id=user.id).update(letters_email=address)
    await links.cancel("letters", user_id=user.id)
    await tell_letters_address(house_of(request), user, before, letters_address(user))
    await note(
        request,
        "letters_address.changed",
        viewer=viewer,
        target=user.email,
        before={"letters_email": before},
        after={"letters_email": letters_address(user)},
    )
