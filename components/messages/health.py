"""How the outbox is, for the doctor and for the metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from components.data import clock
from components.data.database import row, rows

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Counts:
    """One channel's messages; ``failed``: of the last days."""

    channel: str
    waiting: int
    failed: int
    oldest: datetime | None  # of those that wait


@dataclass(frozen=True, slots=True)
class Failure:
    """The latest that was given up, or the latest trouble of one that still waits. Names no receiver."""

    id: int
    kind: str
    error: str


async def outbox_counts() -> dict[str, Counts]:
    """By channel; both are there. One query by the index of states."""
    found = await rows(
        Counts,
        """
SELECT channel, count(CASE WHEN state = 'waiting' THEN 1 END) AS waiting,
  count(CASE WHEN state = 'failed' THEN 1 END) AS failed,
  min(CASE WHEN state = 'waiting' THEN created_at END) AS oldest
FROM message WHERE state = 'waiting' OR (state = 'failed' AND created_at > :lately) GROUP BY channel""",
        lately=clock.now() - LATELY,
    )
    empty = {channel: Counts(channel, 0, 0, None) for channel in ("email", "sms")}
    return empty | {each.channel: each for each in found}


async def latest(channel: str, state: str) -> Failure | None:
    """The latest message in this state which tells of trouble."""
    return await row(
        Failure,
        "SELECT id, kind, error FROM message WHERE state = :state AND channel = :channel AND error <> '' "
        "ORDER BY id DESC LIMIT 1",
        state=state,
        channel=channel,
    )
