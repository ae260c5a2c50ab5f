"""Adding a person: a place in the tree at once, a login when they accept."""

from __future__ import annotations

from starlette.requests import Request

from components.data.database import transaction
from components.web.language import N_
from users.hierarchy.acting import acting, today
from users.hierarchy.contracts import contracts_of
from users.hierarchy.granting import granted
from users.hierarchy.inviting import invite, secret
from users.hierarchy.models import Membership
from users.hierarchy.placing import enter
from users.hierarchy.recording import described, said
from users.hierarchy.refusing import Refused
from users.hierarchy.tree import Member, member
from users.hierarchy.wanted import Wanted, checked
from users.journal.writing import note
from users.permissions.viewer import Viewer

ALREADY = N_("%(name)s is a member of this account already.")
TAKEN = N_("This address can't be added here. Ask an owner of the account.")


async def add(request: Request, viewer: Viewer, wanted: Wanted) -> Member:
    """Puts a new person under the viewer and sends the invitation; they stand there waiting for confirmation.

    Refused for what can't be given, a password against the rules, and an e-mail that is a member here already.
    """
    wanted = checked(wanted)
    names = (wanted.first_name, wanted.last_name)
    given = await secret(request, viewer, wanted.password, (wanted.email, *names))
    async with transaction():
        actor = await acting(request, viewer)
        numbers = await contracts_of(actor.account_id)
        rights = granted(wanted.rights, actor.standing, today(request), frozenset(numbers))
        await not_yet_here(actor, wanted.email)
        made = await enter(
            actor.account_id,
            wanted.email,
            rights,
            parent=actor,
            names=names,
            position=wanted.position,
            added_by_id=actor.user_id,
        )
        await invite(request, viewer, made, given)
        await note(request, "user.added", viewer=viewer, target=made.email, after=said(described(made, numbers)))
    return made


async def not_yet_here(actor: Member, email: str) -> None:
    """Refused where the e-mail has a place on this account; whose it is, is said to those who stand above it."""
    found = await Membership.filter(account_id=actor.account_id, email=email).only("id").first()
    if found is None:
        return
    known = await member(found.id)
    if known is not None and (actor.above(known) or known.id == actor.id):
        raise Refused("email", ALREADY, name=known.name)
    raise Refused("email", TAKEN)
