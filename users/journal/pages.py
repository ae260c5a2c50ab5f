"""The journal: who did what; its figures for a spreadsheet; whether it is as it was written."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from components.data import clock
from components.web.downloads import download
from components.web.forms import query
from components.web.pages import go, language, page
from components.web.routes import route
from components.web.spreadsheets import csv_lines
from users.journal.checking import check_chain, last_checked
from users.journal.display import NO_SUCH, checking, journal, may_see_seal
from users.journal.exporting import last_seal
from users.journal.forms import Filters, read_filters
from users.journal.reading import Found, Listed, facts, list_rows, stream
from users.permissions.permission import Permission
from users.permissions.viewer import Viewer
from users.sessions.streaming import csv_stream
from users.sessions.viewing import viewer_of

HEADER = ("at", "actor", "act", "target", "before", "after", "address", "request_id")


def _zone(request: Request, viewer: Viewer) -> ZoneInfo:
    operators: ZoneInfo = request.app.state.operator.zone
    return ZoneInfo(viewer.time_zone) if viewer.time_zone else operators


async def index(request: Request) -> Response:
    """GET /journal?from=&to=&person=&act=&q=&after="""
    viewer, say = viewer_of(request), language(request)
    zone = _zone(request, viewer)
    today = clock.today(zone)
    filters = read_filters(query(request), today, say)
    found = Found(()) if filters.wrong else await list_rows(viewer, filters, zone)
    return await page(
        request,
        "users/journal/index.html",
        fragment="users/journal/_list.html",
        status=422 if filters.wrong else 200,
        view=journal(found, filters, viewer, zone, today, say),
    )


async def journal_csv(request: Request) -> Response:
    """GET /journal.csv?from=&to=&person=&act=&q=: all rows that fit, streamed, acts and fields by their own names."""
    viewer, say = viewer_of(request), language(request)
    zone = _zone(request, viewer)
    filters = read_filters(query(request), clock.today(zone), say)
    if filters.wrong:
        faults = (filters.days.from_error, filters.days.to_error, say.gettext(NO_SUCH) if filters.wrong_act else "")
        return PlainTextResponse("\n".join(fault for fault in faults if fault) + "\n", 422)
    return csv_stream(request, _lines(viewer, filters, zone), f"journal-{viewer.account}.csv")


async def _lines(viewer: Viewer, filters: Filters, zone: ZoneInfo) -> AsyncIterator[str]:
    yield csv_lines([HEADER])
    async for some in stream(viewer, filters, zone):
        yield csv_lines(
            (
                each.at.astimezone(zone).isoformat(),
                each.actor,
                each.act,
                each.target,
                _json(viewer, each, each.before),
                _json(viewer, each, each.after),
                each.address,
                each.request_id,
            )
            for each in some
        )


def _json(viewer: Viewer, row: Listed, text: str | None) -> str:
    said = facts(viewer, row, text)
    return json.dumps(said, ensure_ascii=False, sort_keys=True) if said else ""


async def show_verification(request: Request) -> Response:
    """GET /journal/verification"""
    viewer = viewer_of(request)
    last, checked = await last_seal(viewer.account_id), await last_checked(viewer)
    return await page(
        request,
        "users/journal/verification.html",
        fragment="users/journal/_verification.html",
        view=checking(last, checked, viewer, _zone(request, viewer), language(request)),
    )


async def post_verification(request: Request) -> Response:
    """POST /journal/verification"""
    await check_chain(request, viewer_of(request))
    return go(request, "/journal/verification")


async def seal_file(request: Request) -> Response:
    """GET /journal/seal.json: the last seal of the account's chain, to be kept elsewhere."""
    viewer = viewer_of(request)
    if not may_see_seal(viewer):
        raise HTTPException(403)
    last = await last_seal(viewer.account_id)
    if last is None:
        raise HTTPException(404)
    return download(last.line.encode(), "application/json", f"journal-{viewer.account}-seal-{last.number}.json")


routes = [
    route("/journal", index, needs=Permission.JOURNAL_VIEW),
    route("/journal.csv", journal_csv, needs=Permission.JOURNAL_VIEW),
    route("/journal/verification", show_verification, needs=Permission.JOURNAL_VIEW),
    route("/journal/verification", post_verification, needs=Permission.JOURNAL_VIEW, methods=("POST",)),
    route("/journal/seal.json", seal_file, needs=Permission.JOURNAL_VIEW),
]
