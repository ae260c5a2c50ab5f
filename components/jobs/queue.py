"""Enqueueing: the way up between rooms, and the way out of a request."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from components.data import clock
from components.data.database import returning


@dataclass(frozen=True, slots=True)
class Enqueued:
    id: int


async def enqueue(
    name: str, *, key: str | None = None, after: datetime | timedelta | None = None, **payload: Any
) -> int:
    """Writes a job in the caller's transaction; it exists once that is committed, and never if it isn't. Its id.

    ``after`` is a moment, or how long from now; a worker takes it then or later. Of the jobs with one name and
    ``key`` only one waits: enqueued again, it takes the newer payload and the earlier moment (unless it is being
    retried: then it keeps its back-off). A job that has begun is not the same any more; the next one waits beside it.
    ``payload`` is JSON and is kept as it is: ids, no secrets, nothing that may have changed by then.
    """
    moment = clock.now()
    due = moment + after if isinstance(after, timedelta) else after or moment
    # On conflict it locks the waiting row until the caller commits. Doing nothing would not: a worker could take the
    # job at once and miss what the caller is about to commit.
    [made] = await returning(
        Enqueued,
        """
INSERT INTO job (name, key, payload, request, state, due_at, created_at, changed_at)
VALUES (:name, :key, :payload, :request, 'waiting', :due, :now, :now)
ON CONFLICT (name, key) WHERE state = 'waiting' DO UPDATE SET
  payload = excluded.payload, request = excluded.request, changed_at = excluded.changed_at,
  due_at = CASE WHEN job.tries = 0 AND excluded.due_at < job.due_at THEN excluded.due_at ELSE job.due_at END
RETURNING id""",
        name=name,
        key=key,
        payload=json.dumps(payload, ensure_ascii=False),
        request=str(structlog.contextvars.get_contextvars().get("request", ""))[:64],
        due=due,
        now=moment,
    )
    return made.id
