"""What was typed, as text: one value a name, trimmed of nothing but control characters and outer blanks."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request

LONGEST = 2000


async def typed(request: Request) -> FormData:
    """The posted form."""
    from components.web.csrf import MAX_FIELDS

    return await request.form(max_files=0, max_fields=MAX_FIELDS)


def text(form: FormData | QueryParams | Mapping[str, object], name: str, longest: int = LONGEST) -> str:
    """One field's text. A name sent twice counts with its first value; a file or nothing is empty."""
    if isinstance(form, FormData | QueryParams):
        values = form.getlist(name)
        value: object = values[0] if values else ""
    else:
        value = form.get(name, "")
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in value if letter >= " " and letter != "\x7f").strip()[:longest]


def secret(form: FormData, name: str) -> str:
    """A password as typed: not trimmed, not changed (ASVS 6.2.8)."""
    values = form.getlist(name)
    return values[0] if values and isinstance(values[0], str) else ""
