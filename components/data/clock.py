"""The one clock. Everything that asks for the time asks here, so that a test can set it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: ZoneInfo) -> date:
    """The calendar day that it is now in ``zone``."""
    return now().astimezone(zone).date()
