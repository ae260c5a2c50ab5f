"""Moving somebody to another place: where to, what their rights come to there, doing it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from components.web.forms import query, text, typed
from components.web.pages import go, language, page
from users.hierarchy.moving import move_to
from users.hierarchy.naming import named, under
from users.hierarchy.place_display import place_view
from users.hierarchy.places import OWNERS, chosen_place, parent_of, places
from users.hierarchy.refusing import Refused
from users.sessions.viewing import viewer_of


async def show_place(request: Request) -> Response:
    """GET /users/{id}/place?q=&to=: where they can stand; with ``to`` what they may do there. Changes nothing."""
    return await _answer(request, query(request).get("to", ""))


async def change_place(request: Request) -> Response:
    """POST /users/{id}/place: to (a user's number, or ``owners``)."""
    to = text(await typed(request, "to"), "to", 20)
    if not to:
        return await _answer(request, "", language(request).gettext("Choose who they will stand under."), 422)
    parent_id = None if to == OWNERS else int(to) if to.isascii() and to.isdigit() else 0
    try:
        moved = await move_to(request, viewer_of(request), named(request), parent_id)
    except Refused as refused:
        return await _answer(request, "", refused.said(language(request)), 422)
    return go(request, f"/users/{moved.id}?done=moved", fresh=True)


async def _answer(request: Request, to: str, error: str = "", status: int = 200) -> Response:
    viewer, say = viewer_of(request), language(request)
    actor, one = await under(viewer, named(request))
    search = query(request).get("q", "").strip()[:100]
    found = await places(actor, one, search)
    view = place_view(
        one, await parent_of(one), found, await chosen_place(actor, one, to), actor, search, viewer, error, say
    )
    return await page(
        request, "users/hierarchy/place.html", fragment="users/hierarchy/_place.html", status=status, view=view
    )
