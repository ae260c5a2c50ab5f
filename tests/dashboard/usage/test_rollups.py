"""Rollups against sums made one interval at a time, in zones that make it hard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from components.data.bulk import Bulk, open_bulk
from dashboard.schema import config
from dashboard.usage.rollups import calendar, refresh_rollups
from tests.support.contents import ask
from tests.support.databases import operator_of

Interval = tuple[int, int, int, int, int]  # service, started_at, seconds, incoming, outgoing
Sums = dict[tuple[int, int], tuple[int, ...]]
CHANGED = {"service_id": "whole", "started_at": "whole"}
INTERVAL = {**CHANGED, "seconds": "whole", "incoming": "whole", "outgoing": "whole"}


def naive(intervals: Iterable[Interval], bytes_services: set[int], zone: ZoneInfo) -> tuple[Sums, Sums, Sums]:
    """Hours, days and months by walking through the intervals."""
    hours: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    days: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    months: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    longest: dict[tuple[int, int], int] = defaultdict(int)
    for service, at, *amounts in intervals:
        local = datetime.fromtimestamp(at, UTC).astimezone(zone).date()
        keys = (service, at // 3600 * 3600), (service, _day(local)), (service, _month(local))
        for sums, key in zip((hours, days, months), keys, strict=True):
            sums[key] = [old + new for old, new in zip(sums[key], amounts, strict=True)]
        longest[keys[1]] = max(longest[keys[1]], amounts[0])
    day_peaks = _peaks(hours, longest, bytes_services, zone)
    month_peaks: Sums = {}
    for (service, day), peak in sorted(day_peaks.items()):
        key = service, _month(date(1970, 1, 1) + timedelta(days=day))
        month_peaks[key] = _greater(month_peaks.get(key), peak)
    nothing = (None,) * 4
    return (
        {key: tuple(value) for key, value in hours.items()},
        {key: (*value, *day_peaks.get(key, nothing)) for key, value in days.items()},  # type: ignore[misc]
        {key: (*value, *month_peaks.get(key, nothing)) for key, value in months.items()},  # type: ignore[misc]
    )


def _peaks(
    hours: dict[tuple[int, int], list[int]],
    longest: dict[tuple[int, int], int],
    bytes_services: set[int],
    zone: ZoneInfo,
) -> Sums:
    peaks: Sums = {}
    for (service, hour), (_, incoming, outgoing) in sorted(hours.items()):
        key = service, _day(datetime.fromtimestamp(hour, UTC).astimezone(zone).date())
        if service in bytes_services and key in longest and longest[key] <= 3600:
            peaks[key] = _greater(peaks.get(key), (incoming, hour, outgoing, hour))
    return peaks


def _greater(old: tuple[int, ...] | None, new: tuple[int, ...]) -> tuple[int, ...]:
    if old is None:
        return new
    incoming = new[:2] if new[0] > old[0] else old[:2]
    outgoing = new[2:] if new[2] > old[2] else old[2:]
    return incoming + outgoing


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


async def stored(url: str) -> tuple[Sums, Sums, Sums]:
    peaks = "peak_incoming, peak_incoming_at, peak_outgoing, peak_outgoing_at"
    found = []
    for table, key, more in (
        ("usage_hour", "hour", ""),
        ("usage_day", "day", f", {peaks}"),
        ("usage_month", "month", f", {peaks}"),
    ):
        rows = await ask(url, f"SELECT service_id, {key}, seconds, incoming, outgoing{more} FROM {table}")
        found.append({(row[0], row[1]): row[2:] for row in rows})
    return found[0], found[1], found[2]


@pytest.mark.parametrize("sample", ["telecom", "housing"])
async def test_the_samples_roll_up_as_counted_by_hand(sample: str, filled: Callable[[str], str]) -> None:
    url = filled(sample)
    intervals = await ask(url, "SELECT service_id, started_at, seconds, incoming, outgoing FROM usage_interval")
    counted = {row[0] for row in await ask(url, "SELECT id FROM service WHERE unit = 'bytes'")}
    expected = naive(intervals, counted, operator_of(sample).zone)  # type: ignore[arg-type]
    assert await stored(url) == expected


@pytest.mark.parametrize(
    "zone", ["Asia/Almaty", "Europe/Budapest", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago"]
)
async def test_hard_zones_in_hard_weeks(zone: str, database_url: str) -> None:
    """Half hours from UTC, clocks moved by one hour and by half of one, a midnight that doesn't exist."""
    random = Random(zone)  # noqa: S311 the same each time, and no secret
    starts = [
        int(datetime(2026, month, day, tzinfo=UTC).timestamp())
        for month, day in ((3, 27), (4, 3), (9, 4), (10, 2), (10, 23))
    ]
    intervals: dict[tuple[int, int], Interval] = {}
    for service, length in ((1, 900), (2, 3600), (3, 86_400), (4, 1800)):
        for start in starts:
            for step in range(0, 5 * 86_400, length):
                if random.random() < 0.8:
                    at = start + step
                    row = (service, at, length, random.randrange(10**12), random.randrange(10**9))
                    intervals[service, at] = row
    info = ZoneInfo(zone)
    async with open_bulk(config(database_url)) as bulk:
        await _services(bulk)
        await _put(bulk, list(intervals.values()), info)
        assert await stored(database_url) == naive(intervals.values(), {1, 2, 3}, info)
        # Some come again with other figures, some are new; only their hours, days and months are done again.
        again = [
            (service, at, seconds, random.randrange(10**12), 5)
            for service, at, seconds, _, _ in random.sample(list(intervals.values()), 200)
        ]
        again += [(2, starts[0] + 20 * 86_400, 3600, 10**13, 1)]
        await _put(bulk, again, info)
    intervals.update({(row[0], row[1]): row for row in again})
    assert await stored(database_url) == naive(intervals.values(), {1, 2, 3}, info)


