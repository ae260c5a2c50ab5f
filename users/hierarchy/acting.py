"""Who acts, and on whom: read again under the tree's lock, since what the page knew may be over.

Every change of the tree begins with ``acting`` and reaches others by ``below``: on strict descendants only, never on
oneself, upwards, sideways or in another account, and by one answer for all that can't be.
"""

from __future__ import annotations

from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request

from components.data import clock
from users.hierarchy.refusing import NotThere
from users.hierarchy.tree import Member, lock_tree, member
from users.permissions.permission import Permission
from users.permissions.viewer import Viewer


def today(request: Request) -> date:
    """The day it is where the operator is."""
    return clock.today(request.app.state.operator.zone)


async def acting(request: Request, viewer: Viewer) -> Member:
    """The viewer's own place as it is now, in a transaction that nobody else's change of this tree can overlap.

    403 where they may not (any more) manage users today, NotThere where they have no place here any more.
    """
    actor = await present(request, viewer)
    if Permission.USERS_MANAGE not in actor.standing.permissions:
        raise HTTPException(403)
    return actor


async def present(request: Request, viewer: Viewer) -> Member:
    """The same for acts that need no right but a place of one's own."""
    await lock_tree(viewer.account_id)
    actor = await member(viewer.membership_id)
    if actor is None or actor.account_id != viewer.account_id or actor.user_id != viewer.user_id:
        raise NotThere
    if not actor.standing.open_on(today(request)):
        raise HTTPException(403)
    return actor


async def below(actor: Member, membership_id: int) -> Member:
    """Somebody who stands strictly below the actor."""
    found = await member(membership_id)
    if found is None or not actor.above(found):
        raise NotThere
    return found
