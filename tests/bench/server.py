"""The cabinet with what it is measured against: ``python -m tests.bench.server PORT``, serves until stopped.

Besides the product's own addresses it answers

- ``/limit/invoices``, ``/limit/overview``, ``/limit/service``: the same page over rows of the same type that were
  read once at the start. Same middleware, display code, template and frame, no gate and no query: the limit;
- ``/plain``: a few bytes, through all middleware;
- ``/checks``: twenty permission checks of the cookie's viewer, one after the other, and their e-mail;
- ``/bare/…``: any of these without the product's middleware.

Limits on sign-ins are lifted, so that a flood of them costs what it costs a server with many visitors.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from billing.invoices.display import invoice_list
from billing.invoices.forms import read_filters
from billing.invoices.reading import Found, list_invoices, unpaid_and_asked
from billing.ledger.position import Position, position_of
from billing.ledger.reading import last_entries
from components.data import clock
from components.data.operator import load_operator
from components.data.settings import load_settings
from components.ui.frame import Frame
from components.web.language import language_of
from components.web.pages import language, page
from components.web.routes import PUBLIC, route
from dashboard import serving
from dashboard.app import make_app
from dashboard.frame import build_frame, frame_around
from dashboard.overview.building import Known, overview_view
from dashboard.overview.reading import ages
from dashboard.services.display import service_head
from dashboard.services.reading import Service, find_service, list_services
from dashboard.usage.display import MOST_ROWS, usage_view
from dashboard.usage.forms import read_asked
from dashboard.usage.reading import Bucket, Extent, Percentile, buckets, extent_of
from tests.bench.cabinets import CHECKS, SERVICE, TOKEN
from users.permissions.viewer import Viewer
from users.sessions import signing_in
from users.sessions.tokens import COOKIE
from users.sessions.viewing import viewer_for


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the pages would have asked the database for."""

    viewer: Viewer
    position: Position
    invoices: Found
    overview: Known
    service: Service
    extent: Extent | None
    usage: list[Bucket]


async def _remember(app: Starlette) -> Remembered:
    operator = app.state.operator
    today, say = clock.today(operator.zone), language_of("en")
    viewer = await viewer_for(TOKEN, operator.sessions, operator.zone)
    if viewer is None:
        raise RuntimeError("nobody is signed in")
    service = await find_service(viewer, SERVICE)
    if service is None:
        raise RuntimeError(f"no service {SERVICE}")
    position, extent = await position_of(viewer), await extent_of(service.id)
    asked = read_asked({}, extent, operator.zone, today, say)
    return Remembered(
        viewer=viewer,
        position=position,
        invoices=await list_invoices(viewer, read_filters({}, today, say, ""), today),
        overview=Known(
            position=position,
            entries=await last_entries(viewer),
            unpaid=await unpaid_and_asked(viewer, today, None),
            payments=[],
            services=await list_services(viewer, None, 50),
            ages=await ages(),
        ),
        service=service,
        extent=extent,
        usage=await buckets(service.id, asked.step, asked.period, operator.zone, MOST_ROWS + 1),
    )


def _known(request: Request) -> tuple[Remembered, date]:
    known: Remembered = request.app.state.remembered
    request.state.viewer = known.viewer
    request.state.remembered = known
    return known, clock.today(request.app.state.operator.zone)


async def invoices(request: Request) -> Response:
    """GET /limit/invoices: as ``billing.invoices.pages.index``."""
    known, today = _known(request)
    say = language(request)
    filters = read_filters(request.query_params, today, say, "")
    return await page(
        request,
        "billing/invoices/index.html",
        fragment="billing/invoices/_list.html",
        view=invoice_list(known.invoices, filters, known.viewer, today, say),
    )


async def overview(request: Request) -> Response:
    """GET /limit/overview: as ``dashboard.overview.pages.index``."""
    known, today = _known(request)
    view = overview_view(known.overview, known.viewer, request.app.state.operator, today, language(request))
    return await page(request, "dashboard/overview/index.html", view=view, offers=[])


async def service(request: Request) -> Response:
    """GET /limit/service: as ``dashboard.services.pages.show``."""
    known, today = _known(request)
    say, zone = language(request), request.app.state.operator.zone
    asked = read_asked(request.query_params, known.extent, zone, today, say)
    nothing = Percentile(None, None)
    return await page(
        request,
        "dashboard/services/service.html",
        fragment="dashboard/services/_usage.html",
        head=service_head(known.service, known.viewer, say),
        usage=usage_view(known.service, asked, known.extent, known.usage, nothing, zone, today, say),
    )


async def plain(request: Request) -> Response:
    """GET /plain"""
    return PlainTextResponse("plain\n")


async def checks(request: Request) -> Response:
    """GET /checks"""
    operator, viewer = request.app.state.operator, None
    for _ in range(CHECKS):
        viewer = await viewer_for(request.cookies[COOKIE], operator.sessions, operator.zone)
    return PlainTextResponse(f"{viewer.email}\n" if viewer else "nobody\n")


routes = [
    route("/limit/invoices", invoices, needs=PUBLIC),
    route("/limit/overview", overview, needs=PUBLIC),
    route("/limit/service", service, needs=PUBLIC),
    route("/plain", plain, needs=PUBLIC),
    route("/checks", checks, needs=PUBLIC),
]


async def _frame(request: Request, *, bar: bool) -> Frame:
    known: Remembered | None = getattr(request.state, "remembered", None)
    if known is None:
        return await build_frame(request, bar=bar)
    return frame_around(request, known.viewer if bar else None, known.position)


class WithBare:
    """The application, and under ``/bare`` the same routes without its middleware."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.bare = Starlette(routes=app.router.routes, exception_handlers=app.exception_handlers)
        self.bare.state = app.state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/bare/"):
            scope["path"] = scope["path"].removeprefix("/bare")
            await self.bare(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def make_bench_app(*arguments: Any, **named: Any) -> Any:
    """The product's application and the bench's routes."""
    app = make_app(*arguments, **named)
    app.router.routes.extend(routes)
    app.state.frame = _frame
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(started: Starlette) -> AsyncIterator[Any]:
        async with inner(started) as state:
            app.state.remembered = await _remember(app)
            yield state

    app.router.lifespan_context = lifespan
    return WithBare(app)


def main() -> None:
    for name in ("PER_SOURCE_AND_LOGIN", "PER_SOURCE", "PER_LOGIN"):
        setattr(signing_in, name, replace(getattr(signing_in, name), tries=10**9))
    vars(serving)["make_app"] = make_bench_app
    settings = load_settings()
    serving.serve(settings, load_operator(settings.operator_file), "127.0.0.1", int(sys.argv[1]))


if __name__ == "__main__":
    main()
