"""One's own profile: name, phone, language, time zone, theme, what one wants to be told of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from starlette.datastructures import FormData

from components.messages.receivers import email_address, phone_number
from components.web.forms import text
from components.web.language import Language
from users.notifications.kinds import CHANNELS, KINDS, chosen

LONGEST_NAME = 100
THEMES = ("", "light", "dark")
NAMES = ("first_name", "last_name", "phone", "language", "time_zone", "theme")
_REGIONS = re.compile(r"(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/.+|UTC")


@cache
def time_zones() -> tuple[str, ...]:
    """The zones that people live in, by their names in the IANA database."""
    return tuple(sorted(each for each in available_timezones() if _REGIONS.fullmatch(each)))


@dataclass(frozen=True, slots=True)
class Typed:
    """Empty language, time zone and theme mean: as the browser asks, the operator's, as the system shows.

    ``notifications`` holds ``kind.way`` for each that is wanted. ``errors`` by field.
    """

    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    language: str = ""
    time_zone: str = ""
    theme: str = ""
    notifications: frozenset[str] = frozenset()
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> dict[str, Any]:
        """As ``users.hierarchy.own_data`` takes them."""
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "phone": self.phone or None,
            "language": self.language or None,
            "time_zone": self.time_zone or None,
            "theme": self.theme or None,
        }


def read_notifications(form: FormData) -> dict[str, list[str]]:
    """The ways wanted for each kind; a kind or way that is not known is not looked at."""
    ticked = {each for each in form.getlist("notifications") if isinstance(each, str)}
    return {kind.name: [way for way in CHANNELS if f"{kind.name}.{way}" in ticked] for kind in KINDS}


def wanted_now(notifications: Mapping[str, Any] | None) -> frozenset[str]:
    return frozenset(f"{kind.name}.{way}" for kind in KINDS for way in chosen(notifications, kind))


def read_profile(form: FormData, offered: tuple[str, ...], say: Language) -> Typed:
    errors: dict[str, str] = {}
    names = {}
    for name in ("first_name", "last_name"):
        names[name] = text(form, name, 400)
        if len(names[name]) > LONGEST_NAME:
            errors[name] = say.gettext("At most %(n)s characters, please.") % {"n": LONGEST_NAME}
    language, theme, zone = text(form, "language", 8), text(form, "theme", 8), text(form, "time_zone", 64)
    if language and language not in offered:
        errors["language"] = say.gettext("The cabinet does not speak this language.")
    if theme not in THEMES:
        errors["theme"] = say.gettext("There is no such theme.")
    if zone and zone not in time_zones():
        errors["time_zone"] = say.gettext("There is no such time zone; choose one from the list, such as Asia/Almaty.")
    return Typed(
        first_name=names["first_name"],
        last_name=names["last_name"],
        phone=_phone(text(form, "phone", 64), errors, say),
        language=language,
        time_zone=zone,
        theme=theme,
        errors=errors,
    )


def _phone(typed: str, errors: dict[str, str], say: Language) -> str:
    if not typed:
        return ""
    try:
        return phone_number(typed)
    except ValueError:
        errors["phone"] = say.gettext("Write the number with its country, as in +7 701 123 45 67.")
        return typed


def read_letters_address(form: FormData, say: Language) -> tuple[str, str]:
    """The address and what is wrong with it, if something is."""
    typed = text(form, "letters_email", 400).lower()
    try:
        return email_address(typed), ""
    except ValueError:
        return typed, say.gettext("This is no e-mail address. It looks like name@company.example.")
