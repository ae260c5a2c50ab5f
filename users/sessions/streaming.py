"""Files that are sent as they are made: they end with the sign-in or the rights of whoever asked for them."""

from __future__ import annotations

from collections.abc import AsyncIterable

from starlette.requests import Request
from starlette.responses import Response

from components.web.downloads import Streamed
from users.sessions.viewing import still, viewer_of


def csv_stream(request: Request, lines: AsyncIterable[str], name: str) -> Response:
    """``lines`` as a file called ``name``, which breaks off once the request's viewer may see less than at its
    beginning: suspended, signed out, or one right, contract or day fewer, on whichever level it was taken.
    """
    viewer, operator = viewer_of(request), request.app.state.operator
    return Streamed(lines, "text/csv; charset=utf-8", name, lambda: still(viewer, operator.sessions, operator.zone))
