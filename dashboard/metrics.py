"""``/metrics``: how it feels from outside, for Prometheus, behind a token of its own."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from components.data import clock
from components.data.away import database_is_away
from components.data.database import row
from components.jobs.health import jobs_counts
from components.messages.health import outbox_counts
from components.web.figures import Figures, Live
from components.web.routes import PUBLIC, route

TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class _LastImport:
    finished_at: datetime | None


async def metrics(request: Request) -> Response:
    """GET /metrics: 404 without KABINET_METRICS_TOKEN, 401 without it in the request."""
    token = request.app.state.settings.metrics_token
    if token is None:
        raise HTTPException(404)
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token.get_secret_value()}".encode()):
        return PlainTextResponse("a bearer token is needed\n", 401, {"www-authenticate": "Bearer"})
    figures: Figures = request.app.state.figures
    return Response(figures.text(await _live()), media_type=TYPE)


async def _live() -> list[Live]:
    try:
        jobs = await jobs_counts()
        messages = (await outbox_counts()).values()
        last = await row(_LastImport, "SELECT max(finished_at) AS finished_at FROM import_run")
    except Exception as error:
        if not database_is_away(error):
            raise
        return [Live("kabinet_database_up", "Whether the database answers.", 0)]
    found = [
        Live("kabinet_database_up", "Whether the database answers.", 1),
        Live("kabinet_jobs_waiting", "Jobs that wait to be done.", jobs.waiting),
        Live("kabinet_jobs_running", "Jobs that a worker holds.", jobs.running),
        Live("kabinet_jobs_dead", "Jobs that were given up.", jobs.dead),
        Live("kabinet_messages_waiting", "Letters and SMS that wait to leave.", sum(each.waiting for each in messages)),
        Live(
            "kabinet_messages_failed",
            "Letters and SMS of the last seven days that were given up.",
            sum(each.failed for each in messages),
        ),
    ]
    if last and last.finished_at:
        age = (clock.now() - last.finished_at).total_seconds()
        found.append(Live("kabinet_import_age_seconds", "Time since the last import.", age))
    return found


routes = [route("/metrics", metrics, needs=PUBLIC)]
