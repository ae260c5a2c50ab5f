"""What stands around every page: one query for the bar, none for a fragment."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request

from billing.ledger.position import NOTHING, Position, position_of
from components.data import clock
from components.data.operator import LANGUAGE_NAMES, Operator
from components.ui.brand import brand_href
from components.ui.frame import Brand, Contact, Due, Ending, Frame, TopBar
from components.ui.parts import Link, Option
from components.web import csrf
from components.web.language import Language
from components.web.pages import here, language
from dashboard.freshness import Freshness
from dashboard.navigation import navigation
from users.permissions.permission import Permission
from users.permissions.viewer import Viewer
from users.sessions.gate import recognise

# What the choice of a contract narrows; who may see none of it is offered none.
NARROWED = frozenset(
    {Permission.CONTRACTS_VIEW, Permission.SERVICES_VIEW, Permission.INVOICES_VIEW, Permission.PAYMENTS_VIEW}
)


async def build_frame(request: Request, *, bar: bool) -> Frame:
    """The frame of this request's page. Without ``bar`` nothing is asked of the database."""
    # An unknown address has no gate, yet its page shows the bar of whoever is signed in.
    viewer = await recognise(request) if bar else None
    if viewer and viewer.password_temporary:
        viewer = None  # may see nothing of the account yet, its balance included
    return frame_around(request, viewer, await position_of(viewer) if viewer else NOTHING)


def frame_around(request: Request, shown: Viewer | None, position: Position) -> Frame:
    """The frame with the bar of ``shown``, whose account stands at ``position``; without a bar where it is None."""
    operator: Operator = request.app.state.operator
    viewer: Viewer | None = shown or getattr(request.state, "viewer", None)
    say = language(request)
    return Frame(
        brand=Brand(operator.brand.name, brand_href(operator.brand)),
        language=say.code,
        languages=tuple(Link(LANGUAGE_NAMES[code], "") for code in operator.languages),
        language_codes=operator.languages,
        theme=(viewer.theme if viewer else None) or "",
        csrf_token=csrf.token(request),
        here=here(request) if request.method == "GET" else request.scope["path"],
        bar=_bar(shown, position, operator, say) if shown else None,
        navigation=navigation(shown, request.scope["path"], operator.sections, say) if shown else (),
        contacts=tuple(
            Contact(
                each.city,
                each.phone,
                "tel:" + quote(each.phone.replace(" ", "").replace("-", ""), safe="+"),
                each.hours,
            )
            for each in operator.contacts
        ),
        email=operator.email,
        notice=_notice(request, shown, operator, say),
        toast="",
        ending=_ending(shown, operator) if shown else None,
    )


def _ending(viewer: Viewer, operator: Operator) -> Ending | None:
    now = clock.now()
    if viewer.signed_in_until is None:
        return None
    return Ending(
        ends_in=int((viewer.signed_in_until - now).total_seconds()),
        idle_in=int((viewer.idle_until - now).total_seconds()) if viewer.idle_until else None,
        idle_lasts=operator.sessions.idle_minutes * 60,
        zone=viewer.time_zone or operator.time_zone,
        who=str(viewer.membership_id),
    )


def _notice(request: Request, shown: Viewer | None, operator: Operator, say: Language) -> str:
    freshness: Freshness = request.app.state.freshness
    return freshness.notice(shown, operator, say) if shown else ""


def _bar(viewer: Viewer, position: Position, operator: Operator, say: Language) -> TopBar:
    chosen = viewer.contract
    seen = viewer.contracts if viewer.permissions & NARROWED else ()
    contracts = [Option(each.number, each.number, each == chosen) for each in seen]
    if len(contracts) > 1:
        contracts.insert(0, Option("", say.gettext("All contracts"), chosen is None))
    if chosen:
        shown = chosen.number
    elif len(seen) <= 2:
        shown = ", ".join(each.number for each in seen)
    else:
        shown = say.gettext("All %(n)s") % {"n": say.integer(len(seen))}
    initials = viewer.first_name[:1] + viewer.last_name[:1] or _first_letter(viewer.name)
    return TopBar(
        account=viewer.account,
        accounts=tuple(
            Option(each.number, f"{each.number}, {each.customer}", each.membership_id == viewer.membership_id)
            for each in viewer.accounts
        ),
        contract=shown,
        contracts=tuple(contracts),
        currency=viewer.currency,
        balance=say.amount(position.balance, viewer.currency) if position.balance is not None else None,
        due=_due(position, viewer, operator, say),
        person=viewer.name,
        initials=initials.upper(),
        closed=say.gettext("Account closed on %(day)s") % {"day": say.day(viewer.closed_on)}
        if viewer.closed_on
        else "",
    )


def _first_letter(name: str) -> str:
    """The first letter of a name that may begin with a quotation mark or a form of company."""
    return next((letter for letter in name if letter.isalnum()), "")


def _due(position: Position, viewer: Viewer, operator: Operator, say: Language) -> Due | None:
    if not position.due:
        return None
    if position.due_on is None:
        label = say.gettext("To pay now")
    elif position.due_on < clock.today(operator.zone):
        label = say.gettext("Overdue since %(day)s") % {"day": say.day_short(position.due_on)}
    else:
        label = say.gettext("To pay by %(day)s") % {"day": say.day_short(position.due_on)}
    return Due(label, say.amount(position.due, viewer.currency))
