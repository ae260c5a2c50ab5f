"""Services: the list, and one service with its usage."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from components.data import clock
from components.data.operator import Operator
from components.web.forms import query
from components.web.language import Language
from components.web.pages import language, page
from components.web.routes import route
from dashboard.services.display import service_head, service_list
from dashboard.services.reading import Service, find_service, list_services
from dashboard.usage.display import MOST_ROWS, UsageView, usage_view
from dashboard.usage.forms import read_asked
from dashboard.usage.reading import Percentile, buckets, extent_of, percentile_95
from users.permissions.permission import Permission
from users.sessions.viewing import viewer_of

NO_PERCENTILE = Percentile(None, None)


async def index(request: Request) -> Response:
    """GET /services"""
    viewer, say = viewer_of(request), language(request)
    services = await list_services(viewer, viewer.contract.id if viewer.contract else None)
    return await page(request, "dashboard/services/index.html", view=service_list(services, viewer, say))


async def show(request: Request) -> Response:
    """GET /services/{number}?from=&to=&step="""
    viewer, say = viewer_of(request), language(request)
    service = await find_service(viewer, request.path_params["number"])
    if service is None:
        raise HTTPException(404)
    usage, wrong = None, False
    if viewer.may(Permission.USAGE_VIEW):
        usage, wrong = await _usage(request, service, request.app.state.operator, say)
    return await page(
        request,
        "dashboard/services/service.html",
        fragment="dashboard/services/_usage.html",
        status=422 if wrong else 200,
        head=service_head(service, viewer, say),
        usage=usage,
    )


async def _usage(request: Request, service: Service, operator: Operator, say: Language) -> tuple[UsageView, bool]:
    zone, today = operator.zone, clock.today(operator.zone)
    extent = await extent_of(service.id)
    asked = read_asked(query(request), extent, zone, today, say)
    found = []
    percentile = NO_PERCENTILE
    if extent and not asked.wrong:
        found = await buckets(service.id, asked.step, asked.period, zone, MOST_ROWS + 1)
        if service.commitment and service.unit == "bytes":
            percentile = await percentile_95(service.id, asked.period, zone)
    return usage_view(service, asked, extent, found, percentile, zone, today, say), asked.wrong


routes = [
    route("/services", index, needs=Permission.SERVICES_VIEW),
    route("/services/{number}", show, needs=Permission.SERVICES_VIEW),
]
