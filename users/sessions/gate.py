"""The gate before every page: signed in? allowed? Not signed in → the sign-in page; not allowed → 403."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

from components.web.csrf import cookie_name
from components.web.pages import here, own_path, wants_fragment
from users.journal.refusing import note_refused
from users.permissions.permission import SIGNED_IN, Permission
from users.permissions.viewer import Viewer
from users.sessions.tokens import COOKIE
from users.sessions.viewing import viewer_for, viewer_of

REPLACING = "/profile/security"
# What a temporary password opens: the page that replaces it, and the way out.
OPEN_TO_TEMPORARY = frozenset({REPLACING, "/sign-out"})


async def recognise(request: Request) -> Viewer | None:
    """Who sends this request; asked of the database once a request."""
    if not hasattr(request.state, "viewer"):
        token = request.cookies.get(cookie_name(request, COOKIE))
        operator = request.app.state.operator
        request.state.viewer = await viewer_for(token, operator.sessions, operator.zone) if token else None
    viewer: Viewer | None = request.state.viewer
    return viewer


async def gate(request: Request, needs: Any) -> None:
    """Lets the request pass or raises. A need is a Permission or SIGNED_IN; anything else is a mistake of ours."""
    viewer = await recognise(request)
    if viewer is None:
        raise sign_in_first(request)
    if viewer.password_temporary and request.scope["path"] not in OPEN_TO_TEMPORARY:
        raise replace_first(request)
    if needs is SIGNED_IN:
        return
    if not isinstance(needs, Permission):
        raise TypeError(f"not a need: {needs!r}")
    if not viewer.may(needs):
        raise HTTPException(403)


async def refused(request: Request) -> None:
    """A page behind the gate found nothing within reach: noted."""
    await note_refused(request, viewer_of(request))


def sign_in_first(request: Request) -> HTTPException:
    """303 to the sign-in page and back."""
    return _first("/sign-in", request)


def replace_first(request: Request) -> HTTPException:
    """303 to the page that replaces a temporary password, and back."""
    return _first(REPLACING, request)


def _first(place: str, request: Request) -> HTTPException:
    """303 to another page, then back to this one or, from a form, to its page; a fragment has HTMX load it whole."""
    back = here(request) if request.method == "GET" else _form_page(request)
    address = place + ("" if back == "/" else f"?next={quote(back, safe='/')}")
    if wants_fragment(request):
        return HTTPException(401, headers={"HX-Redirect": address})
    return HTTPException(303, headers={"location": address})


def _form_page(request: Request) -> str:
    """The page of ours that a form was sent from, so that what was typed there can be brought back."""
    sent_from = urlsplit(request.headers.get("referer", ""))
    if f"{sent_from.scheme}://{sent_from.netloc}" not in request.app.state.origins:
        return "/"
    return own_path(sent_from.path + (f"?{sent_from.query}" if sent_from.query else ""))
