"""My sign-ins: the list, ending one, ending all others."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from components.web.forms import query, typed
from components.web.language import Language
from components.web.pages import go, language, page
from components.web.routes import route
from users.permissions.permission import SIGNED_IN
from users.permissions.viewer import Viewer
from users.sessions.devices import device
from users.sessions.listing import SignIn, end_other_sign_ins, end_sign_in, list_sign_ins
from users.sessions.viewing import viewer_of


@dataclass(frozen=True, slots=True)
class SignInRow:
    id: int
    device: str
    system: str
    address: str
    account: str
    since: str
    seen: str
    until: str
    own: bool


@dataclass(frozen=True, slots=True)
class SignInList:
    rows: tuple[SignInRow, ...]
    others: bool
    ended: bool


async def index(request: Request) -> Response:
    """GET /profile/sessions"""
    viewer, say, operator = viewer_of(request), language(request), request.app.state.operator
    zone = ZoneInfo(viewer.time_zone) if viewer.time_zone else operator.zone
    found = await list_sign_ins(viewer, operator.sessions)
    view = SignInList(
        rows=tuple(_row(each, viewer, zone, say) for each in found),
        others=len(found) > 1,
        ended=query(request).get("ended") == "1",
    )
    return await page(
        request, "users/sessions/sign_ins.html", fragment="users/sessions/_sign_ins.html", view=view, here="sessions"
    )


async def end_one(request: Request) -> Response:
    """POST /profile/sessions/{id}/ending"""
    await typed(request)
    await end_sign_in(request, viewer_of(request), _id(request))
    return go(request, "/profile/sessions?ended=1", fresh=True)


async def end_others(request: Request) -> Response:
    """POST /profile/sessions/ending: all but this one."""
    await typed(request)
    await end_other_sign_ins(request, viewer_of(request))
    return go(request, "/profile/sessions?ended=1", fresh=True)


def _id(request: Request) -> int:
    text = request.path_params["id"]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise HTTPException(404)
    return int(text)


def _row(each: SignIn, viewer: Viewer, zone: ZoneInfo, say: Language) -> SignInRow:
    browser, system = device(each.agent)
    return SignInRow(
        id=each.id,
        device=browser or say.gettext("Unknown device"),
        system=system,
        address=each.address,
        account=each.account or "",
        since=say.moment(each.created_at, zone),
        seen=say.moment(each.seen_at, zone),
        until=say.moment(each.expires_at, zone),
        own=each.id == viewer.session_id,
    )


routes = [
    route("/profile/sessions", index, needs=SIGNED_IN),
    route("/profile/sessions/ending", end_others, needs=SIGNED_IN, methods=("POST",)),
    route("/profile/sessions/{id}/ending", end_one, needs=SIGNED_IN, methods=("POST",)),
]
