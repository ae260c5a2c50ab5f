"""Cross-site request forgery: a form counts only if it comes from our own page.

Two independent checks: the browser's own word on where the request began (Sec-Fetch-Site, Origin), and a token
in the form that only a page of ours could have shown. The token is an HMAC of the person's cookie: nothing to store.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

MAX_FIELDS = 200


class Forged(HTTPException):
    """The form is not from our page, or its page is too old."""

    def __init__(self, why: str) -> None:
        super().__init__(403, why)


def cookie_name(request: Request, name: str) -> str:
    """``__Host-`` binds a cookie to our host over https; plain http (the demo) can't carry it."""
    return f"__Host-{name}" if request.app.state.settings.https else name


def set_cookie(request: Request, response: Response, name: str, value: str, max_age: int | None = None) -> None:
    """A cookie no script can read, for this host, not sent from other sites."""
    response.set_cookie(
        cookie_name(request, name),
        value,
        max_age=max_age,
        path="/",
        httponly=True,
        secure=request.app.state.settings.https,
        samesite="lax",
    )


def form_cookie(request: Request) -> str:
    """What tokens are bound to: the sign-in's cookie, or one given to the not signed in."""
    session = request.cookies.get(cookie_name(request, "kabinet_session"))
    if session:
        return session
    known = request.cookies.get(cookie_name(request, "kabinet_form"))
    if known and len(known) >= 32:
        return known
    if not hasattr(request.state, "form_cookie"):
        request.state.form_cookie = secrets.token_urlsafe(32)
    return str(request.state.form_cookie)


def token(request: Request) -> str:
    """The token for forms of this page."""
    key = request.app.state.settings.secret_key.get_secret_value().encode()
    return hmac.new(key, b"form:" + form_cookie(request).encode(), hashlib.sha256).hexdigest()


def keep_form_cookie(request: Request, response: Response) -> None:
    """Sets the cookie that this page's token is bound to, where the visitor had none."""
    made = getattr(request.state, "form_cookie", None)
    if made:
        set_cookie(request, response, "kabinet_form", made)


def check_origin(request: Request) -> None:
    """Refuses what a browser says began on another site."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        raise Forged("sec-fetch-site")
    origin = request.headers.get("origin")
    if origin is not None and origin not in request.app.state.origins:
        raise Forged("origin")


async def check_form(request: Request) -> None:
    """Refuses a form without our token. The parsed form stays with the request."""
    sent = request.headers.get("x-csrf-token", "")
    if not sent:
        form = await request.form(max_files=0, max_fields=MAX_FIELDS)
        value = form.get("csrf_token")
        sent = value if isinstance(value, str) else ""
    if not hmac.compare_digest(sent.encode(), token(request).encode()):
        raise Forged("token")
