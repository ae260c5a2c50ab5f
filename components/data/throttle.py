"""Limits on tries that hold across processes: counted in the database, per key and window of time."""

from __future__ import annotations

from dataclasses import dataclass

from components.data import clock
from components.data.database import execute, fetch


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``tries`` in each window of ``seconds``."""

    name: str
    tries: int
    seconds: int


def _window(limit: Limit) -> tuple[int, int]:
    moment = int(clock.now().timestamp())
    return moment - moment % limit.seconds, moment


async def wait(*limits: tuple[Limit, str]) -> int:
    """Seconds to wait before another try, the longest over several (limit, key); 0: go ahead."""
    if not limits:
        return 0
    conditions = []
    values: dict[str, object] = {}
    for place, (limit, key) in enumerate(limits):
        start, _ = _window(limit)
        conditions.append(f"(key = :key{place} AND window_start = :start{place} AND count >= :tries{place})")
        values |= {f"key{place}": f"{limit.name}:{key}", f"start{place}": start, f"tries{place}": limit.tries}
    reached = {
        found["key"] for found in await fetch(f"SELECT key FROM attempt WHERE {' OR '.join(conditions)}", **values)
    }
    longest = 0
    for limit, key in limits:
        if f"{limit.name}:{key}" in reached:
            start, moment = _window(limit)
            longest = max(longest, start + limit.seconds - moment)
    return longest


async def count(*limits: tuple[Limit, str]) -> None:
    """Counts one try against each, and forgets windows that ended a day ago."""
    for limit, key in limits:
        start, moment = _window(limit)
        await execute(
            "INSERT INTO attempt (key, window_start, count) VALUES (:key, :start, 1) "
            "ON CONFLICT (key, window_start) DO UPDATE SET count = attempt.count + 1",
            key=f"{limit.name}:{key}",
            start=start,
        )
        await execute(
            "DELETE FROM attempt WHERE key = :key AND window_start < :old",
            key=f"{limit.name}:{key}",
            old=moment - 86_400,
        )


async def forget(*, older_than: int) -> None:
    """Drops the windows that began more than so many seconds ago."""
    await execute("DELETE FROM attempt WHERE window_start < :old", old=int(clock.now().timestamp()) - older_than)