async def _services(bulk: Bulk) -> None:
    await bulk.execute("INSERT INTO customer (number, kind, name) VALUES ('C', 'person', 'Aigul')")
    await bulk.execute(
        "INSERT INTO account (number, customer_id, currency, opening_balance) SELECT 'A', id, 'KZT', 0 FROM customer"
    )
    await bulk.execute("INSERT INTO contract (number, account_id, status) SELECT 'K', id, 'active' FROM account")
    for number, unit in enumerate(("bytes", "bytes", "bytes", "seconds"), 1):
        await bulk.execute(
            "INSERT INTO service (id, number, contract_id, kind, name, unit, status)"
            f" SELECT {number}, 'S{number}', id, 'internet', 'x', '{unit}', 'active' FROM contract"
        )


async def _put(bulk: Bulk, rows: list[Interval], zone: ZoneInfo) -> None:
    await bulk.stage("coming", INTERVAL)  # type: ignore[arg-type]
    await bulk.copy("coming", INTERVAL, rows)  # type: ignore[arg-type]
    async with bulk.transaction():
        await bulk.execute(
            "INSERT INTO usage_interval SELECT * FROM coming WHERE true ON CONFLICT (service_id, started_at)"
            " DO UPDATE SET incoming = excluded.incoming, outgoing = excluded.outgoing"
        )
        await refresh_rollups(bulk, "coming", zone)
    await bulk.execute("DROP TABLE coming")


async def test_hours_not_touched_are_not_written(database_url: str) -> None:
    zone = ZoneInfo("Asia/Almaty")
    async with open_bulk(config(database_url)) as bulk:
        await _services(bulk)
        await _put(bulk, [(1, 0, 3600, 5, 5), (1, 40 * 86_400, 3600, 7, 7)], zone)
        await bulk.execute("UPDATE usage_hour SET incoming = -1 WHERE hour = 0")
        await bulk.execute("UPDATE usage_day SET incoming = -1 WHERE day = 0")
        await _put(bulk, [(1, 40 * 86_400, 3600, 9, 9)], zone)
    hours, days, _ = await stored(database_url)
    assert (hours[1, 0][1], days[1, 0][1]) == (-1, -1)
    assert (hours[1, 40 * 86_400][1], days[1, 40][1]) == (9, 9)


def test_a_calendar_has_days_of_23_and_25_hours() -> None:
    zone = ZoneInfo("Europe/Budapest")
    first = int(datetime(2026, 3, 10, tzinfo=UTC).timestamp())
    last = int(datetime(2026, 10, 31, 22, 30, tzinfo=UTC).timestamp())
    lengths = {day: (ends - begins) // 3600 for day, _, begins, ends in calendar(first, last, zone)}
    assert lengths[_day(date(2026, 3, 29))] == 23
    assert lengths[_day(date(2026, 10, 25))] == 25
    assert set(lengths.values()) == {23, 24, 25}
    assert min(lengths) == _day(date(2026, 3, 1))
    assert max(lengths) == _day(date(2026, 10, 31))
