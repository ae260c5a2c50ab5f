"""From an accepted invitation to the sign-in page: whose address is confirmed, told by a cookie and not by an address,
which would stay in the browser's history."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from components.web.csrf import cookie_name, set_cookie

COOKIE = "kabinet_confirmed"
LASTS = 600  # seconds


def remember(request: Request, response: Response, email: str) -> None:
    set_cookie(request, response, COOKIE, email, LASTS)


def recall(request: Request) -> str:
    """The login to fill in; empty where nobody has just confirmed one."""
    found = request.cookies.get(cookie_name(request, COOKIE), "")[:254]
    return found if "@" in found else ""


def forget(request: Request, response: Response) -> None:
    if recall(request):
        response.delete_cookie(
            cookie_name(request, COOKIE), path="/", secure=request.app.state.settings.https, httponly=True
        )
