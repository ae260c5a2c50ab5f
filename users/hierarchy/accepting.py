"""Accepting an invitation: the address is confirmed, the rules are asked again, the person comes in.

What the inviter may give is looked at as it is now: who has invited must still be there, open and allowed to add
users, and the grant is cut to what they have left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starlette.requests import Request
from tortoise.exceptions import IntegrityError

from components.data import clock, throttle
from components.data.database import transaction
from components.web.language import N_
from users.hierarchy.acting import today
from users.hierarchy.contracts import contracts_of
from users.hierarchy.models import Membership, User
from users.hierarchy.placing import call, regrant
from users.hierarchy.recording import changed, rights_described
from users.hierarchy.refusing import NotThere, Refused
from users.hierarchy.tree import Member, lock_tree, member
from users.journal.writing import note
from users.links import links
from users.links.models import Link
from users.parties.models import Account
from users.permissions.permission import Permission
from users.permissions.rights import EVERYTHING, Rights, meet
from users.permissions.viewer import Viewer
from users.sessions.passwords import fits
from users.sessions.signing_in import limits_of

TEMPORARY_LASTS = timedelta(days=7)
WRONG_PASSWORD = N_("This is not your password. Check it; capital letters count.")
TOO_MANY = N_("Too many tries. Please wait a quarter of an hour.")
SIGN_IN_FIRST = N_("This invitation is for %(email)s. Sign in as them, then accept.")


@dataclass(frozen=True, slots=True)
class Invited:
    """What the page of a link shows. ``known``: the e-mail has a login, so its person signs in and accepts."""

    email: str
    first_name: str
    last_name: str
    account: str
    customer: str
    inviter: str
    known: bool
    temporary: bool  # the password is in the letter, and is to be replaced at the first entry
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """``new``: a login was made just now, so the person signs in with ``email`` and the password they were given."""

    membership_id: int
    user_id: int
    email: str
    account: str
    new: bool


async def invitation(request: Request, token: str) -> Invited | None:
    """What this link invites to; None for one that is used, over, replaced, or whose inviter can't invite any more."""
    link = await links.find("invitation", token)
    found = await _waiting(link) if link else None
    if link is None or found is None:
        return None
    inviter = await _inviter(found)
    if not _may_invite(inviter, request) or _over(found, request):
        return None
    account = await Account.get(id=found.account_id).select_related("customer")
    return Invited(
        email=found.email,
        first_name=found.first_name,
        last_name=found.last_name,
        account=account.number,
        customer=account.customer.name,
        inviter=inviter.name if inviter else await _owner_name(link, account.customer.name),
        known=await User.exists(email=found.email),
        temporary=bool((link.data or {}).get("temporary")),
        expires_at=link.expires_at,
    )


async def accept(request: Request, token: str, viewer: Viewer | None, password: str = "") -> Accepted:
    """The person of the link comes in: as a new login, as the viewer, or (who has a login and is not signed in, perhaps
    since it opens no account any more) by their own password.

    NotThere for a link that opens nothing (any more). Refused where the e-mail has a login and this is not its person,
    and where somebody else is signed in: nobody takes a place, or makes another's login, in passing.
    """
    signed_in = viewer.email if viewer else None
    proven = viewer.user_id if viewer and not viewer.password_temporary else None
    if viewer is None and password:
        proven = await _proven(request, token, password)
    try:
        return await _accept(request, token, proven, signed_in)
    except IntegrityError:  # the same new person accepted another account's invitation at this moment
        return await _accept(request, token, proven, signed_in)


async def _proven(request: Request, token: str, password: str) -> int | None:
    """Whose login the link is for, if this is their password; tries are limited as at the sign-in."""
    link = await links.find("invitation", token)
    if link is None:
        raise NotThere
    limits = await limits_of(request, link.email)
    if await throttle.wait(*limits):
        raise Refused("password", TOO_MANY)
    user = await User.get_or_none(email=link.email, active=True, password_temporary=False)
    if not await fits(password, user.password_hash if user else None) or user is None:
        await throttle.count(*limits)
        raise Refused("password", WRONG_PASSWORD)
    return int(user.id)


