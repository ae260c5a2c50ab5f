"""Routes that say who may. ``needs`` has no default: a route without it does not import.

What a need means is not known here: the application puts a gate on ``app.state.gate``, which either returns
or raises, and on ``app.state.refused`` who is told when a guarded page answers 404. Every POST passes the origin
check and, unless it is a call from another program, the form's token.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from components.web.csrf import check_form, check_origin

Handler = Callable[[Request], Awaitable[Response]]


class _Public:
    def __repr__(self) -> str:
        return "PUBLIC"


PUBLIC: Final = _Public()


class Gate(Protocol):
    """Lets a request pass or raises: not signed in, not allowed."""

    async def __call__(self, request: Request, needs: Any) -> None: ...


class GuardedRoute(Route):
    """A Starlette route that remembers who may, for the printed table and the tests."""

    needs: Any


def route(
    path: str, handler: Handler, *, needs: Any, methods: Sequence[str] = ("GET",), machine: bool = False
) -> GuardedRoute:
    """A route for GET (and HEAD) or POST. ``machine``: other programs post here and sign their calls themselves."""
    if not set(methods) <= {"GET", "POST"}:
        raise ValueError("routes answer GET and POST only")

    async def guarded(request: Request) -> Response:
        posted = request.method == "POST" and not machine
        if posted:
            check_origin(request)
        if needs is not PUBLIC:
            await request.app.state.gate(request, needs)
        if posted:
            await check_form(request)
        try:
            return await handler(request)
        except HTTPException as error:
            if error.status_code == 404 and needs is not PUBLIC:
                await request.app.state.refused(request)
            raise

    made = GuardedRoute(path, guarded, methods=list(methods), name=f"{handler.__module__}.{handler.__name__}")
    made.needs = needs
    return made
