"""A worker's sign of life."""

from __future__ import annotations

from datetime import datetime, timedelta

from components.data import clock
from components.data.database import execute

FORGOTTEN = timedelta(days=1)


async def beat(worker: str, since: datetime, doing: str) -> None:
    """Says that this worker lives and what it has in hand; drops the rows of those long gone."""
    moment = clock.now()
    await execute(
        "INSERT INTO worker (name, since, beat_at, doing) VALUES (:name, :since, :now, :doing) "
        "ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at, doing = excluded.doing",
        name=worker,
        since=since,
        now=moment,
        doing=doing[:400],
    )
    await execute("DELETE FROM worker WHERE beat_at < :old", old=moment - FORGOTTEN)


async def leave(worker: str) -> None:
    """Takes the row away: this worker has stopped as it should."""
    await execute("DELETE FROM worker WHERE name = :name", name=worker)
