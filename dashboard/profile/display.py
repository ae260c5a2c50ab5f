"""One's own profile as its template needs it."""

from __future__ import annotations

from dataclasses import dataclass

from components.data.operator import LANGUAGE_NAMES
from components.ui.parts import Fact, Field, Option
from components.web.language import Language
from dashboard.profile.forms import Typed
from users.permissions.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ProfileView:
    first_name: Field
    last_name: Field
    language: tuple[Option, ...]
    theme: tuple[Option, ...]
    facts: tuple[Fact, ...]  # e-mail, account, role
    saved: bool


def profile_view(typed: Typed, viewer: Viewer, offered: tuple[str, ...], saved: bool, say: Language) -> ProfileView:
    return ProfileView(
        first_name=Field(
            "first_name",
            say.gettext("First name"),
            typed.first_name,
            error=typed.errors.get("first_name", ""),
            autocomplete="given-name",
        ),
        last_name=Field(
            "last_name",
            say.gettext("Last name"),
            typed.last_name,
            error=typed.errors.get("last_name", ""),
            autocomplete="family-name",
        ),
        language=(
            Option("", say.gettext("As the browser asks"), not typed.language),
            *(Option(code, LANGUAGE_NAMES[code], code == typed.language) for code in offered),
        ),
        theme=(
            Option("", say.gettext("As the system shows"), not typed.theme),
            Option("light", say.gettext("Light"), typed.theme == "light"),
            Option("dark", say.gettext("Dark"), typed.theme == "dark"),
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
        saved=saved,
    )
