"""The payment history."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from billing.payments.display import payment_list
from billing.payments.forms import read_filters
from billing.payments.reading import Found, list_payments
from components.data import clock
from components.web.forms import query
from components.web.pages import language, page
from components.web.routes import route
from users.permissions.permission import Permission
from users.sessions.viewing import viewer_of


async def index(request: Request) -> Response:
    """GET /payments?from=&to=&method=&q=&after="""
    viewer, say, operator = viewer_of(request), language(request), request.app.state.operator
    today = clock.today(operator.zone)
    filters = read_filters(query(request), today, say, viewer.contract.number if viewer.contract else "")
    found = Found((), "") if filters.days.wrong else await list_payments(viewer, filters)
    return await page(
        request,
        "billing/payments/index.html",
        fragment="billing/payments/_list.html",
        status=422 if filters.days.wrong else 200,
        view=payment_list(found, filters, viewer, operator.zone, today, say),
    )


routes = [route("/payments", index, needs=Permission.PAYMENTS_VIEW)]
