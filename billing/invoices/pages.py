"""Documents: the list with its filters, and each document's own page."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from billing.invoices.display import invoice_list
from billing.invoices.document import invoice_view
from billing.invoices.filing import pdf_of
from billing.invoices.forms import read_filters
from billing.invoices.reading import Found, beside, find_invoice, lines_of, list_invoices
from components.data import clock
from components.web.downloads import download
from components.web.forms import query
from components.web.pages import language, page
from components.web.routes import route
from users.permissions.permission import Permission
from users.sessions.viewing import viewer_of

NOTHING = Found((), (), "")


async def index(request: Request) -> Response:
    """GET /invoices?kind=&contract=&state=&from=&to=&q=&sort=&after="""
    viewer, say = viewer_of(request), language(request)
    today = clock.today(request.app.state.operator.zone)
    chosen = viewer.contract.number if viewer.contract else ""
    filters = read_filters(query(request), today, say, chosen)
    found = NOTHING if filters.wrong else await list_invoices(viewer, filters, today)
    return await page(
        request,
        "billing/invoices/index.html",
        fragment="billing/invoices/_list.html",
        status=422 if filters.wrong else 200,
        view=invoice_list(found, filters, viewer, today, say),
    )


async def show(request: Request) -> Response:
    """GET /invoices/{number}"""
    return await _page_of(request, request.path_params["number"])


async def pdf(request: Request) -> Response:
    """GET /invoices/{number}.pdf: the billing system's own PDF, else ours."""
    number = request.path_params["number"]
    found = await pdf_of(viewer_of(request), number, request.app.state.operator, language(request))
    if found is None:
        return await _page_of(request, f"{number}.pdf")  # a printed number may end so itself
    document, content = found
    return download(content, "application/pdf", f"{document.number}.pdf")


async def _page_of(request: Request, number: str) -> Response:
    viewer, operator = viewer_of(request), request.app.state.operator
    document = await find_invoice(viewer, number, clock.today(operator.zone))
    if document is None:
        raise HTTPException(404)
    view = invoice_view(document, await lines_of(document), await beside(document), operator, viewer, language(request))
    return await page(request, "billing/invoices/invoice.html", view=view)


routes = [
    route("/invoices", index, needs=Permission.INVOICES_VIEW),
    route("/invoices/{number:path}.pdf", pdf, needs=Permission.INVOICES_VIEW),
    route("/invoices/{number:path}", show, needs=Permission.INVOICES_VIEW),
]
