"""Usage by hour, day and month, worked out anew where intervals came or changed.

An interval belongs to the hour, day and month in which it starts and is never spread. Hours are UTC, days and
months are the operator's: their limits come from the time zone's own rules, so a day may have 23 or 25 hours
and begin at half past an hour of UTC. Peaks are those of the hour sums that begin within the day or month;
they mean something for bytes measured by the hour or finer; a day of anything else has none, and a month
has the greatest of its days.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from components.data.bulk import Bulk, Columns, Record
from components.data.period import day_begins

CALENDAR: Columns = {"day": "whole", "month": "whole", "begins": "whole", "ends": "whole"}
EPOCH = date(1970, 1, 1)
LONGEST_DAY = 48 * 3600  # of any zone since 1970, with room to spare
SUMS = "SUM(u.seconds), SUM(u.incoming), SUM(u.outgoing)"
SET_SUMS = "seconds = excluded.seconds, incoming = excluded.incoming, outgoing = excluded.outgoing"
PEAKS = ("peak_incoming", "peak_incoming_at", "peak_outgoing", "peak_outgoing_at")
SET_PEAKS = ", ".join(f"{name} = excluded.{name}" for name in PEAKS)


async def refresh_rollups(bulk: Bulk, changed: str, zone: ZoneInfo) -> None:
    """Brings hours, days and months up to date with the intervals listed in the table ``changed``.

    Its columns are ``service_id`` and ``started_at``. Runs inside the caller's transaction, the intervals
    being in place already. Touches only the days and months of those intervals, and the hours between them.
    """
    # Intervals come close together: a stretch goes from the first to the last of those of one service and day (UTC).
    await bulk.execute(
        "CREATE TEMP TABLE stretch AS SELECT service_id, MIN(started_at) AS first, MAX(started_at) AS last "
        f"FROM {changed} GROUP BY service_id, started_at / 86400"
    )
    await bulk.analyze("stretch")
    first, last = (await bulk.fetch("SELECT MIN(first), MAX(last) FROM stretch"))[0]
    if first is not None:
        await _make_calendar(bulk, first, last, zone)
        await _refresh_hours(bulk)
        await _refresh_days(bulk)
        await _refresh_months(bulk)
        for table in ("calendar", "affected_day"):
            await bulk.execute(f"DROP TABLE {table}")
    await bulk.execute("DROP TABLE stretch")


def calendar(first: int, last: int, zone: ZoneInfo) -> list[Record]:
    """Day, month, first second and end of each of the operator's days, whole months around both moments."""
    day = datetime.fromtimestamp(first, UTC).astimezone(zone).date().replace(day=1)
    end = datetime.fromtimestamp(last, UTC).astimezone(zone).date()
    rows: list[Record] = []
    begins = int(day_begins(day, zone).timestamp())
    while day <= end or day.day != 1:
        ends = int(day_begins(day + timedelta(days=1), zone).timestamp())
        rows.append(((day - EPOCH).days, day.year * 12 + day.month - 1, begins, ends))
        day, begins = day + timedelta(days=1), ends
    return rows


async def _make_calendar(bulk: Bulk, first: int, last: int, zone: ZoneInfo) -> None:
    await bulk.stage("calendar", CALENDAR)
    await bulk.copy("calendar", CALENDAR, calendar(first, last, zone))
    await bulk.execute("CREATE INDEX calendar_begins ON calendar (begins)")
    await bulk.analyze("calendar")


async def _refresh_hours(bulk: Bulk) -> None:
    await bulk.execute(
        "INSERT INTO usage_hour (service_id, hour, seconds, incoming, outgoing) "
        f"SELECT u.service_id, u.started_at - u.started_at % 3600, {SUMS} FROM stretch x "
        "JOIN usage_interval u ON u.service_id = x.service_id AND u.started_at >= x.first - x.first % 3600"
        " AND u.started_at < x.last - x.last % 3600 + 3600 "
        "GROUP BY u.service_id, u.started_at - u.started_at % 3600 "
        f"ON CONFLICT (service_id, hour) DO UPDATE SET {SET_SUMS}"
    )


async def _refresh_days(bulk: Bulk) -> None:
    await bulk.execute(
        "CREATE TEMP TABLE affected_day AS SELECT DISTINCT x.service_id, c.day, c.month, c.begins, c.ends "
        f"FROM stretch x JOIN calendar c ON c.begins > x.first - {LONGEST_DAY} AND c.begins <= x.last"
        " AND c.ends > x.first"
    )
    await bulk.analyze("affected_day")

    def peak(column: str, wanted: str) -> str:
        return (
            "CASE WHEN s.unit = 'bytes' AND MAX(u.seconds) <= 3600 THEN"
            f" (SELECT h.{wanted} FROM usage_hour h WHERE h.service_id = d.service_id AND h.hour >= d.begins"
            f" AND h.hour < d.ends ORDER BY h.{column} DESC, h.hour LIMIT 1) END"
        )

    await bulk.execute(
        f"INSERT INTO usage_day (service_id, day, seconds, incoming, outgoing, {', '.join(PEAKS)}) "
        f"SELECT d.service_id, d.day, {SUMS}, {peak('incoming', 'incoming')}, {peak('incoming', 'hour')},"
        f" {peak('outgoing', 'outgoing')}, {peak('outgoing', 'hour')} "
        "FROM affected_day d JOIN service s ON s.id = d.service_id "
        "JOIN usage_interval u ON u.service_id = d.service_id"
        " AND u.started_at >= d.begins AND u.started_at < d.ends "
        "GROUP BY d.service_id, d.day, d.begins, d.ends, s.unit "
        f"ON CONFLICT (service_id, day) DO UPDATE SET {SET_SUMS}, {SET_PEAKS}"
    )


async def _refresh_months(bulk: Bulk) -> None:
    months = (
        "(SELECT DISTINCT service_id, month FROM affected_day) m "
        "JOIN (SELECT month, MIN(day) AS first, MAX(day) AS last FROM calendar GROUP BY month) c"
        " ON c.month = m.month "
        "JOIN usage_day u ON u.service_id = m.service_id AND u.day >= c.first AND u.day <= c.last"
    )

    def peak(column: str, wanted: str) -> str:
        return (
            f"(SELECT x.{wanted} FROM usage_day x WHERE x.service_id = m.service_id AND x.day >= c.first"
            f" AND x.day <= c.last AND x.{column} IS NOT NULL"
            f" ORDER BY x.{column} DESC, x.{column}_at LIMIT 1)"
        )

    await bulk.execute(
        f"INSERT INTO usage_month (service_id, month, seconds, incoming, outgoing, {', '.join(PEAKS)}) "
        f"SELECT m.service_id, m.month, {SUMS}, "
        f"{peak('peak_incoming', 'peak_incoming')}, {peak('peak_incoming', 'peak_incoming_at')}, "
        f"{peak('peak_outgoing', 'peak_outgoing')}, {peak('peak_outgoing', 'peak_outgoing_at')} "
        f"FROM {months} GROUP BY m.service_id, m.month, c.first, c.last "
        f"ON CONFLICT (service_id, month) DO UPDATE SET {SET_SUMS}, {SET_PEAKS}"
    )
