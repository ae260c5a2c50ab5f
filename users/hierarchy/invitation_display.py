"""An invitation as its page needs it."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from components.ui.parts import Fact, Field
from components.web.language import Language
from users.hierarchy.accepting import Invited
from users.permissions.viewer import Viewer


@dataclass(frozen=True, slots=True)
class InvitationView:
    address: str  # where the button posts
    lead: str
    facts: tuple[Fact, ...]
    note: str
    submit: str
    other: str  # signed in as somebody else: their e-mail
    password: Field | None  # of who has a login and is not signed in


@dataclass(frozen=True, slots=True)
class OverView:
    signed_in: bool


def invitation_view(
    found: Invited, token: str, viewer: Viewer | None, zone: ZoneInfo, say: Language, error: str = ""
) -> InvitationView:
    if found.known:
        note = say.gettext("You have a login here already. You keep it and its password.")
    elif found.temporary:
        note = say.gettext("Your password is in the letter. At the first entry you choose your own.")
    else:
        note = say.gettext("You come in with the password that %(name)s tells you.") % {"name": found.inviter}
    return InvitationView(
        address=f"/invitations/{token}/acceptance",
        lead=say.sentence(
            say.gettext("%(inviter)s invites you to the account of %(customer)s.")
            % {"inviter": found.inviter, "customer": found.customer}
        ),
        facts=(
            Fact(say.gettext("Account"), f"{found.account}, {found.customer}"),
            Fact(say.gettext("Your login"), found.email),
            Fact(say.gettext("Valid until"), say.moment(found.expires_at, zone)),
        ),
        note=note,
        submit=say.gettext("Sign in and come in")
        if found.known and viewer is None
        else say.gettext("Confirm and come in"),
        other=viewer.email if viewer is not None and viewer.email != found.email else "",
        password=Field(
            "password",
            say.gettext("Your current password"),
            kind="password",
            error=error,
            autocomplete="current-password",
        )
        if found.known and viewer is None
        else None,
    )


def over_view(viewer: Viewer | None, say: Language) -> OverView:
    return OverView(viewer is not None)
