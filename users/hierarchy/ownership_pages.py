"""Becoming an owner by consent, and stepping down."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from components.web.forms import secret, text, typed
from components.web.pages import go, language, page
from users.hierarchy.models import OwnershipOffer
from users.hierarchy.naming import named, under
from users.hierarchy.ownership_display import offer_view, ownership_view, resignation_view
from users.hierarchy.owning import accept, offer, offered, step_down, withdraw
from users.hierarchy.refusing import NotThere, Refused
from users.sessions.viewing import viewer_of


async def show_ownership(request: Request) -> Response:
    """GET /users/{id}/ownership: what it means to offer it; the offer that waits, where there is one."""
    return await _answer(request)


async def offer_ownership(request: Request) -> Response:
    """POST /users/{id}/ownership: kind (second, instead), current_password."""
    form, one = await typed(request, "kind", "current_password"), named(request)
    kind = text(form, "kind", 16)
    try:
        await offer(request, viewer_of(request), one, kind, secret(form, "current_password"))
    except Refused as refused:
        return await _answer(request, kind, {refused.field: refused.said(language(request))}, 422)
    return go(request, f"/users/{one}?done=offered", fresh=True)


async def take_back(request: Request) -> Response:
    """POST /users/{id}/ownership/withdrawal"""
    await typed(request)
    viewer, one = viewer_of(request), named(request)
    found = [each for each in await offered(viewer) if each.receiver.id == one]
    if not viewer.owner or not found:
        raise NotThere
    await withdraw(request, viewer, found[0].id)
    return go(request, f"/users/{one}?done=withdrawn", fresh=True)


async def show_offer(request: Request) -> Response:
    """GET /ownership/{offer_id}: to whom it was offered."""
    return await _offer(request)


async def answer_offer(request: Request) -> Response:
    """POST /ownership/{offer_id}: answer (accept, decline), current_password to accept."""
    form, viewer, say = await typed(request, "answer", "current_password"), viewer_of(request), language(request)
    found, answer = await _received(request), text(form, "answer", 16)
    if answer == "decline":
        await withdraw(request, viewer, found.id)
        return go(request, "/", fresh=True)
    if answer != "accept":
        return await _offer(request, {"": say.gettext("Choose one: accept or decline.")}, 422)
    try:
        await accept(request, viewer, found.id, secret(form, "current_password"))
    except Refused as refused:
        return await _offer(request, {refused.field: refused.said(say)}, 422)
    return go(request, "/users", fresh=True)


async def show_resignation(request: Request) -> Response:
    """GET /users/{id}/resignation: an owner about to step down."""
    return await _resignation(request)


async def resign(request: Request) -> Response:
    """POST /users/{id}/resignation: current_password."""
    form, viewer = await typed(request, "current_password"), viewer_of(request)
    if not viewer.owner or named(request) != viewer.membership_id:
        raise NotThere
    try:
        await step_down(request, viewer, secret(form, "current_password"))
    except Refused as refused:
        return await _resignation(request, {refused.field: refused.said(language(request))}, 422)
    return go(request, "/users", fresh=True)


async def _answer(
    request: Request, kind: str = "second", errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    viewer, say = viewer_of(request), language(request)
    _, one = await under(viewer, named(request))
    if not viewer.owner:
        raise HTTPException(403)
    waiting = next((each for each in await offered(viewer) if each.receiver.id == one.id), None)
    view = ownership_view(one, waiting, kind, errors or {}, viewer, request.app.state.operator.zone, say)
    return await page(request, "users/hierarchy/ownership.html", status=status, view=view)


async def _received(request: Request) -> OwnershipOffer:
    viewer = viewer_of(request)
    found = [each for each in await offered(viewer) if each.receiver.id == viewer.membership_id]
    wanted = named(request, "offer_id")
    offers = [each for each in found if each.id == wanted]
    if not offers:
        raise NotThere
    return offers[0]


async def _offer(request: Request, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    found = await _received(request)
    view = offer_view(found, errors or {}, viewer_of(request), request.app.state.operator.zone, language(request))
    return await page(request, "users/hierarchy/offer.html", status=status, view=view)


async def _resignation(request: Request, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    viewer = viewer_of(request)
    if not viewer.owner or named(request) != viewer.membership_id:
        raise NotThere
    view = resignation_view(errors or {}, viewer, language(request))
    return await page(request, "users/hierarchy/resignation.html", status=status, view=view)
