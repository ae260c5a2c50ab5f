"""The letters of the tree: one function a message. Links begin with the configured address, never a request's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from components.jobs.work import House
from components.messages.outbox import letter
from users.sessions.tokens import hashed

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
