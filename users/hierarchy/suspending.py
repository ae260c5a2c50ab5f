"""Suspending somebody, and with them their whole branch; and letting them go on. It counts from the next request."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request

from components.data.database import transaction
from components.messages.outbox import house_of
from users.hierarchy.acting import acting, below
from users.hierarchy.mail import resumed, suspended
from users.hierarchy.placing import regrant
from users.hierarchy.tree import Member
from users.journal.writing import note
from users.permissions.viewer import Viewer


async def suspend(request: Request, viewer: Viewer, membership_id: int) -> Member:
    """They and everybody below may nothing until they are resumed; told to them. Suspended already: nothing is done."""
    return await _turn(request, viewer, membership_id, suspend=True)


async def resume(request: Request, viewer: Viewer, membership_id: int) -> Member:
    """Takes their own suspension back; whoever is suspended above or below them stays so."""
    return await _turn(request, viewer, membership_id, suspend=False)


async def _turn(request: Request, viewer: Viewer, membership_id: int, *, suspend: bool) -> Member:
    async with transaction():
        actor = await acting(request, viewer)
        one = await below(actor, membership_id)
        if one.own.suspended == suspend:
            return one
        after = replace(one.own, suspended=suspend)
        await regrant(one, after)
        await note(
            request,
            "user.suspended" if suspend else "user.resumed",
            viewer=viewer,
            target=one.email,
            before={"suspended": not suspend},
            after={"suspended": suspend},
        )
        if one.user_id is not None:
            tell = suspended if suspend else resumed
            await tell(house_of(request), one, viewer)
        return replace(one, own=after)
