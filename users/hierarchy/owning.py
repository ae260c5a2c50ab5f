"""Owners: a second one, a hand-over, stepping down. Always by consent, always proved again, never the last one out.

An offer is made by an owner, and accepted or declined by who is to become one. The owners together are the root, so
nobody below moves to another place; invitations that an owner has sent end when they stop being one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from starlette.exceptions import HTTPException
from starlette.requests import Request
from tortoise.expressions import Subquery

from components.data import clock
from components.data.database import execute, fetch, transaction
from components.messages.outbox import house_of
from components.web.language import N_
from users.hierarchy.acting import acting, below, present, today
from users.hierarchy.inviting import cancel
from users.hierarchy.mail import ownership_accepted, ownership_offered
from users.hierarchy.models import Membership, OwnershipOffer
from users.hierarchy.placing import make_owner, make_plain
from users.hierarchy.proving import prove
from users.hierarchy.refusing import NotThere, Refused
from users.hierarchy.tree import Member, member, members
from users.journal.writing import note
from users.links.models import Link
from users.permissions.viewer import Viewer

Kind = Literal["second", "instead"]
LASTS = timedelta(days=7)
WAITING = N_("%(name)s has not accepted the invitation yet, so they can't become an owner.")
SHUT = N_("%(name)s is suspended or outside their period. Let them in first.")
KINDS = N_("Choose one: beside you, or in your place.")
LAST = N_("You are the last owner. Make somebody else an owner first.")


async def offer(request: Request, viewer: Viewer, membership_id: int, kind: str, password: str) -> OwnershipOffer:
    """An owner offers ownership: beside themself (``second``) or in their place (``instead``). Told to the receiver.

    A new offer to the same person replaces the one before.
    """
    if kind not in ("second", "instead"):
        raise Refused("kind", KINDS)
    await prove(viewer, password)
    async with transaction():
        actor = await acting(request, viewer)
        if not actor.owner:
            raise HTTPException(403)
        receiver = await below(actor, membership_id)
        if receiver.user_id is None:
            raise Refused("", WAITING, name=receiver.name)
        if not receiver.standing.open_on(today(request)):
            raise Refused("", SHUT, name=receiver.name)
        await OwnershipOffer.filter(giver_id=actor.id, receiver_id=receiver.id).delete()
        now = clock.now()
        made = await OwnershipOffer.create(
            account_id=actor.account_id,
            giver_id=actor.id,
            receiver_id=receiver.id,
            kind=kind,
            created_at=now,
            expires_at=now + LASTS,
        )
        await note(request, "ownership.offered", viewer=viewer, target=receiver.email, after={"kind": kind})
        await ownership_offered(house_of(request), viewer, receiver, made)
    return made


async def offered(viewer: Viewer) -> list[OwnershipOffer]:
    """Live offers that the viewer made or got, with ``giver`` and ``receiver``."""
    found = OwnershipOffer.filter(account_id=viewer.account_id, expires_at__gt=clock.now()).order_by("id")
    mine = {"giver_id": viewer.membership_id} if viewer.owner else {"receiver_id": viewer.membership_id}
    return await found.filter(**mine).select_related("giver", "receiver")


async def accept(request: Request, viewer: Viewer, offer_id: int, password: str) -> Member:
    """The receiver becomes an owner; with ``instead`` the giver becomes a member with every permission, at once."""
    await prove(viewer, password)
    async with transaction():
        receiver = await present(request, viewer)
        found = await _live(offer_id, receiver.account_id)
        giver = await member(found.giver_id)  # type: ignore[attr-defined]
        if found.receiver_id != receiver.id or giver is None or not giver.owner or receiver.owner:  # type: ignore[attr-defined]
            raise NotThere
        await make_owner(receiver)
        if found.kind == "instead":
            await _lower(giver)
        await OwnershipOffer.filter(receiver_id=receiver.id).delete()
        await note(
            request,
            "ownership.accepted",
            viewer=viewer,
            target=receiver.email,
            before={"owner": giver.email} if found.kind == "instead" else None,
            after={"owner": receiver.email, "kind": found.kind},
        )
        owners = await _owners(receiver.account_id)
        told = {each.id: each for each in (*owners, giver)}
        for each in told.values():
            await ownership_accepted(house_of(request), viewer, each, receiver, giver, found)
        after = await member(receiver.id)
        if after is None:
            raise NotThere
    return after


async def withdraw(request: Request, viewer: Viewer, offer_id: int) -> None:
    """The giver takes an offer back, or the receiver declines it."""
    async with transaction():
        actor = await present(request, viewer)
        found = await _live(offer_id, actor.account_id)
        if actor.id not in (found.giver_id, found.receiver_id):  # type: ignore[attr-defined]
            raise NotThere
        receiver = await member(found.receiver_id)  # type: ignore[attr-defined]
        await found.delete()
        await execute(
            "UPDATE message SET expires_at = :now WHERE key = :key AND state = 'waiting'",
            now=clock.now(),
            key=f"ownership_offered:{found.id}",
        )
        await note(
            request,
            "ownership.withdrawn",
            viewer=viewer,
            target=receiver.email if receiver else "",
            before={"kind": found.kind},
        )


async def step_down(request: Request, viewer: Viewer, password: str) -> Member:
    """An owner becomes a member with every permission; Refused for the last active one."""
    await prove(viewer, password)
    async with transaction():
        actor = await present(request, viewer)
        if not actor.owner:
            raise NotThere
        if not await other_owners(actor):
            raise Refused("", LAST)
        await _lower(actor)
        await note(request, "ownership.left", viewer=viewer, target=actor.email)
        after = await member(actor.id)
        if after is None:
            raise NotThere
    return after


async def other_owners(one: Member) -> int:
    """How many active owners the account has besides; the caller holds the tree's lock."""
    (found,) = await fetch(
        "SELECT count(*) AS n FROM membership m JOIN person u ON u.id = m.user_id "
        "WHERE m.account_id = :account_id AND m.owner AND u.active AND m.id <> :id",
        account_id=one.account_id,
        id=one.id,
    )
    return int(found["n"])


async def end_invitations(owner: Member) -> None:
    """What an owner has invited to the root, or sent again, and nobody has accepted yet: links die, places wait."""
    waiting = Membership.filter(account_id=owner.account_id, parent_id=None, user_id=None)
    live = await Link.filter(purpose="invitation", used_at=None, membership_id__in=Subquery(waiting.values("id")))
    await cancel([each.membership_id for each in live if (each.data or {}).get("inviter") == owner.user_id])  # type: ignore[attr-defined]


async def _lower(owner: Member) -> None:
    await end_invitations(owner)
    await OwnershipOffer.filter(giver_id=owner.id).delete()
    await make_plain(owner)


async def _live(offer_id: int, account_id: int) -> OwnershipOffer:
    found = await OwnershipOffer.get_or_none(id=offer_id, account_id=account_id, expires_at__gt=clock.now())
    if found is None:
        raise NotThere
    return found


async def _owners(account_id: int) -> list[Member]:
    found = await Membership.filter(account_id=account_id, owner=True).only("id")
    return list((await members(each.id for each in found)).values())
