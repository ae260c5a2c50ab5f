"""Reading usage: sums by hour, day or month for a service that was found for a viewer.

``at`` of a bucket is what its table is keyed by: seconds since 1970 for hours, days since 1970-01-01 for days,
year * 12 + month - 1 for months; days and months are the operator's.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import orjson

from components.data.database import row, rows
from components.data.period import Period

EPOCH = date(1970, 1, 1)
STEPS = ("hour", "day", "month")


@dataclass(frozen=True, slots=True)
class Extent:
    """The first and last interval there is, and how long the last one is: the grain of the measurements."""

    first_at: int
    last_at: int
    grain: int

    def last_day(self, zone: ZoneInfo) -> date:
        return datetime.fromtimestamp(self.last_at, UTC).astimezone(zone).date()

    def first_moment(self) -> datetime:
        return datetime.fromtimestamp(self.first_at, UTC)

    def last_moment(self) -> datetime:
        return datetime.fromtimestamp(self.last_at, UTC)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Sums of one hour, day or month; peaks are the largest hour's sums and None where hours are not measured."""

    at: int
    seconds: int
    incoming: int
    outgoing: int
    peak_incoming: int | None
    peak_incoming_at: int | None
    peak_outgoing: int | None
    peak_outgoing_at: int | None


def day_number(day: date) -> int:
    return (day - EPOCH).days


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


@dataclass(frozen=True, slots=True)
class _Extent:
    first_at: int | None
    last_at: int | None
    grain: int | None


async def extent_of(service_id: int) -> Extent | None:
    """None where nothing was ever measured."""
    found = await row(
        _Extent,
        "SELECT (SELECT min(started_at) FROM usage_interval WHERE service_id = :id) AS first_at, "
        "(SELECT max(started_at) FROM usage_interval WHERE service_id = :id) AS last_at, "
        "(SELECT seconds FROM usage_interval WHERE service_id = :id ORDER BY started_at DESC LIMIT 1) AS grain",
        id=service_id,
    )
    if found is None or found.first_at is None or found.last_at is None or found.grain is None:
        return None
    return Extent(found.first_at, found.last_at, found.grain)


_PEAKS = "peak_incoming, peak_incoming_at, peak_outgoing, peak_outgoing_at"
_HOURS = """SELECT hour AS at, seconds, incoming, outgoing, NULL AS peak_incoming, NULL AS peak_incoming_at,
 NULL AS peak_outgoing, NULL AS peak_outgoing_at
 FROM usage_hour WHERE service_id = :id AND hour >= :first AND hour < :end ORDER BY hour LIMIT :most"""
_DAYS = f"""SELECT day AS at, seconds, incoming, outgoing, {_PEAKS}
 FROM usage_day WHERE service_id = :id AND day >= :first AND day < :end ORDER BY day LIMIT :most"""
_MONTHS = f"""SELECT month AS at, seconds, incoming, outgoing, {_PEAKS}
 FROM usage_month WHERE service_id = :id AND month >= :first AND month < :end ORDER BY month LIMIT :most"""


async def buckets(service_id: int, step: str, period: Period, zone: ZoneInfo, most: int) -> list[Bucket]:
    """The buckets that have measurements, in order, at most ``most``. Months at the edges of a period that does
    not begin or end with one hold only its own days."""
    if step == "hour":
        start, end = period.moments(zone)
        return await _fetch(_HOURS, service_id, int(start.timestamp()), int(end.timestamp()), most)
    if step == "day":
        return await _fetch(_DAYS, service_id, day_number(period.start), day_number(period.end), most)
    if period.start.day == 1 and period.end.day == 1:
        return await _fetch(_MONTHS, service_id, month_number(period.start), month_number(period.end), most)
    days = await _fetch(_DAYS, service_id, day_number(period.start), day_number(period.end), period.days)
    return _by_month(days)[:most]


async def _fetch(sql: str, service_id: int, first: int, end: int, most: int) -> list[Bucket]:
    return await rows(Bucket, sql, id=service_id, first=first, end=end, most=most)


def _by_month(days: list[Bucket]) -> list[Bucket]:
    months: dict[int, list[Bucket]] = {}
    for each in days:
        months.setdefault(month_number(date.fromordinal(each.at + EPOCH.toordinal())), []).append(each)
    return [total(month, parts) for month, parts in months.items()]


def total(at: int, parts: list[Bucket]) -> Bucket:
    """The sum of buckets, with the peak of their peaks."""
    peak_in = max((each for each in parts if each.peak_incoming is not None), key=_peak_in, default=None)
    peak_out = max((each for each in parts if each.peak_outgoing is not None), key=_peak_out, default=None)
    return Bucket(
        at,
        sum(each.seconds for each in parts),
        sum(each.incoming for each in parts),
        sum(each.outgoing for each in parts),
        peak_in.peak_incoming if peak_in else None,
        peak_in.peak_incoming_at if peak_in else None,
        peak_out.peak_outgoing if peak_out else None,
        peak_out.peak_outgoing_at if peak_out else None,
    )


def _peak_in(each: Bucket) -> int:
    return each.peak_incoming or 0


def _peak_out(each: Bucket) -> int:
    return each.peak_outgoing or 0


async def stream(
    service_id: int, step: str, period: Period, zone: ZoneInfo, chunk: int = 2000
) -> AsyncIterator[Bucket]:
    """All buckets of a period, a chunk a query: memory stays flat however long it is."""
    if step != "hour":
        for each in await buckets(service_id, step, period, zone, period.days):
            yield each
        return
    start, end = (int(moment.timestamp()) for moment in period.moments(zone))
    while True:
        found = await _fetch(_HOURS, service_id, start, end, chunk)
        for each in found:
            yield each
        if len(found) < chunk:
            return
        start = found[-1].at + 1


@dataclass(frozen=True, slots=True)
class Percentile:
    """The highest hour once the top twentieth is left out: what carriers bill burstable links by."""

    incoming: int | None
    outgoing: int | None


async def percentile_95(service_id: int, period: Period, zone: ZoneInfo) -> Percentile:
    """Of the measured hours in the period, each direction by itself."""
    start, end = period.moments(zone)
    hours = "FROM usage_hour WHERE service_id = :id AND hour >= :first AND hour < :end"

    def at(column: str) -> str:
        return f"(SELECT {column} {hours} ORDER BY {column} DESC LIMIT 1 OFFSET (SELECT count(*) / 20 {hours}))"

    found = await row(
        Percentile,
        f"SELECT {at('incoming')} AS incoming, {at('outgoing')} AS outgoing",
        id=service_id,
        first=int(start.timestamp()),
        end=int(end.timestamp()),
    )
    return found or Percentile(None, None)


@dataclass(frozen=True, slots=True)
class DaySum:
    day: int
    total: int


LAST_DAYS_SQL = """(SELECT json_group_array(json_array(d.day, d.incoming + d.outgoing)) FROM usage_day d
 WHERE d.service_id = s.id AND d.day > (SELECT max(m.day) FROM usage_day m WHERE m.service_id = s.id) - 30)"""
"""A column of a query over services ``s``: the last 30 days that end with the last measurement."""


def read_last_days(text: str | None) -> list[DaySum]:
    """What that column holds, in order of days."""
    return sorted((DaySum(day, total) for day, total in orjson.loads(text or "[]") or ()), key=lambda each: each.day)
