"""Housekeeping of the machinery's own tables."""

from __future__ import annotations

from components.data.throttle import forget
from components.jobs.handlers import every
from components.jobs.work import Work

DAY = 86_400


@every(DAY, "attempts.forget")
async def forget_attempts(_: Work) -> None:
    """Tries that were counted more than two days ago; no limit looks back so far."""
    await forget(older_than=2 * DAY)
