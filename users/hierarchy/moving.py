"""Moving somebody, with everybody below them, to another place of one's own branch."""

from __future__ import annotations

from starlette.requests import Request

from components.data.database import transaction
from components.web.language import N_
from users.hierarchy.acting import acting, below
from users.hierarchy.placing import move
from users.hierarchy.refusing import NotThere, Refused
from users.hierarchy.tree import Member, member
from users.journal.writing import note
from users.permissions.viewer import Viewer

OWN_BRANCH = N_("%(name)s can't stand under somebody of their own branch.")
OWNERS = "owners"


async def move_to(request: Request, viewer: Viewer, membership_id: int, parent_id: int | None) -> Member:
    """Puts them under ``parent_id`` (None or an owner: under the owners). Grants stay; the new line does the cutting.

    The viewer stands above who is moved, and above or at the new place; anything else is NotThere. Where they stand
    already: nothing is done.
    """
    async with transaction():
        actor = await acting(request, viewer)
        one = await below(actor, membership_id)
        parent = await _place(actor, parent_id)
        if parent is not None and parent.line.startswith(one.line):
            raise Refused("parent", OWN_BRANCH, name=one.name)
        if one.parent_id == (parent.id if parent else None):
            return one
        before = await member(one.parent_id) if one.parent_id else None
        await move(one, parent)
        await note(
            request,
            "user.moved",
            viewer=viewer,
            target=one.email,
            before={"under": before.email if before else OWNERS},
            after={"under": parent.email if parent else OWNERS},
        )
        moved = await member(one.id)
        if moved is None:
            raise NotThere
        return moved


async def _place(actor: Member, parent_id: int | None) -> Member | None:
    """The new parent, None for the root: only owners are at the root."""
    if parent_id is None:
        if not actor.owner:
            raise NotThere
        return None
    found = await member(parent_id)
    if found is None or found.account_id != actor.account_id:
        raise NotThere
    if found.owner:
        return await _place(actor, None)
    if found.id != actor.id and not actor.above(found):
        raise NotThere
    return found
