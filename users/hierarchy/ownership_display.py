"""Ownership as its templates need it: offering it, answering an offer, stepping down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from components.ui.parts import Choice, Choices, Field
from components.web.language import Language
from users.hierarchy.models import OwnershipOffer
from users.hierarchy.tree import Member
from users.permissions.viewer import Viewer


@dataclass(frozen=True, slots=True)
class OwnershipView:
    id: int
    name: str
    title: str
    lead: str
    waiting: str  # an offer that has not been answered yet; empty: none
    kind: Choices
    password: Field
    submit: str
    error: str


@dataclass(frozen=True, slots=True)
class OfferView:
    id: int
    title: str
    lead: str
    until: str
    password: Field
    submit: str
    error: str


@dataclass(frozen=True, slots=True)
class ResignationView:
    id: int
    password: Field
    error: str


def ownership_view(
    one: Member,
    waiting: OwnershipOffer | None,
    kind: str,
    errors: Mapping[str, str],
    viewer: Viewer,
    zone: ZoneInfo,
    say: Language,
) -> OwnershipView:
    return OwnershipView(
        id=one.id,
        name=one.name,
        title=say.gettext("Make %(name)s an owner") % {"name": one.name},
        lead=say.gettext(
            "An owner may do everything on account %(number)s, and nobody but themself or the operator can take that "
            "away. It is an offer: it counts once they have accepted it."
        )
        % {"number": viewer.account},
        waiting=_waiting(waiting, zone, say),
        kind=Choices(
            "kind",
            say.gettext("How"),
            (
                Choice(
                    "second",
                    say.gettext("Beside you"),
                    say.gettext("You stay an owner."),
                    kind != "instead",
                ),
                Choice(
                    "instead",
                    say.gettext("In your place"),
                    say.gettext("You stay on the account with every permission, but as no owner."),
                    kind == "instead",
                ),
            ),
            error=errors.get("kind", ""),
        ),
        password=_password(errors, say),
        submit=say.gettext("Offer it to %(name)s") % {"name": one.name},
        error=errors.get("", ""),
    )


def _waiting(waiting: OwnershipOffer | None, zone: ZoneInfo, say: Language) -> str:
    if waiting is None:
        return ""
    text = (
        say.gettext("Offered in your place. It waits for an answer until %(moment)s.")
        if waiting.kind == "instead"
        else say.gettext("Offered. It waits for an answer until %(moment)s.")
    )
    return say.sentence(text % {"moment": say.moment(waiting.expires_at, zone)})


def offer_view(
    found: OwnershipOffer, errors: Mapping[str, str], viewer: Viewer, zone: ZoneInfo, say: Language
) -> OfferView:
    giver = f"{found.giver.first_name} {found.giver.last_name}".strip() or found.giver.email
    lead = (
        say.gettext(
            "%(name)s hands account %(number)s over to you: you become its owner, they stay as a user with every "
            "permission."
        )
        if found.kind == "instead"
        else say.gettext("%(name)s offers you to become an owner of account %(number)s beside them.")
    )
    return OfferView(
        id=found.id,
        title=say.gettext("Become an owner"),
        lead=say.sentence(lead % {"name": giver, "number": f"{viewer.account}, {viewer.customer}"}),
        until=say.sentence(
            say.gettext("The offer stands until %(moment)s.") % {"moment": say.moment(found.expires_at, zone)}
        ),
        password=_password(errors, say),
        submit=say.gettext("Become an owner of %(number)s") % {"number": viewer.account},
        error=errors.get("", ""),
    )


def resignation_view(errors: Mapping[str, str], viewer: Viewer, say: Language) -> ResignationView:
    return ResignationView(viewer.membership_id, _password(errors, say), errors.get("", ""))


def _password(errors: Mapping[str, str], say: Language) -> Field:
    return Field(
        "current_password",
        say.gettext("Your current password"),
        kind="password",
        hint=say.gettext("Asked again, since this can't be taken back."),
        error=errors.get("current_password", ""),
        autocomplete="current-password",
        required=True,
    )
