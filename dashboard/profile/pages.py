"""My profile: own name, language and theme."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from components.web.forms import query, typed
from components.web.pages import go, language, page
from components.web.routes import route
from dashboard.profile.display import profile_view
from dashboard.profile.forms import Typed, read_profile
from users.hierarchy.own_data import change_own_data
from users.permissions.permission import SIGNED_IN
from users.sessions.viewing import viewer_of


async def show(request: Request) -> Response:
    """GET /profile"""
    viewer = viewer_of(request)
    known = Typed(viewer.first_name, viewer.last_name, viewer.language or "", viewer.theme or "", {})
    return await _answer(request, known, saved=query(request).get("saved") == "1")


async def change(request: Request) -> Response:
    """POST /profile: first_name, last_name, language, theme. Fields of any other name are not looked at."""
    viewer, say = viewer_of(request), language(request)
    offered = request.app.state.operator.languages
    sent = read_profile(await typed(request, "first_name", "last_name", "language", "theme"), offered, say)
    if sent.errors:
        return await _answer(request, sent, status=422)
    await change_own_data(request, viewer, sent.first_name, sent.last_name, sent.language or None, sent.theme or None)
    # Language and theme are the whole page's: it is loaded anew.
    return go(request, "/profile?saved=1", fresh=True)


async def _answer(request: Request, shown: Typed, *, saved: bool = False, status: int = 200) -> Response:
    view = profile_view(shown, viewer_of(request), request.app.state.operator.languages, saved, language(request))
    return await page(
        request,
        "dashboard/profile/index.html",
        fragment="dashboard/profile/_form.html",
        status=status,
        view=view,
    )


routes = [
    route("/profile", show, needs=SIGNED_IN),
    route("/profile", change, needs=SIGNED_IN, methods=("POST",)),
]
