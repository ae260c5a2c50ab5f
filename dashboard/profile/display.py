"""One's own profile as its template needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from components.data.operator import LANGUAGE_NAMES, Operator
from components.ui.parts import Choice, Choices, Fact, Field, Option
from components.web.language import Language
from dashboard.profile.forms import Typed, time_zones
from users.notifications.kinds import KINDS
from users.permissions.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ProfileView:
    first_name: Field
    last_name: Field
    phone: Field
    time_zone: Field
    time_zones: tuple[str, ...]
    language: tuple[Option, ...]
    theme: tuple[Option, ...]
    notifications: tuple[Choices, ...]
    facts: tuple[Fact, ...]  # e-mail, account, role
    saved: bool
    told: bool


@dataclass(frozen=True, slots=True)
class LettersView:
    """Where letters go; ``waiting`` is an address that was not confirmed yet."""

    address: str
    waiting: str
    field: Field
    asked: bool
    confirmed: bool


def profile_view(
    typed: Typed, viewer: Viewer, operator: Operator, done: str, say: Language, now: datetime
) -> ProfileView:
    def line(name: str, label: str, **rest: str) -> Field:
        return Field(name, label, getattr(typed, name), error=typed.errors.get(name, ""), **rest)  # type: ignore[arg-type]

    no_phone = "" if typed.phone else say.gettext("Needs a mobile phone above.")
    return ProfileView(
        first_name=line("first_name", say.gettext("First name"), autocomplete="given-name"),
        last_name=line("last_name", say.gettext("Last name"), autocomplete="family-name"),
        phone=line("phone", say.gettext("Mobile phone"), kind="tel", autocomplete="tel"),
        time_zone=line(
            "time_zone",
            say.gettext("Time zone"),
            placeholder=operator.time_zone,
            hint=say.gettext("Empty: %(zone)s. Days of usage and documents are always the operator's.")
            % {"zone": say.zone_name(operator.zone, now)},
        ),
        time_zones=time_zones(),
        language=(
            Option("", say.gettext("As the browser asks"), not typed.language),
            *(Option(code, LANGUAGE_NAMES[code], code == typed.language) for code in operator.languages),
        ),
        theme=(
            Option("", say.gettext("As the system shows"), not typed.theme),
            Option("light", say.gettext("Light"), typed.theme == "light"),
            Option("dark", say.gettext("Dark"), typed.theme == "dark"),
        ),
        notifications=tuple(
            Choices(
                "notifications",
                say.gettext(kind.words),
                tuple(
                    Choice(way, word, hint, way in typed.notifications)
                    for way, word, hint in (
                        (f"{kind.name}.email", say.gettext("By e-mail"), ""),
                        (f"{kind.name}.sms", say.gettext("By SMS"), no_phone),
                    )
                ),
                several=True,
            )
            for kind in KINDS
        ),
        facts=tuple(
            Fact(name, value)
            for name, value in (
                (say.gettext("E-mail"), viewer.email),
                (say.gettext("Account"), f"{viewer.account}, {viewer.customer}"),
                (say.gettext("Position"), viewer.position),
                (say.gettext("Role"), say.gettext("Owner") if viewer.owner else say.gettext("User")),
            )
            if value
        ),
        saved=done == "saved",
        told=done == "told",
    )
