"""The roof: the application, put together from its rooms."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from tortoise.contrib.starlette import RegisterTortoise

from billing.invoices.pages import routes as invoices
from billing.payments.pages import routes as payments
from components.data.operator import Operator, load_operator
from components.data.settings import Settings, is_loopback
from components.data.watching import log_slower_than
from components.jobs.work import House
from components.jobs.worker import Worker
from components.web.assets import assets
from components.web.errors import Crashes, on_http_error
from components.web.figures import Figures
from components.web.headers import SecurityHeaders
from components.web.language import language_of
from components.web.limits import BodyLimit, HostCheck
from components.web.log import RequestLog
from components.web.templates import environment
from dashboard.contracts.pages import routes as contracts
from dashboard.demo.mailroom import mailroom_for, receiving
from dashboard.demo.pages import routes as demo
from dashboard.frame import build_frame
from dashboard.freshness import Freshness
from dashboard.health import routes as health
from dashboard.metrics import routes as metrics
from dashboard.overview.pages import routes as overview
from dashboard.profile.pages import routes as profile
from dashboard.schema import config
from dashboard.services.pages import routes as services
from dashboard.usage.pages import routes as usage
from dashboard.working import work_meanwhile
from users.hierarchy.pages import routes as hierarchy
from users.journal.pages import routes as journal
from users.passwords.pages import routes as passwords
from users.sessions.gate import gate, refused
from users.sessions.list_pages import routes as sign_ins
from users.sessions.pages import routes as sessions

MAX_BODY = 256 * 1024  # the largest form is a few kilobytes
# Answered under any name: probes come by address, and the page that refuses a foreign name needs its style.
_ANYWHERE = ("/healthz", "/readyz", "/metrics", "/brand.css")

routes: list[BaseRoute] = [
    *health,
    *metrics,
    *sessions,
    *passwords,
    *overview,
    *contracts,
    *usage,
    *services,
    *invoices,
    *payments,
    *profile,
    *hierarchy,
    *journal,
    *sign_ins,
]


def make_app(settings: Settings, operator: Operator | None = None, *, working: bool = False) -> Starlette:
    """The ASGI application for these settings. The database is opened when the server starts.

    ``working``: a worker runs in it, as in the demo; elsewhere it is a process of its own.
    """
    operator = operator or load_operator(settings.operator_file)
    database = config(settings.database_url.get_secret_value())

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        for code in operator.languages:
            language_of(code).rename(operator.words.get(code, {}))
            environment(code)
        assets()
        async with AsyncExitStack() as open_until_then:
            await open_until_then.enter_async_context(RegisterTortoise(app, config=database))
            await open_until_then.enter_async_context(freshness.kept())
            house = House(settings, operator)
            if mailroom:
                house = House(await open_until_then.enter_async_context(receiving(mailroom, settings)), operator)
            if working:
                await open_until_then.enter_async_context(work_meanwhile(database, Worker(house=house)))
            yield

    freshness = Freshness()
    mailroom = mailroom_for(settings) if settings.demo else None
    figures = Figures() if settings.metrics_token else None
    log_slower_than(settings.slow_query_ms)
    hosts = [settings.host]
    if is_loopback(settings.host):
        hosts = ["127.0.0.1", "localhost", "[::1]"]
    app = Starlette(
        routes=[*routes, *demo] if settings.demo else routes,
        lifespan=lifespan,
        middleware=[
            Middleware(RequestLog, figures=figures),
            Middleware(SecurityHeaders, https=settings.https),
            Middleware(Crashes),
            Middleware(HostCheck, hosts=hosts, open_paths=_ANYWHERE, open_folder="/static/"),
            Middleware(BodyLimit, most=MAX_BODY),
        ],
        exception_handlers={HTTPException: on_http_error},
    )
    app.router.redirect_slashes = False
    app.state.settings = settings
    app.state.operator = operator
    app.state.database = database
    app.state.figures = figures
    app.state.mailroom = mailroom
    app.state.gate = gate
    app.state.refused = refused
    app.state.frame = build_frame
    app.state.freshness = freshness
    app.state.origins = _origins(settings)
    return app


def _origins(settings: Settings) -> frozenset[str]:
    """Where our own forms come from: the address people type; on a loopback address any of its names."""
    if not is_loopback(settings.host):
        return frozenset({settings.base_url})
    port = settings.base_url.rpartition(":")[2]
    return frozenset(f"http://{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))
