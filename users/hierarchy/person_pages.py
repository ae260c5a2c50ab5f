"""One person: what they may and why, changing it, suspending, inviting again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from components.web.forms import query
from components.web.forms import typed as posted
from components.web.pages import go, language, page
from users.hierarchy.acting import today as today_of
from users.hierarchy.contracts import contracts_of
from users.hierarchy.editing import change
from users.hierarchy.explaining import why
from users.hierarchy.form_display import as_granted, member_form
from users.hierarchy.form_pages import told
from users.hierarchy.forms import CHANGED, Typed, read_member
from users.hierarchy.inviting import send_again
from users.hierarchy.last_seen import last_seen
from users.hierarchy.naming import named, under
from users.hierarchy.person_display import person_view
from users.hierarchy.reading import person
from users.hierarchy.refusing import Refused
from users.hierarchy.suspending import resume, suspend
from users.hierarchy.why_display import why_view
from users.permissions.viewer import Viewer
from users.sessions.viewing import viewer_of

INBOX = "/demo/inbox"


async def show(request: Request) -> Response:
    """GET /users/{id}"""
    return await _answer(request)


async def save(request: Request) -> Response:
    """POST /users/{id}: the fields of the form; email only while they have not confirmed."""
    viewer, say = viewer_of(request), language(request)
    form = await posted(request, *CHANGED)
    _, one = await under(viewer, named(request))
    typed, wanted = read_member(form, {each.number: each.id for each in viewer.contracts}, say, one)
    if wanted is None:
        return await _answer(request, typed, status=422)
    try:
        await change(request, viewer, one.id, wanted)
    except Refused as refused:
        return await _answer(request, told(typed, refused, say), status=422)
    return go(request, f"/users/{one.id}?done=saved", fresh=True)


async def send_letter(request: Request) -> Response:
    """POST /users/{id}/invitation"""
    return await _act(request, send_again, "sent")


async def shut_out(request: Request) -> Response:
    """POST /users/{id}/suspension"""
    return await _act(request, suspend, "suspended")


async def let_in(request: Request) -> Response:
    """POST /users/{id}/resumption"""
    return await _act(request, resume, "resumed")


async def _act(request: Request, act: Callable[[Request, Viewer, int], Awaitable[Any]], done: str) -> Response:
    await posted(request)
    one = named(request)
    try:
        await act(request, viewer_of(request), one)
    except Refused as refused:
        return await _answer(request, error=refused.said(language(request)), status=422)
    return go(request, f"/users/{one}?done={done}", fresh=True)


async def _answer(request: Request, typed: Typed | None = None, error: str = "", status: int = 200) -> Response:
    viewer, say, today = viewer_of(request), language(request), today_of(request)
    found = await person(viewer, named(request), today)
    one, form, reasons = found.member, None, None
    if found.person.acts:
        known = typed or as_granted(one, await contracts_of(one.account_id))
        form = member_form(known, viewer, say, today, one)
    if not one.owner:
        reasons = why_view(await why(viewer, one.id, today), say)
    done = "added" if query(request).get("added") == "1" else query(request).get("done", "")
    view = person_view(
        found,
        await last_seen(one.id),
        form,
        reasons,
        done if status == 200 else "",
        error,
        viewer,
        today,
        request.app.state.operator.zone,
        say,
    )
    if done in ("added", "sent") and request.app.state.settings.demo:
        view = replace(view, inbox=INBOX)
    return await page(
        request, "users/hierarchy/person.html", fragment="users/hierarchy/_person.html", status=status, view=view
    )
