"""Periodic jobs: whichever worker is first enqueues them; none comes twice, none stops with a worker."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from components.data import clock
from components.data.database import execute, fetch, transaction
from components.jobs.handlers import Handler
from components.jobs.queue import enqueue


async def enqueue_due(handlers: Iterable[Handler]) -> None:
    """Enqueues the periodic jobs whose time has come; one that is seen for the first time is due at once."""
    periodic = {each.name: each.every for each in handlers if each.every is not None}
    if not periodic:
        return
    known = {found["name"] for found in await fetch("SELECT name FROM schedule")}
    moment = clock.now()
    for name in periodic.keys() - known:
        await execute(
            "INSERT INTO schedule (name, next_at) VALUES (:name, :now) ON CONFLICT (name) DO NOTHING",
            name=name,
            now=moment,
        )
    due = {found["name"] for found in await fetch("SELECT name FROM schedule WHERE next_at <= :now", now=moment)}
    for name in sorted(due & periodic.keys()):
        async with transaction():
            mine = await execute(
                "UPDATE schedule SET next_at = :next WHERE name = :name AND next_at <= :now",
                next=moment + timedelta(seconds=periodic[name] or 0),
                name=name,
                now=moment,
            )
            if mine:
                await enqueue(name, key="periodic")
