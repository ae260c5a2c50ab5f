"""A new user, and changes to one: the form."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from components.data import clock
from components.web.forms import typed as posted
from components.web.language import Language
from components.web.pages import go, language, page
from users.hierarchy.adding import add
from users.hierarchy.form_display import MemberForm, member_form
from users.hierarchy.forms import NAMES, Typed, read_member
from users.hierarchy.refusing import Refused
from users.sessions.viewing import viewer_of


@dataclass(frozen=True, slots=True)
class NewUser:
    lead: str
    form: MemberForm


async def show_new(request: Request) -> Response:
    """GET /users/new"""
    viewer = viewer_of(request)
    limits = {
        "valid_until": viewer.valid_until.isoformat() if viewer.valid_until else "",
        "documents_from": viewer.documents_from.isoformat() if viewer.documents_from else "",
        "documents_until": viewer.documents_until.isoformat() if viewer.documents_until else "",
    }
    return await _answer(request, Typed(reach="all" if viewer.reach is None else "chosen", days=limits))


async def create(request: Request) -> Response:
    """POST /users/new, and POST /users"""
    viewer, say = viewer_of(request), language(request)
    contracts = {each.number: each.id for each in viewer.contracts}
    typed, wanted = read_member(await posted(request, *NAMES), contracts, say)
    if wanted is None:
        return await _answer(request, typed, 422)
    try:
        made = await add(request, viewer, wanted)
    except Refused as refused:
        return await _answer(request, told(typed, refused, say), 422)
    return go(request, f"/users/{made.id}?added=1", fresh=True)


def told(typed: Typed, refused: Refused, say: Language) -> Typed:
    """The form again, with what the domain refused beside its field."""
    return replace(typed, errors={**typed.errors, refused.field: refused.said(say)})


async def _answer(request: Request, typed: Typed, status: int = 200) -> Response:
    viewer, say = viewer_of(request), language(request)
    today = clock.today(request.app.state.operator.zone)
    lead = say.gettext("Will stand under you, %(name)s. Nobody can give a right they do not have.") % {
        "name": viewer.name
    }
    view = NewUser(lead, member_form(typed, viewer, say, today))
    return await page(
        request, "users/hierarchy/new.html", fragment="users/hierarchy/_form.html", status=status, view=view
    )
