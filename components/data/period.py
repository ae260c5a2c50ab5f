"""Periods of days: half-open, in the operator's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = 3660  # days


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` up to but without ``end``."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a period ends after it starts")

    @classmethod
    def of_days(cls, first: date, last: date) -> Period:
        """The period of whole days from ``first`` to ``last``, both included."""
        return cls(first, last + timedelta(days=1))

    @property
    def last(self) -> date:
        """The last day included."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The UTC moments at which it begins and ends for people in ``zone``."""
        return day_begins(self.start, zone), day_begins(self.end, zone)


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """The UTC moment of midnight in ``zone``; where a clock change skips midnight, the first moment of the day."""
    return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)


def month_of(day: date) -> Period:
    """The calendar month of a day."""
    start = day.replace(day=1)
    end = (start + timedelta(days=32)).replace(day=1)
    return Period(start, end)


def year_of(day: date) -> Period:
    """The calendar year of a day."""
    return Period(date(day.year, 1, 1), date(day.year + 1, 1, 1))
