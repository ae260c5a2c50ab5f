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
SUMS = "SUM(u.seconds), SUM(u.incoming), SUM(u.outgoing)"
SET_SUMS = "seconds = excluded.seconds, incoming = excluded.incoming, outgoing = excluded.outgoing"
PEAKS = ("peak_incoming", "peak_incoming_at", "peak_outgoing", "peak_outgoing_at")
SET_PEAKS = ", ".join(f"{name} = excluded.{name}" for name in PEAKS)


async def refresh_rollups(bulk: Bulk, changed: str, zone: ZoneInfo) -> None:
    """Brings hours, days and months up to date with the intervals listed in the table ``changed``.

    Its columns are ``service_id`` and ``started_at``. Runs inside the caller's transaction, the intervals
    being in place already. Touches only the hours, days and months of those intervals.
    """
    bounds = (await bulk.fetch(f"SELECT MIN(started_at), MAX(started_at) FROM {changed}"))[0]
    if bounds[0] is None:
        return
    await _make_calendar(bulk, bounds[0], bounds[1], zone)
    await _refresh_hours(bulk, changed)
    await _refresh_days(bulk, changed)
    await _refresh_months(bulk)
    for table in ("calendar", "affected_hour", "affected_day"):
        await bulk.execute(f"DROP TABLE {table}")


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
    await bulk.execute("CREATE INDEX calendar_day ON calendar (day)")
    await bulk.analyze("calendar")


async def _refresh_hours(bulk: Bulk, changed: str) -> None:
    await bulk.execute(
        "CREATE TEMP TABLE affected_hour AS "
        f"SELECT DISTINCT service_id, started_at - started_at % 3600 AS hour FROM {changed}"
    )
    await bulk.analyze("affected_hour")
    await bulk.execute(
        "INSERT INTO usage_hour (service_id, hour, seconds, incoming, outgoing) "
        f"SELECT h.service_id, h.hour, {SUMS} FROM affected_hour h "
        "JOIN usage_interval u ON u.service_id = h.service_id"
        " AND u.started_at >= h.hour AND u.started_at < h.hour + 3600 "
        f"GROUP BY h.service_id, h.hour ON CONFLICT (service_id, hour) DO UPDATE SET {SET_SUMS}"
    )


async def _refresh_days(bulk: Bulk, changed: str) -> None:
    # The day of an interval by a look into the index: the last one to begin no later than it does.
    await bulk.execute(
        "CREATE TEMP TABLE affected_day AS SELECT DISTINCT service_id, (SELECT c.day FROM calendar c"
        f" WHERE c.begins <= x.started_at ORDER BY c.begins DESC LIMIT 1) AS day FROM {changed} x"
    )
    await bulk.analyze("affected_day")

    def peak(column: str, wanted: str) -> str:
        return (
            "CASE WHEN s.unit = 'bytes' AND MAX(u.seconds) <= 3600 THEN"
            f" (SELECT h.{wanted} FROM usage_hour h WHERE h.service_id = d.service_id AND h.hour >= c.begins"
            f" AND h.hour < c.ends ORDER BY h.{column} DESC, h.hour LIMIT 1) END"
        )

    await bulk.execute(
        f"INSERT INTO usage_day (service_id, day, seconds, incoming, outgoing, {', '.join(PEAKS)}) "
        f"SELECT d.service_id, d.day, {SUMS}, {peak('incoming', 'incoming')}, {peak('incoming', 'hour')},"
        f" {peak('outgoing', 'outgoing')}, {peak('outgoing', 'hour')} "
        "FROM affected_day d JOIN calendar c ON c.day = d.day JOIN service s ON s.id = d.service_id "
        "JOIN usage_interval u ON u.service_id = d.service_id"
        " AND u.started_at >= c.begins AND u.started_at < c.ends "
        "GROUP BY d.service_id, d.day, c.begins, c.ends, s.unit "
        f"ON CONFLICT (service_id, day) DO UPDATE SET {SET_SUMS}, {SET_PEAKS}"
    )


async def _refresh_months(bulk: Bulk) -> None:
    months = (
        "(SELECT DISTINCT d.service_id, c.month FROM affected_day d JOIN calendar c ON c.day = d.day) m "
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
