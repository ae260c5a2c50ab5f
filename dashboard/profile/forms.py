"""One's own profile: name, language, theme."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData

from components.web.forms import text
from components.web.language import Language

LONGEST_NAME = 100
THEMES = ("", "light", "dark")


@dataclass(frozen=True, slots=True)
class Typed:
    """Empty language and theme mean: as the browser asks, as the system shows. ``errors`` by field."""

    first_name: str
    last_name: str
    language: str
    theme: str
    errors: dict[str, str]


def read_profile(form: FormData, offered: tuple[str, ...], say: Language) -> Typed:
    errors = {}
    names = {}
    for name in ("first_name", "last_name"):
        names[name] = text(form, name, 400)
        if len(names[name]) > LONGEST_NAME:
            errors[name] = say.gettext("At most %(n)s letters, please.") % {"n": LONGEST_NAME}
    language, theme = text(form, "language", 8), text(form, "theme", 8)
    if language and language not in offered:
        errors["language"] = say.gettext("The cabinet does not speak this language.")
    if theme not in THEMES:
        errors["theme"] = say.gettext("There is no such theme.")
    return Typed(names["first_name"], names["last_name"], language, theme, errors)