async def _accept(request: Request, token: str, proven: int | None, signed_in: str | None) -> Accepted:
    seen = await links.find("invitation", token)
    place = await _waiting(seen) if seen else None
    if place is None:
        raise NotThere
    if signed_in not in (None, place.email):
        raise Refused("", SIGN_IN_FIRST, email=place.email)
    async with transaction():
        await lock_tree(place.account_id)
        link = await links.find("invitation", token)
        found = await _waiting(link) if link else None
        if link is None or found is None:
            raise NotThere
        inviter = await _inviter(found)
        if not _may_invite(inviter, request) or _over(found, request):
            raise NotThere
        user, new = await _person(link, found, proven)
        if await Membership.exists(account_id=found.account_id, user_id=user.id) or not await links.use(link):
            raise NotThere
        cut = replace(meet(inviter.standing if inviter else EVERYTHING, found.own), suspended=found.own.suspended)
        await _seat(found, user, cut)
        await _note(request, found, user, cut)
        account = await Account.get(id=found.account_id)
    return Accepted(found.id, user.id, user.email, account.number, new)


async def _waiting(link: Link) -> Member | None:
    """The place that the link opens: still waiting, and for the e-mail that the link was sent to."""
    found = await member(link.membership_id or 0)  # type: ignore[attr-defined]
    return found if found and found.user_id is None and found.email == link.email else None


async def _inviter(found: Member) -> Member | None:
    """Who stands above; None: the owners together."""
    return await member(found.parent_id) if found.parent_id else None


def _may_invite(inviter: Member | None, request: Request) -> bool:
    """The root always may: an account has an owner, and an owner's own invitations end when they leave."""
    return inviter is None or (
        inviter.user_id is not None
        and inviter.standing.open_on(today(request))
        and Permission.USERS_MANAGE in inviter.standing.permissions
    )


def _over(found: Member, request: Request) -> bool:
    """Suspended meanwhile, or for days that have gone by."""
    until = found.standing.valid_until
    return found.standing.suspended or (until is not None and until < today(request))


async def _owner_name(link: Link, customer: str) -> str:
    user = await User.get_or_none(id=(link.data or {}).get("inviter") or 0)
    return (f"{user.first_name} {user.last_name}".strip() if user else "") or customer


async def _person(link: Link, found: Member, proven: int | None) -> tuple[User, bool]:
    """Whose the place becomes, and whether they are new here. Only the link's own e-mail ever gets it."""
    known = await User.get_or_none(email=found.email)
    if known is not None:
        if proven != known.id:
            raise Refused("", SIGN_IN_FIRST, email=found.email)
        return known, False
    data, now = link.data or {}, clock.now()
    if not data.get("password_hash"):
        raise NotThere
    temporary = bool(data.get("temporary"))
    made = await User.create(
        email=found.email,
        password_hash=data["password_hash"],
        first_name=found.first_name,
        last_name=found.last_name,
        password_temporary=temporary,
        password_expires_at=now + TEMPORARY_LASTS if temporary else None,
        password_changed_at=now,
        created_at=now,
    )
    return made, True


async def _seat(found: Member, user: User, cut: Rights) -> None:
    await Membership.filter(id=found.id).update(user_id=user.id)
    if not (found.first_name or found.last_name):
        await call(found.id, first_name=user.first_name, last_name=user.last_name)
    if cut != found.own:
        await regrant(found, cut)


async def _note(request: Request, found: Member, user: User, cut: Rights) -> None:
    numbers = await contracts_of(found.account_id)
    before, after = changed(rights_described(found.own, numbers), rights_described(cut, numbers))
    await note(
        request,
        "invitation.accepted",
        actor=user.email,
        user_id=user.id,
        account_id=found.account_id,
        target=found.email,
        before=before or None,
        after=after or None,
    )
