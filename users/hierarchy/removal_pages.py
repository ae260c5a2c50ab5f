"""Removing somebody: what it comes to, doing it, taking it back."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from components.web.forms import query, text, typed
from components.web.pages import go, language, page
from users.hierarchy.list_pages import answer_list
from users.hierarchy.naming import named, under
from users.hierarchy.refusing import Refused
from users.hierarchy.removal_display import removal_view
from users.hierarchy.removing import preview, remove
from users.hierarchy.tree import branch
from users.hierarchy.undoing import undo
from users.sessions.viewing import viewer_of


async def show_removal(request: Request) -> Response:
    """GET /users/{id}/removal?way=branch|children: who goes, who moves up and with what, what ends. Changes nothing."""
    return await _answer(request, query(request).get("way", ""))


async def take_away(request: Request) -> Response:
    """POST /users/{id}/removal: way."""
    way = text(await typed(request, "way"), "way", 16)
    try:
        await remove(request, viewer_of(request), named(request), way)
    except Refused as refused:
        return await _answer(request, way, refused.said(language(request)), 422)
    return go(request, "/users", fresh=True)


async def restore(request: Request) -> Response:
    """POST /users/removals/{id}/restoration"""
    await typed(request)
    try:
        restored = await undo(request, viewer_of(request), named(request))
    except Refused as refused:
        return await answer_list(request, refused.said(language(request)), 422)
    return go(request, f"/users/{restored.id}?done=restored", fresh=True)


async def _answer(request: Request, way: str, error: str = "", status: int = 200) -> Response:
    viewer, say = viewer_of(request), language(request)
    _, one = await under(viewer, named(request))
    below = len(await branch(one.account_id, one.line)) - 1
    if way not in ("branch", "children"):
        way = "children" if below else "branch"
    plan = await preview(viewer, one.id, way)
    return await page(
        request,
        "users/hierarchy/removal.html",
        fragment="users/hierarchy/_removal.html",
        status=status,
        view=removal_view(plan, viewer, error, say),
    )
