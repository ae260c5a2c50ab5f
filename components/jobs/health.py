"""How the jobs are, for the doctor and for the metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from components.data import clock
from components.data.database import rows

SILENT = timedelta(seconds=60)  # a worker that says nothing for so long has gone
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Counts:
    """Jobs by their state."""

    waiting: int = 0
    running: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    name: str
    due_at: datetime
    tries: int
    error: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that is tried no more; ``error`` is why, fit to be shown. See ``settling.revive`` and ``forget``."""

    id: int
    name: str
    tries: int
    error: str
    request: str
    created_at: datetime
    died_at: datetime


@dataclass(frozen=True, slots=True)
class Beating:
    name: str
    since: datetime
    beat_at: datetime
    doing: str


@dataclass(frozen=True, slots=True)
class JobsHealth:
    counts: Counts
    dead_letters: tuple[DeadLetter, ...]  # the latest
    oldest_waiting: Waiting | None  # the one that has been due longest
    overdue: timedelta  # for how long that one has been due
    workers: tuple[Beating, ...]  # those that show a sign of life
    last_beat: datetime | None  # the last sign of life of any


@dataclass(frozen=True, slots=True)
class _Count:
    state: str
    jobs: int


async def jobs_counts() -> Counts:
    """How many wait, run and are dead. One query of a small table."""
    found = await rows(_Count, "SELECT state, count(*) AS jobs FROM job GROUP BY state")
    return Counts(**{each.state: each.jobs for each in found})


async def jobs_health() -> JobsHealth:
    """Four queries of small tables."""
    moment = clock.now()
    waiting = await rows(
        Waiting,
        "SELECT id, name, due_at, tries, error FROM job WHERE state = 'waiting' AND due_at <= :now "
        "ORDER BY due_at, id LIMIT 1",
        now=moment,
    )
    dead = await rows(
        DeadLetter,
        "SELECT id, name, tries, error, request, created_at, changed_at AS died_at FROM job WHERE state = 'dead' "
        "ORDER BY changed_at DESC, id DESC LIMIT :shown",
        shown=SHOWN,
    )
    workers = await rows(Beating, "SELECT name, since, beat_at, doing FROM worker ORDER BY beat_at DESC, name")
    return JobsHealth(
        counts=await jobs_counts(),
        dead_letters=tuple(dead),
        oldest_waiting=waiting[0] if waiting else None,
        overdue=moment - waiting[0].due_at if waiting else timedelta(0),
        workers=tuple(each for each in workers if moment - each.beat_at <= SILENT),
        last_beat=workers[0].beat_at if workers else None,
    )
