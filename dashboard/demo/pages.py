"""Pages of the demo alone: elsewhere these addresses do not exist."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from components.web.pages import language, page
from components.web.routes import PUBLIC, route
from dashboard.demo.components import samples


async def components(request: Request) -> Response:
    """GET /demo/components: every component in all its states, in both themes side by side."""
    return await page(request, "dashboard/demo/components.html", samples=samples(language(request)))


routes = [route("/demo/components", components, needs=PUBLIC)]
