"""Pages of the demo alone: elsewhere these addresses do not exist."""

from __future__ import annotations

import asyncio
import json

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from components.web.forms import query
from components.web.pages import language, page
from components.web.routes import PUBLIC, route
from dashboard.demo.components import samples
from dashboard.demo.inbox import inbox
from dashboard.demo.mailroom import Mailroom, is_let_in, short_message

# A letter looks as it does in a mail program: its own styles, and nothing that runs, loads or belongs to our site.
LETTER_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "sandbox",
    )
)


async def components(request: Request) -> Response:
    """GET /demo/components: every component in all its states, in both themes side by side."""
    return await page(request, "dashboard/demo/components.html", samples=samples(language(request)))


async def show_inbox(request: Request) -> Response:
    """GET /demo/inbox?to=&before=: letters and SMS that the demo sent, the newest first."""
    say, operator = language(request), request.app.state.operator
    to = query(request).get("to", "").strip()[:254]
    before = query(request).get("before", "")[:16]
    found, more = await asyncio.to_thread(_mailroom(request).newest, to, before)
    return await page(
        request,
        "dashboard/demo/inbox.html",
        fragment="dashboard/demo/_letters.html",
        view=inbox(found, more, to, before, operator.zone, say),
    )


async def show_letter(request: Request) -> Response:
    """GET /demo/inbox/{id}: the letter's HTML, as it was sent."""
    found = await asyncio.to_thread(_mailroom(request).one, request.path_params["id"])
    if found is None or not found.html:
        raise HTTPException(404)
    return HTMLResponse(found.html, headers={"content-security-policy": LETTER_POLICY})


async def take_sms(request: Request) -> Response:
    """POST /demo/sms: what an SMS provider would be asked, see ``components.messages.sms``."""
    mailroom = _mailroom(request)
    if not is_let_in(mailroom, request.headers.get("authorization", "")):
        return JSONResponse({"error": "who are you?"}, 401, {"www-authenticate": "Basic"})
    try:
        asked = json.loads(await request.body())
        id, to, text = (str(asked[name]) for name in ("id", "to", "text"))
    except (ValueError, KeyError, TypeError):
        return JSONResponse({"error": "id, to and text are needed"}, 422)
    await asyncio.to_thread(mailroom.keep, "sms", to, short_message(id, to, text))
    return JSONResponse({"id": id}, 202)


def _mailroom(request: Request) -> Mailroom:
    found: Mailroom = request.app.state.mailroom
    return found


routes = [
    route("/demo/components", components, needs=PUBLIC),
    route("/demo/inbox", show_inbox, needs=PUBLIC),
    route("/demo/inbox/{id}", show_letter, needs=PUBLIC),
    route("/demo/sms", take_sms, needs=PUBLIC, methods=("POST",), machine=True),
]
