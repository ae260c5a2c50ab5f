"""The table under the chart: a row for each hour, day or month, and one for each stretch without measurements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from components.data.period import Period
from components.web.language import Language
from dashboard.usage.reading import EPOCH, Bucket, Extent, day_number, month_number
from dashboard.usage.units import Unit


@dataclass(frozen=True, slots=True)
class UsageRow:
    """``gap`` is set for a row that stands for what was not measured; the figures are then empty."""

    weekday: str
    label: str
    gap: str
    incoming: str
    outgoing: str
    total: str
    average: str
    peak: str
    peak_at: str
    weekend: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """What the rows of one service's period are written with."""

    say: Language
    zone: ZoneInfo
    step: str
    unit: Unit
    rates: Unit | None  # bytes only


def rate(amount: int, seconds: int) -> float:
    """Bits a second, over the time that was measured."""
    return amount * 8 / seconds if seconds else 0.0


def moment_at(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def day_at(at: int) -> date:
    return EPOCH + timedelta(days=at)


def month_at(at: int) -> date:
    return date(at // 12, at % 12 + 1, 1)


def slots(period: Period, step: str, zone: ZoneInfo) -> range:
    """The keys of all buckets of a period, measured or not."""
    if step == "hour":
        start, end = period.moments(zone)
        return range(-(-int(start.timestamp()) // 3600) * 3600, int(end.timestamp()), 3600)
    if step == "day":
        return range(day_number(period.start), day_number(period.end))
    return range(month_number(period.start), month_number(period.last) + 1)


def gaps(found: list[Bucket], period: Period, step: str, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """Stretches without measurements, as first and last key, up to the last row that is shown."""
    measured = {each.at for each in found}
    begun = before = None
    for at in slots(period, step, zone):
        if at in measured:
            if begun is not None and before is not None:
                yield begun, before
            begun = None
        elif begun is None:
            begun = at
        before = at
    if begun is not None and before is not None:
        yield begun, before


def usage_rows(
    found: list[Bucket], period: Period, unit: str | None, place: Place, extent: Extent | None
) -> Iterator[UsageRow]:
    """Rows in order of time. No call is a fact; no measurement of a link or a meter is not a zero."""
    say = place.say
    missing = say.gettext("No calls") if unit == "seconds" else say.gettext("Not measured")
    coarse = (
        extent is not None and unit != "seconds" and extent.grain > {"hour": 3600, "day": 86_400}.get(place.step, 10**9)
    )
    parts: list[tuple[int, Bucket | tuple[int, int]]] = [(each.at, each) for each in found]
    if not coarse:  # a monthly reading leaves no gaps between its days: they are in it
        parts += [(first, (first, last)) for first, last in gaps(found, period, place.step, place.zone)]
    parts.sort(key=lambda part: part[0])
    for at, part in parts:
        if isinstance(part, Bucket):
            yield row_of(part, _label(at, place), place, weekday=_weekday(at, place), weekend=_weekend(at, place))
        else:
            yield UsageRow("", _stretch(part[0], part[1], place), missing, "", "", "", "", "", "")


def row_of(
    each: Bucket,
    label: str,
    place: Place,
    *,
    weekday: str = "",
    weekend: bool = False,
    with_peak: bool = True,
) -> UsageRow:
    """One bucket's figures as text."""
    say, rates = place.say, place.rates
    peak = peak_at = average = ""
    if rates:
        average = rates.text(rate(each.incoming, each.seconds), say)
        if with_peak and each.peak_incoming is not None and each.peak_incoming_at is not None:
            peak = rates.text(rate(each.peak_incoming, 3600), say)
            local = moment_at(each.peak_incoming_at).astimezone(place.zone)
            peak_at = f"{local:%H:%M}" if place.step == "day" and weekday else say.day_short(local.date())
    return UsageRow(
        weekday,
        label,
        "",
        place.unit.text(each.incoming, say),
        place.unit.text(each.outgoing, say),
        place.unit.text(each.incoming + each.outgoing, say),
        average,
        peak,
        peak_at,
        weekend,
    )


def _day_of(at: int, place: Place) -> date:
    return moment_at(at).astimezone(place.zone).date() if place.step == "hour" else day_at(at)


def _label(at: int, place: Place) -> str:
    if place.step == "month":
        return place.say.month(month_at(at))
    day = place.say.day_short(_day_of(at, place))
    return f"{day}, {place.say.time(moment_at(at), place.zone)}" if place.step == "hour" else day


def _weekday(at: int, place: Place) -> str:
    return "" if place.step == "month" else place.say.weekday(_day_of(at, place))


def _weekend(at: int, place: Place) -> bool:
    return place.step != "month" and _day_of(at, place).weekday() >= 5


def _stretch(first: int, last: int, place: Place) -> str:
    if first == last:
        return _label(first, place)
    if place.step == "day":
        return place.say.days(day_at(first), day_at(last))
    end = last + 3600 if place.step == "hour" else last
    return f"{_label(first, place)} – {_label(end, place)}"
