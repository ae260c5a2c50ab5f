"""One line a request, as JSON or for the eye, with a request id; never a query, a form, a cookie or a secret.

What is logged is counted too (``components.web.figures``).
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.data.watching import tally
from components.web.figures import Figures

log = structlog.get_logger("kabinet")
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")


def set_up(form: str) -> None:
    """``form`` is json or console. The standard library's warnings and errors go the same way."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "console":
        last = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    else:
        # Without the frames' variables: they hold what people typed.
        bare = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        shared.append(structlog.processors.ExceptionRenderer(bare))
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=last, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


class RequestLog:
    """Gives each request an id (or keeps a well-formed one of the proxy's), logs it, and answers with it."""

    def __init__(self, app: ASGIApp, figures: Figures | None = None) -> None:
        self.app = app
        self.figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"").decode("latin-1")
        request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request=request_id)
        started, sent = time.perf_counter(), tally()
        status = 500

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((b"x-request-id", request_id.encode()))
            await send(message)

        try:
            await self.app(scope, receive, note)
        finally:
            took = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "-")
            if self.figures:
                self.figures.request(route, scope["method"], status, took, sent.statements)
            log.info(
                "request",
                method=scope["method"],
                route=route,
                status=status,
                ms=round(took * 1000, 1),
                queries=sent.statements,
                user=getattr(scope["state"].get("viewer"), "user_id", None),
            )
            structlog.contextvars.unbind_contextvars("request")
