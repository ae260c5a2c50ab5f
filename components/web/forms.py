"""What was typed, as text: one value a name, trimmed of nothing but control characters and outer blanks.

A name that comes twice counts with its first value, in an address as in a form; where a field may be repeated its page
asks for all of them. So what is checked and what is used are never two different values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request

from components.web.log import log

LONGEST = 2000
_NAME = re.compile(r"[A-Za-z0-9_.\[\]-]{1,64}")
MOST_NAMES = 20


async def typed(request: Request, *names: str) -> FormData:
    """The posted form, of which the page reads ``names``. Whatever else was sent is not looked at, but its names are
    logged: our own pages send nothing else, so somebody tries what a hidden field might do."""
    from components.web.csrf import MAX_FIELDS

    form = await request.form(max_files=0, max_fields=MAX_FIELDS)
    others = sorted({*form} - {*names, "csrf_token"})
    if others:
        told = [each if _NAME.fullmatch(each) else "?" for each in others[:MOST_NAMES]]
        log.warning("fields nobody asked for", route=getattr(request.scope.get("route"), "path", "-"), names=told)
    return form


def query(request: Request) -> dict[str, str]:
    """What stands behind the question mark of the address."""
    return {name: request.query_params.getlist(name)[0] for name in request.query_params}


def query_all(request: Request, name: str) -> list[str]:
    """Every value of a name that may come several times, in the order sent."""
    return request.query_params.getlist(name)


def text(form: FormData | QueryParams | Mapping[str, object], name: str, longest: int = LONGEST) -> str:
    """One field's text. A file or nothing is empty."""
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
