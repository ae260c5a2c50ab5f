"""One handler, two answers: the whole page, or its fragment for HTMX. ``HX-`` is written in this file only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from components.web import csrf
from components.web.forms import query
from components.web.language import Language, language_of, preferred
from components.web.templates import render

LANGUAGE_COOKIE = "kabinet_language"


def wants_fragment(request: Request) -> bool:
    """HTMX asked for a part; a history restore and a boosted link want the whole page."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
        and request.headers.get("HX-Boosted") != "true"
    )


def takes(request: Request) -> str:
    """``page``, unless the request says that it takes none (Accept): then ``json``, or ``plain`` text."""
    accepted = set()
    for part in request.headers.get("accept", "*/*").lower().split(","):
        kind, *rules = (each.strip() for each in part.split(";"))
        if kind and not any(re.fullmatch(r"q=0(\.0*)?", rule) for rule in rules):
            accepted.add(kind)
    if not accepted or accepted & {"*/*", "text/*", "text/html", "application/xhtml+xml"}:
        return "page"
    return "json" if any(kind.endswith(("/json", "+json")) for kind in accepted) else "plain"


def language(request: Request) -> Language:
    """The reader's language: their profile's, else the choice in their cookie, else what their browser prefers."""
    known = getattr(request.state, "language", None)
    if known is not None:
        return known  # type: ignore[no-any-return]
    offered = request.app.state.operator.languages
    viewer = getattr(request.state, "viewer", None)
    code = (viewer.language if viewer else None) or request.cookies.get(LANGUAGE_COOKIE)
    if code not in offered:
        code = preferred(request.headers.get("accept-language", ""), offered)
    request.state.language = language_of(code)
    return request.state.language  # type: ignore[no-any-return]


async def page(request: Request, template: str, *, fragment: str = "", status: int = 200, **context: Any) -> Response:
    """Answers with ``template``, or with ``fragment`` alone where HTMX asked and there is one.

    The fragment is a file which the template includes, so what it shows is in the page letter for letter.
    """
    part = bool(fragment) and wants_fragment(request)
    frame = await request.app.state.frame(request, bar=not part)
    body = render(language(request).code, fragment if part else template, {"frame": frame, **context})
    response = HTMLResponse(body, status_code=status)
    response.headers["vary"] = "HX-Request, Accept-Language, Cookie"
    csrf.keep_form_cookie(request, response)
    return response


def go(request: Request, address: str, *, fresh: bool = False) -> Response:
    """After a form, or instead of a page: to another address of ours. HTMX is told to load it whole."""
    if wants_fragment(request) and fresh:
        return Response(status_code=204, headers={"HX-Redirect": address, "vary": "HX-Request"})
    return RedirectResponse(address, status_code=303, headers={"vary": "HX-Request"})


def own_path(address: str) -> str:
    """``address`` if it is a path of this site, else ``/``. Never another site, a scheme or a doubled slash."""
    parts = urlsplit(address)
    if (
        not address.startswith("/")
        or address.startswith(("//", "/\\"))
        or parts.scheme
        or parts.netloc
        or any(letter < " " or letter == "\\" for letter in address)
    ):
        return "/"
    return address


def here(request: Request) -> str:
    """This page's path and query, as sent."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    query = request.scope.get("query_string", b"")
    path: str = raw.decode("latin-1") + ("?" + query.decode("latin-1") if query else "")
    return own_path(path)


def query_with(request: Request, changes: Mapping[str, str | None]) -> dict[str, str]:
    """The query's first values with some changed; None takes one out."""
    values = query(request)
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    return values
