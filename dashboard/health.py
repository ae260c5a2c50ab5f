"""Addresses that machines ask: running, ready, and the brand's style sheet."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from components.data.away import database_is_away
from components.data.database import fetch
from components.data.migrating import pending
from components.ui.brand import brand_css
from components.web.assets import serve_asset
from components.web.errors import RETRY_AFTER
from components.web.routes import PUBLIC, route


async def healthz(request: Request) -> Response:
    """GET /healthz: the process answers; nothing else is asked."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """GET /readyz: the database answers and has every migration; else 503 and why."""
    try:
        await fetch("SELECT 1 AS one")
        missing = await pending(request.app.state.database)
    except Exception as error:
        if not database_is_away(error):
            raise
        return PlainTextResponse("database away\n", 503, {"retry-after": RETRY_AFTER})
    if missing:
        return PlainTextResponse("migrations missing: run kabinet migrate\n", 503, {"retry-after": RETRY_AFTER})
    return PlainTextResponse("ready\n")


async def brand(request: Request) -> Response:
    """GET /brand.css: the operator's accent."""
    return Response(
        brand_css(request.app.state.operator.brand),
        media_type="text/css",
        headers={"cache-control": "public, max-age=31536000, immutable"},
    )


routes = [
    route("/healthz", healthz, needs=PUBLIC),
    route("/readyz", readyz, needs=PUBLIC),
    route("/brand.css", brand, needs=PUBLIC),
    route("/static/{name:path}", serve_asset, needs=PUBLIC),
]
