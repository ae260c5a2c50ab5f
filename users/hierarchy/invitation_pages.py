"""The link of an invitation: who invites to what, and coming in."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from components.web.csrf import set_cookie
from components.web.forms import secret, typed
from components.web.headers import without_path
from components.web.pages import go, language, page
from users.hierarchy.accepting import accept, invitation
from users.hierarchy.invitation_display import invitation_view, over_view
from users.hierarchy.refusing import NotThere, Refused
from users.sessions.choosing import choose_account
from users.sessions.confirmed import remember
from users.sessions.gate import recognise
from users.sessions.known_devices import keep_device
from users.sessions.signing_in import SignedIn, sign_in
from users.sessions.tokens import COOKIE


async def show_invitation(request: Request) -> Response:
    """GET /invitations/{token}: opens nothing yet; a link that opens nothing any more says what to do."""
    return await _answer(request)


async def accept_invitation(request: Request) -> Response:
    """POST /invitations/{token}/acceptance"""
    password = secret(await typed(request, "password"), "password")
    token, viewer = request.path_params["token"], await recognise(request)
    found = await invitation(request, token)
    if found and viewer and viewer.email != found.email:
        return await _answer(request, 422)
    try:
        accepted = await accept(request, token, viewer, password)
    except Refused as refused:
        if refused.field:
            return await _answer(request, 422, refused.said(language(request)))
        return go(request, f"/sign-in?next={quote(f'/invitations/{token}', safe='/')}", fresh=True)
    except NotThere:
        return await _answer(request, 410)
    if accepted.new:
        response = go(request, "/sign-in", fresh=True)
        remember(request, response, accepted.email)
        return response
    if viewer is None:
        return await _come_in(request, accepted.email, password)
    await _turn_to(request, accepted.account)
    return go(request, "/", fresh=True)


async def _come_in(request: Request, email: str, password: str) -> Response:
    """Signed in by the password that was just proved; where that can't be (a place for a later day), by the form."""
    outcome = await sign_in(request, email, password, remember=False)
    response = go(request, "/" if isinstance(outcome, SignedIn) else "/sign-in", fresh=True)
    if isinstance(outcome, SignedIn):
        set_cookie(request, response, COOKIE, outcome.token, outcome.max_age)
        keep_device(request, response)
    return response


async def _turn_to(request: Request, account: str) -> None:
    """To the new account, as the switcher of the top bar would; not where it opens on a later day only."""
    del request.state.viewer  # as it was before
    viewer = await recognise(request)
    if viewer and any(each.number == account for each in viewer.accounts):
        await choose_account(viewer, account)


async def _answer(request: Request, status: int = 200, error: str = "") -> Response:
    token = request.path_params["token"]
    found, viewer = await invitation(request, token), await recognise(request)
    say, zone = language(request), request.app.state.operator.zone
    if found is None:
        over = over_view(viewer, say)
        return without_path(await page(request, "users/hierarchy/invitation_over.html", status=410, view=over))
    view = invitation_view(found, token, viewer, zone, say, error)
    return without_path(await page(request, "users/hierarchy/invitation.html", status=status, view=view))
