"""Changing what an account says about a person and what it lets them do."""

from __future__ import annotations

from starlette.requests import Request

from components.data.database import transaction
from components.web.language import N_
from users.hierarchy.acting import acting, below, today
from users.hierarchy.adding import not_yet_here
from users.hierarchy.contracts import contracts_of
from users.hierarchy.granting import granted
from users.hierarchy.inviting import renew, secret
from users.hierarchy.models import Membership
from users.hierarchy.placing import CALLED, call, regrant
from users.hierarchy.recording import changed, described
from users.hierarchy.refusing import NotThere, Refused
from users.hierarchy.telling import tell_of_rights
from users.hierarchy.tree import Member, member
from users.hierarchy.wanted import Wanted, checked
from users.journal.writing import note
from users.permissions.viewer import Viewer

THEIRS = N_("This is the login of somebody who has accepted: only they can change it.")


async def change(request: Request, viewer: Viewer, membership_id: int, wanted: Wanted) -> Member:
    """Names, position, grant; of somebody who has not accepted yet the e-mail too, with a new invitation.

    A password is never set here. What the viewer lacks stays as it was. Nothing new: nothing is written.
    """
    wanted = checked(wanted)
    made = await secret(request, viewer) if await _invites(viewer, membership_id, wanted) else None
    async with transaction():
        actor = await acting(request, viewer)
        before = await below(actor, membership_id)
        numbers = await contracts_of(actor.account_id)
        rights = granted(wanted.rights, actor.standing, today(request), frozenset(numbers), before.own)
        if wanted.email != before.email:
            if before.user_id is not None:
                raise Refused("email", THEIRS)
            await not_yet_here(actor, wanted.email)
        await _store(before, wanted)
        if rights != before.own:
            await regrant(before, rights)
        after = await member(membership_id)
        if after is None:
            raise NotThere
        if after.email != before.email:
            await renew(request, viewer, after, made or await secret(request, viewer))
        was, now = changed(described(before, numbers), described(after, numbers))
        if now:
            await note(request, "user.changed", viewer=viewer, target=after.email, before=was, after=now)
            await tell_of_rights(request, viewer, before, after)
    return after


async def _invites(viewer: Viewer, membership_id: int, wanted: Wanted) -> bool:
    """Whether another e-mail will be invited: a password is hashed before the tree is locked, not while it is."""
    waiting = Membership.filter(id=membership_id, account_id=viewer.account_id, user_id=None)
    return await waiting.exclude(email=wanted.email).exists()


async def _store(one: Member, wanted: Wanted) -> None:
    said = {name: getattr(wanted, name) for name in CALLED}
    if any(getattr(one, name) != value for name, value in said.items()):
        await call(one.id, **said)
