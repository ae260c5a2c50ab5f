"""Effects of jobs, and looking at jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from components.data.database import execute, fetch
from components.jobs.work import Work

EFFECTS = "CREATE TABLE effect (id BIGINT NOT NULL, note TEXT NOT NULL DEFAULT '')"


async def leave_effect(work: Work, **_: Any) -> None:
    await execute("INSERT INTO effect (id) VALUES (:id)", id=work.claim.id)


async def effects() -> list[int]:
    return sorted(found["id"] for found in await fetch("SELECT id FROM effect"))


async def jobs() -> list[dict[str, Any]]:
    """Every job's row, by number."""
    return [dict(found) for found in await fetch("SELECT * FROM job ORDER BY id")]


async def job(id: int) -> dict[str, Any]:
    [found] = [each for each in await jobs() if each["id"] == id]
    return found


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Waits until something holds; fails if it doesn't in time."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110  # another process makes it so
            await asyncio.sleep(0.02)
