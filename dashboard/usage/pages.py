"""The same figures as CSV; the page itself is the service's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from components.data import clock
from components.data.period import day_begins
from components.web.forms import query
from components.web.pages import language
from components.web.routes import route
from dashboard.services.reading import Service, find_service
from dashboard.usage.forms import Asked, read_asked
from dashboard.usage.reading import extent_of, stream
from dashboard.usage.table import day_at, moment_at, month_at
from dashboard.usage.units import plain
from users.permissions.permission import Permission
from users.sessions.streaming import csv_stream
from users.sessions.viewing import viewer_of

HEADER = "started_at,seconds,incoming,outgoing\n"


async def usage_csv(request: Request) -> Response:
    """GET /services/{number}/usage.csv?from=&to=&step=: streamed, in the form of the exports.

    Hours begin in UTC, days and months at the operator's midnight with its offset; ``seconds`` is how long was
    measured in the bucket. What was not measured has no row.
    """
    zone = request.app.state.operator.zone
    service = await find_service(viewer_of(request), request.path_params["number"])
    if service is None:
        raise HTTPException(404)
    extent = await extent_of(service.id)
    asked = read_asked(query(request), extent, zone, clock.today(zone), language(request))
    if asked.wrong:
        faults = (asked.days.from_error, asked.days.to_error, asked.step_error)
        return PlainTextResponse("\n".join(fault for fault in faults if fault) + "\n", 422)
    name = f"{service.number}-{asked.period.start}-{asked.period.last}-{asked.step}.csv"
    return csv_stream(request, _lines(service, asked, zone), name)


async def _lines(service: Service, asked: Asked, zone: ZoneInfo) -> AsyncIterator[str]:
    lines = [HEADER]
    async for each in stream(service.id, asked.step, asked.period, zone):
        started = _started(each.at, asked.step, zone)
        lines.append(
            f"{started},{each.seconds},{plain(service.unit, each.incoming)},{plain(service.unit, each.outgoing)}\n"
        )
        if len(lines) >= 500:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


def _started(at: int, step: str, zone: ZoneInfo) -> str:
    if step == "hour":
        return f"{moment_at(at):%Y-%m-%dT%H:%M:%SZ}"
    local: datetime = day_begins(day_at(at) if step == "day" else month_at(at), zone).astimezone(zone)
    return local.isoformat()


routes = [route("/services/{number}/usage.csv", usage_csv, needs=Permission.USAGE_VIEW)]
