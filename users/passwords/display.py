"""The pages about passwords as their templates need them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.data.operator import Operator
from components.ui.parts import Field
from components.web.language import Language
from users.passwords.policy import hint


@dataclass(frozen=True, slots=True)
class PasswordForm:
    """``login`` is whose password it is, for the browser's own list of passwords."""

    login: str
    fields: tuple[Field, ...]
    error: str = ""


def password_form(
    operator: Operator,
    say: Language,
    login: str,
    errors: Mapping[str, str],
    *,
    current: bool,
    temporary: bool = False,
    error: str = "",
) -> PasswordForm:
    """Two fields for the new password; before them one for the old, where it is asked for."""
    old = Field(
        "current_password",
        say.gettext("Your current password"),
        kind="password",
        hint=say.gettext("The one from the letter with your invitation.") if temporary else "",
        error=errors.get("current_password", ""),
        autocomplete="current-password",
        required=True,
    )
    new = (
        Field(
            "password",
            say.gettext("New password"),
            kind="password",
            hint=hint(operator, say),
            error=errors.get("password", ""),
            autocomplete="new-password",
            required=True,
        ),
        Field(
            "password_again",
            say.gettext("New password once more"),
            kind="password",
            error=errors.get("password_again", ""),
            autocomplete="new-password",
            required=True,
        ),
    )
    return PasswordForm(login, (old, *new) if current else new, error)


def login_field(say: Language, typed: str, error: str) -> Field:
    return Field(
        "login",
        say.gettext("Account number or e-mail"),
        typed,
        error=error,
        autocomplete="username",
        required=True,
    )


def wait(say: Language, seconds: int) -> str:
    """Too many tries: how long to wait."""
    minutes = -(-seconds // 60)
    return say.ngettext(
        "Too many tries. Please wait %(n)s minute.", "Too many tries. Please wait %(n)s minutes.", minutes
    ) % {"n": minutes}
