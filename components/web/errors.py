"""What people see when something is wrong: a page or, for HTMX, a fragment; always with a way on.

Who takes no pages (``Accept: application/json``, ``text/plain``) is told the same in a form they take.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.data.away import database_is_away
from components.ui.frame import Frame
from components.ui.parts import Link
from components.web import csrf
from components.web.language import N_
from components.web.log import log
from components.web.pages import language, takes, wants_fragment
from components.web.templates import render

TEXTS: dict[int, tuple[str, str]] = {
    400: (N_("This request can't be read"), N_("Nothing was changed. Go back and try again.")),
    403: (N_("This is not open to you"), N_("Whoever manages this account's users can give you the right.")),
    404: (N_("There is no such page"), N_("It may have moved, or it belongs to another account.")),
    405: (N_("This address does not do that"), N_("Nothing was changed. Go back and try again.")),
    413: (N_("That is too large"), N_("Nothing was changed. Send less at a time.")),
    422: (N_("Something typed does not fit"), N_("Nothing was changed. Go back and correct it.")),
    429: (N_("Too many tries"), N_("To keep accounts safe we wait a little. Please try again later.")),
    500: (N_("Something went wrong here"), N_("It is noted. Nothing was lost; please try again.")),
    503: (N_("We can't reach our data at the moment"), N_("Nothing was lost. Please try again in a minute.")),
}
STALE = (
    N_("This form is too old"),
    N_("Nothing was changed. Open the page again and send the form once more."),
)
ELSEWHERE = (
    N_("This is not our address"),
    N_("Nothing was changed. You find us at %(address)s."),
)
RETRY_AFTER = "10"


async def on_http_error(request: Request, error: Exception) -> Response:
    """HTTPExceptions of every status."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code < 400 or (error.headers and "HX-Redirect" in error.headers):
        return Response(status_code=error.status_code, headers=dict(error.headers or {}))
    texts = STALE if isinstance(error, csrf.Forged) else None
    return await error_page(request, error.status_code, dict(error.headers or {}), texts)


class Crashes:
    """Innermost middleware: turns what nobody caught into an answer, so that it carries every header too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, note)
        except ClientDisconnect:
            if not begun:  # nobody reads it; the log and the figures have a status
                await Response(status_code=400)(scope, receive, send)
        except Exception as error:
            if begun:
                raise
            response = await on_crash(Request(scope, receive), error)
            await response(scope, receive, send)


async def on_crash(request: Request, error: Exception) -> Response:
    """What nobody expected; a database that is away is told apart and answers 503."""
    if database_is_away(error):
        log.warning("database away", error=type(error).__name__)
        return await error_page(request, 503, {"retry-after": RETRY_AFTER})
    log.error("crash", exc_info=error)
    return await error_page(request, 500, {})


async def error_page(
    request: Request, status: int, headers: dict[str, str], texts: tuple[str, str] | None = None, *, home: str = ""
) -> Response:
    """The page of a status, in the reader's language; without the bar where even that can't be had.

    ``home`` is our own address for who asked under another: they see nobody's data and no form, and are shown there.
    """
    title, message = texts or TEXTS.get(status) or TEXTS[400 if status < 500 else 500]
    part = wants_fragment(request)
    kind = "page" if part else takes(request)
    if kind == "page":  # the frame comes first: it finds out who reads, and so in which language
        bar = status < 500 and not part and not home
        frame: Frame = await request.app.state.frame(request, bar=bar)
    spoken = language(request)
    context: dict[str, Any] = {
        "status": status,
        "title": spoken.gettext(title),
        "message": spoken.gettext(message) % {"address": home} if home else spoken.gettext(message),
        "request_id": getattr(request.state, "request_id", ""),
    }
    if kind == "json":
        response: Response = JSONResponse(context, status)
    elif kind == "plain":
        response = PlainTextResponse("{title}\n{message}\n{request_id}\n".format(**context), status)
    else:
        context["actions"] = (Link(spoken.gettext("Go to the overview"), f"{home}/"),)
        response = HTMLResponse(_page(spoken.code, frame, context, part, bool(home)), status)
        if not home:
            csrf.keep_form_cookie(request, response)
    response.headers["vary"] = "HX-Request, Accept, Accept-Language, Cookie"
    response.headers.update(headers)
    return response


def _page(code: str, frame: Frame, context: dict[str, Any], part: bool, elsewhere: bool) -> str:
    if part:
        return render(code, "errors/_error.html", context)
    if elsewhere:
        frame = dataclasses.replace(frame, languages=(), language_codes=())
    layout = "layout/page.html" if frame.bar else "layout/public.html"
    return render(code, "errors/page.html", {"frame": frame, "layout": layout, **context})
