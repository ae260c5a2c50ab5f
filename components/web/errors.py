"""What people see when something is wrong: a page or, for HTMX, a fragment; always with a way on."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.data.away import database_is_away
from components.ui.parts import Link
from components.web.language import N_, Language
from components.web.log import log
from components.web.pages import language, wants_fragment
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
RETRY_AFTER = "10"


async def on_http_error(request: Request, error: Exception) -> Response:
    """HTTPExceptions of every status."""
    from components.web.csrf import Forged

    if not isinstance(error, HTTPException):
        raise error
    if error.status_code < 400 or (error.headers and "HX-Redirect" in error.headers):
        return Response(status_code=error.status_code, headers=dict(error.headers or {}))
    texts = STALE if isinstance(error, Forged) else None
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
    request: Request, status: int, headers: dict[str, str], texts: tuple[str, str] | None = None
) -> Response:
    """The page of a status, in the reader's language; without the bar where even that can't be had."""
    title, message = texts or TEXTS.get(status) or TEXTS[400 if status < 500 else 500]
    part = wants_fragment(request)
    frame = await request.app.state.frame(request, bar=status < 500 and not part)
    spoken: Language = language(request)
    context = {
        "status": status,
        "title": spoken.gettext(title),
        "message": spoken.gettext(message),
        "actions": (Link(spoken.gettext("Go to the overview"), "/"),),
        "request_id": getattr(request.state, "request_id", ""),
    }
    if part:
        body = render(spoken.code, "errors/_error.html", context)
    else:
        layout = "layout/page.html" if frame.bar else "layout/public.html"
        body = render(spoken.code, "errors/page.html", {"frame": frame, "layout": layout, **context})
    headers.setdefault("vary", "HX-Request, Accept-Language, Cookie")
    return HTMLResponse(body, status_code=status, headers=headers)
