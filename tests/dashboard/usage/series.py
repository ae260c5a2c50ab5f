"""The measured series behind service S900001, read from the source that the sample was made of."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tests.support.databases import SAMPLES

ALMATY = ZoneInfo("Asia/Almaty")
MOVED = timedelta(weeks=1096)


@cache
def measured() -> dict[datetime, int]:
    """UTC hour of 2026 → bytes that came in: the source's bits, moved by whole weeks so that weekdays stay."""
    with (SAMPLES / "sources" / "isp-link-2005-hourly.csv").open(encoding="utf-8", newline="") as source:
        lines = csv.reader(source)
        next(lines)
        return {
            datetime.fromisoformat(time).replace(tzinfo=UTC) + MOVED: int(bits) // 8 for time, bits in lines if bits
        }


def by(form: str) -> dict[str, int]:
    """Sums by the local time's ``strftime`` form: ``%Y-%m-%d`` by day, ``%Y-%m`` by month."""
    sums: dict[str, int] = defaultdict(int)
    for hour, amount in measured().items():
        sums[hour.astimezone(ALMATY).strftime(form)] += amount
    return dict(sums)


@cache
def export_of(service: str) -> tuple[tuple[str, int, str, str], ...]:
    """The rows of the sample's usage file for a service: started, seconds, incoming, outgoing."""
    with gzip.open(SAMPLES / "telecom" / "usage.csv.gz", "rt", encoding="utf-8", newline="") as source:
        lines = csv.reader(source)
        next(lines)
        return tuple((row[1], int(row[2]), row[3], row[4]) for row in lines if row[0] == service)
