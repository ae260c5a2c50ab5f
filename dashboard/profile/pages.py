"""My profile: own data, where letters go."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from components.data import clock
from components.ui.parts import Field
from components.web.forms import query, typed
from components.web.pages import go, language, page
from components.web.routes import route
from dashboard.profile.display import LettersView, profile_view
from dashboard.profile.forms import NAMES, Typed, read_letters_address, read_notifications, read_profile, wanted_now
from users.hierarchy.letters_address import ask_for_address, confirm_address
from users.hierarchy.own_data import OwnData, change_own_data, own_data
from users.permissions.permission import SIGNED_IN
from users.sessions.viewing import viewer_of


async def show(request: Request) -> Response:
    """GET /profile"""
    asked = query(request)
    done = "saved" if asked.get("saved") == "1" else "told" if asked.get("told") == "1" else ""
    return await _answer(request, await _stored(request), done=done)


async def change(request: Request) -> Response:
    """POST /profile: first_name, last_name, phone, language, time_zone, theme; no other field."""
    viewer, say = viewer_of(request), language(request)
    sent = read_profile(await typed(request, *NAMES), request.app.state.operator.languages, say)
    if sent.errors:
        return await _answer(request, sent, status=422)
    await change_own_data(request, viewer, sent.changes)
    # Language and theme are the whole page's: it is loaded anew.
    return go(request, "/profile?saved=1", fresh=True)


async def change_notifications(request: Request) -> Response:
    """POST /profile/notifications: what one wants to be told of, by which way."""
    wanted = read_notifications(await typed(request, "notifications"))
    await change_own_data(request, viewer_of(request), {"notifications": wanted})
    return go(request, "/profile?told=1#notifications", fresh=True)


async def change_letters(request: Request) -> Response:
    """POST /profile/letters: letters_email, which counts once it is confirmed."""
    address, error = read_letters_address(await typed(request, "letters_email"), language(request))
    if error:
        return await _answer(request, await _stored(request), status=422, letters=(address, error))
    await ask_for_address(request, viewer_of(request), address)
    return go(request, "/profile?letters=asked#letters", fresh=True)


async def show_letters_link(request: Request) -> Response:
    """GET /profile/letters/{token}: a link in a letter changes nothing by being opened."""
    return await page(request, "dashboard/profile/letters.html", token=request.path_params["token"], dead=False)


async def confirm_letters(request: Request) -> Response:
    """POST /profile/letters/{token}"""
    await typed(request)
    token = request.path_params["token"]
    if await confirm_address(request, viewer_of(request), token) is None:
        return await page(request, "dashboard/profile/letters.html", status=422, token=token, dead=True)
    return go(request, "/profile?letters=confirmed#letters", fresh=True)


async def _stored(request: Request) -> Typed:
    found = await _own(request)
    return Typed(
        first_name=found.first_name,
        last_name=found.last_name,
        phone=found.phone or "",
        language=found.language or "",
        time_zone=found.time_zone or "",
        theme=found.theme or "",
        notifications=wanted_now(found.told),
    )


async def _own(request: Request) -> OwnData:
    """Asked of the database once a request."""
    if not hasattr(request.state, "own_data"):
        request.state.own_data = await own_data(viewer_of(request))
    found: OwnData = request.state.own_data
    return found


async def _answer(
    request: Request, shown: Typed, *, done: str = "", status: int = 200, letters: tuple[str, str] = ("", "")
) -> Response:
    viewer, say, operator = viewer_of(request), language(request), request.app.state.operator
    return await page(
        request,
        "dashboard/profile/index.html",
        fragment="dashboard/profile/_form.html",
        status=status,
        view=profile_view(shown, viewer, operator, done, say, clock.now()),
        letters=await _letters(request, *letters),
    )


async def _letters(request: Request, address: str, error: str) -> LettersView:
    say, found = language(request), await _own(request)
    goes_to, done = found.letters_email or found.email, query(request).get("letters", "")
    return LettersView(
        address=goes_to,
        waiting=found.waiting or "",
        field=Field(
            "letters_email",
            say.gettext("Send them to"),
            address or goes_to,
            kind="email",
            error=error,
            autocomplete="email",
        ),
        asked=done == "asked",
        confirmed=done == "confirmed",
    )


routes = [
    route("/profile", show, needs=SIGNED_IN),
    route("/profile", change, needs=SIGNED_IN, methods=("POST",)),
    route("/profile/notifications", change_notifications, needs=SIGNED_IN, methods=("POST",)),
    route("/profile/letters", change_letters, needs=SIGNED_IN, methods=("POST",)),
    route("/profile/letters/{token}", show_letters_link, needs=SIGNED_IN),
    route("/profile/letters/{token}", confirm_letters, needs=SIGNED_IN, methods=("POST",)),
]
