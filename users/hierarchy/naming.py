"""Whom an address names, as far as its reader may act on them."""

from __future__ import annotations

from starlette.requests import Request

from users.hierarchy.acting import below
from users.hierarchy.reading import place_of
from users.hierarchy.refusing import NotThere
from users.hierarchy.tree import Member
from users.permissions.viewer import Viewer

_LONGEST = 18  # digits; a longer number is nobody's


def named(request: Request, name: str = "id") -> int:
    """The number in the address; NotThere for anything else that stands there."""
    text: str = request.path_params[name]
    if not (text.isascii() and text.isdigit()) or len(text) > _LONGEST:
        raise NotThere
    return int(text)


async def under(viewer: Viewer, membership_id: int) -> tuple[Member, Member]:
    """The viewer's own place, and one strictly below it."""
    actor = await place_of(viewer)
    return actor, await below(actor, membership_id)
