"""What is refused before any handler sees it: a foreign host, a body too large. Each is answered with a page."""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from components.web.errors import ELSEWHERE, error_page

_PORT = re.compile(r":[0-9]{1,5}\Z")


class HostCheck:
    """Answers only under the names it is deployed as. Probes come by address, and the refusal's own page needs its
    style: ``open_paths`` and what lies below ``open_folder`` are answered under any name, and show nobody's data."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], open_paths: Iterable[str], open_folder: str) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)
        self.open_paths = frozenset(open_paths)
        self.open_folder = open_folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._ours(scope):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        response = await error_page(request, 400, {}, ELSEWHERE, home=request.app.state.settings.base_url)
        await response(scope, receive, send)

    def _ours(self, scope: Scope) -> bool:
        if scope["path"] in self.open_paths or scope["path"].startswith(self.open_folder):
            return True
        named = Headers(scope=scope).getlist("host")
        return len(named) == 1 and _PORT.sub("", named[0].lower()) in self.hosts


class BodyLimit:
    """A body that says it is larger is refused unread; one that does not say is counted as it comes."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.most = most
        self.counted = RequestBodyLimitMiddleware(app, max_body_size=most)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._announced(scope) > self.most:
            response = await error_page(Request(scope, receive), 413, {})
            await response(scope, receive, send)
        else:
            await self.counted(scope, receive, send)

    @staticmethod
    def _announced(scope: Scope) -> int:
        said = Headers(scope=scope).get("content-length", "")
        return int(said) if re.fullmatch(r"[0-9]{1,18}", said) else 0
