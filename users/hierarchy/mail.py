"""The letters of the tree: one function a message. Links begin with the configured address, never a request's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from components.data.database import row
from components.jobs.work import House
from components.messages.outbox import letter
from users.hierarchy.models import OwnershipOffer
from users.hierarchy.tree import Member
from users.permissions.viewer import Viewer
from users.sessions.tokens import hashed, new_token

_FOLDER = "users/hierarchy/mail"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What both letters of invitation say."""

    membership_id: int
    token: str
    to: str
    language: str | None
    inviter: str
    customer: str
    account: str
    until: datetime


async def invite_new(house: House, about: Invitation, password: str | None) -> None:
    """To somebody without a login; with ``password`` where one was generated."""
    await _invite(house, about, "invitation", password=password)


async def invite_known(house: House, about: Invitation) -> None:
    """To somebody who signs in here already: they keep their password."""
    await _invite(house, about, "invitation_known", password=None)


async def _invite(house: House, about: Invitation, kind: str, password: str | None) -> None:
    await letter(
        house,
        "invitation",
        f"{_FOLDER}/{kind}",
        to=about.to,
        language=about.language,
        key=f"invitation:{about.membership_id}:{hashed(about.token)[:16]}",
        expires_at=about.until,
        secret=True,
        link=f"{house.settings.base_url}/invitations/{about.token}",
        inviter=about.inviter,
        customer=about.customer,
        account=about.account,
        password=password,
        until=_day(house, about.until),
    )


def _day(house: House, moment: datetime) -> date:
    return moment.astimezone(house.operator.zone).date()


async def suspended(house: House, one: Member, viewer: Viewer) -> None:
    """To who was suspended on an account."""
    await _tell(house, "suspended", one, viewer)


async def resumed(house: House, one: Member, viewer: Viewer) -> None:
    """To who may go on after a suspension of their own."""
    await _tell(house, "resumed", one, viewer)


async def _tell(house: House, kind: str, one: Member, viewer: Viewer) -> None:
    known = await person(one.user_id)
    if known is None:
        return
    await letter(
        house,
        f"membership_{kind}",
        f"{_FOLDER}/{kind}",
        to=known.address,
        language=known.language,
        key=f"{kind}:{one.id}:{new_token()[:16]}",
        by=viewer.name,
        account=viewer.account,
        customer=viewer.customer,
        link=house.settings.base_url,
    )


async def removed(house: House, key: str, user_id: int, by: str, account: str, customer: str) -> None:
    """To who has no place on an account any more, once it can't be undone."""
    known = await person(user_id)
    if known is None:
        return
    await letter(
        house,
        "membership_removed",
        f"{_FOLDER}/removed",
        to=known.address,
        language=known.language,
        key=f"removed:{key}:{user_id}",
        by=by,
        account=account,
        customer=customer,
    )


async def ownership_offered(house: House, viewer: Viewer, receiver: Member, offer: OwnershipOffer) -> None:
    """To who may become an owner."""
    known = await person(receiver.user_id)
    if known is None:
        return
    await letter(
        house,
        "ownership_offered",
        f"{_FOLDER}/ownership_offered",
        to=known.address,
        language=known.language,
        key=f"ownership_offered:{offer.id}",
        expires_at=offer.expires_at,
        giver=viewer.name,
        account=viewer.account,
        customer=viewer.customer,
        instead=offer.kind == "instead",
        until=_day(house, offer.expires_at),
        link=f"{house.settings.base_url}/ownership/{offer.id}",
    )


async def ownership_accepted(
    house: House, viewer: Viewer, told: Member, receiver: Member, giver: Member, offer: OwnershipOffer
) -> None:
    """To every owner, and to who was one until now."""
    known = await person(told.user_id)
    if known is None:
        return
    await letter(
        house,
        "ownership_accepted",
        f"{_FOLDER}/ownership_accepted",
        to=known.address,
        language=known.language,
        key=f"ownership_accepted:{offer.id}:{told.id}",
        receiver=receiver.name,
        giver=giver.name,
        account=viewer.account,
        customer=viewer.customer,
        instead=offer.kind == "instead",
        link=f"{house.settings.base_url}/users",
    )


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where somebody's letters go, and their language."""

    address: str
    language: str | None


async def person(user_id: int | None) -> Receiver | None:
    return await row(
        Receiver,
        "SELECT COALESCE(letters_email, email) AS address, language FROM person WHERE id = :id AND active",
        id=user_id or 0,
    )
