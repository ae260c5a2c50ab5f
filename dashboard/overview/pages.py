"""The overview: how things stand, at a glance."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from billing.invoices.reading import unpaid_and_asked
from billing.ledger.position import position_of
from billing.ledger.reading import last_entries
from billing.payments.forms import read_filters
from billing.payments.reading import list_payments
from components.data import clock
from components.web.pages import language, page
from components.web.routes import route
from dashboard.overview.building import Known, overview_view
from dashboard.overview.reading import ages
from dashboard.services.reading import list_services
from users.hierarchy.owning import offered
from users.permissions.permission import SIGNED_IN, Permission
from users.permissions.viewer import Viewer
from users.sessions.viewing import viewer_of

LAST_PAYMENTS = 5


async def index(request: Request) -> Response:
    """GET /"""
    viewer, say, operator = viewer_of(request), language(request), request.app.state.operator
    today = clock.today(operator.zone)
    view = overview_view(await _known(request, viewer), viewer, operator, today, say)
    offers = [] if viewer.owner else await offered(viewer)  # of ownership, to answer
    return await page(request, "dashboard/overview/index.html", view=view, offers=[each.id for each in offers])


async def _known(request: Request, viewer: Viewer) -> Known:
    """Each part is asked for only where the viewer may see it."""
    today = clock.today(request.app.state.operator.zone)
    contract = viewer.contract.id if viewer.contract else None
    payments = []
    if viewer.may(Permission.PAYMENTS_VIEW) and not viewer.may(Permission.BALANCE_VIEW):
        none = read_filters({}, today, language(request), "")
        payments = list((await list_payments(viewer, none, LAST_PAYMENTS)).payments)
    return Known(
        position=await position_of(viewer),
        entries=await last_entries(viewer),
        unpaid=await unpaid_and_asked(viewer, today, contract) if viewer.may(Permission.INVOICES_VIEW) else [],
        payments=payments,
        services=await list_services(viewer, contract, 50) if viewer.may(Permission.SERVICES_VIEW) else [],
        ages=await ages(),
    )


routes = [route("/", index, needs=SIGNED_IN)]
