"""A new password, typed twice; a login whose password is forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.datastructures import FormData

from components.web.forms import secret
from components.web.language import Language

LONGEST_TYPED = 1000  # far more than any rule allows, so that it is refused and never cut


@dataclass(frozen=True, slots=True)
class NewPassword:
    """``errors`` by field. What was typed is never shown again."""

    password: str = ""
    current: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def read_new_password(form: FormData, say: Language, *, current: bool) -> NewPassword:
    """The fields ``password`` and ``password_again``, with ``current_password`` where the old one is asked for."""
    errors = {}
    typed = {name: secret(form, name)[:LONGEST_TYPED] for name in ("current_password", "password", "password_again")}
    if current and not typed["current_password"]:
        errors["current_password"] = say.gettext("Type the password you have now.")
    if not typed["password"]:
        errors["password"] = say.gettext("Type the new password.")
    elif typed["password"] != typed["password_again"]:
        errors["password_again"] = say.gettext("The two passwords differ. Type the same one twice.")
    return NewPassword(typed["password"], typed["current_password"], errors)
