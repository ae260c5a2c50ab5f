"""What is left of sign-ins that have ended."""

from __future__ import annotations

from datetime import timedelta

from components.data import clock
from components.data.database import execute


async def forget_ended(*, older_than: timedelta, at_most: int) -> int:
    """Deletes sign-ins that were ended, or ran out, so long ago; how many."""
    return await execute(
        "DELETE FROM session WHERE id IN "
        "(SELECT id FROM session WHERE ended_at < :old OR expires_at < :old ORDER BY id LIMIT :most)",
        old=clock.now() - older_than,
        most=at_most,
    )
