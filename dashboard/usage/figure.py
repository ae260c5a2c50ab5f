"""The chart's figures: a plain dict in plotly's schema (a test holds it against plotly), without colours.

``meta.role`` of a trace and ``name`` of a shape say what each is; the page's own script gives them the page's
tokens. Building plotly objects here would cost hundreds of times as much.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson
from markupsafe import Markup

from components.data.period import Period
from dashboard.usage.reading import Bucket, Percentile
from dashboard.usage.table import Place, day_at, gaps, moment_at, month_at, rate


def figure_json(
    found: list[Bucket], period: Period, two_way: bool, shows_peak: bool, percentile: Percentile, place: Place
) -> Markup:
    """The figure as JSON that can stand in a page: no character of it can end its element."""
    text = orjson.dumps(figure(found, period, two_way, shows_peak, percentile, place)).decode()
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(safe)  # noqa: S704  # JSON with every character of markup escaped


def figure(
    found: list[Bucket], period: Period, two_way: bool, shows_peak: bool, percentile: Percentile, place: Place
) -> dict[str, Any]:
    """Data and layout: what came in above zero, what went out below."""
    say = place.say
    x = [_x(each.at, place) for each in found]
    labels = [_label(each.at, place) for each in found]
    unit = place.rates or place.unit
    traces = []
    if shows_peak:
        traces.append(
            _trace(
                "in-peak",
                say.gettext("peak"),
                x,
                [_peak(each.peak_incoming, place) for each in found],
                labels,
                place,
            )
        )
    traces.insert(
        0,
        _trace("in", say.gettext("In"), x, [_value(each.incoming, each, place) for each in found], labels, place),
    )
    if two_way:
        traces.append(
            _trace(
                "out",
                say.gettext("Out"),
                x,
                [-_value(each.outgoing, each, place) for each in found],
                labels,
                place,
            )
        )
        if shows_peak:
            peaks = [_negative(_peak(each.peak_outgoing, place)) for each in found]
            traces.append(_trace("out-peak", say.gettext("peak out"), x, peaks, labels, place))
    shapes = [*_gap_shapes(found, period, place), *_weekends(period, place)]
    if percentile.incoming is not None and place.rates is not None and place.step == "day":
        level = place.rates.value(rate(percentile.incoming, 3600))
        shapes.append(
            {
                "type": "line",
                "name": "percentile",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": level,
                "y1": level,
            }
        )
    return {
        "data": traces,
        "layout": {
            "yaxis": {"title": {"text": unit.name}},
            "shapes": shapes,
            "meta": {"gap": say.gettext("Not measured"), "step": place.step},
        },
    }


def _trace(
    role: str, name: str, x: list[str], y: list[float | None], labels: list[str], place: Place
) -> dict[str, Any]:
    trace: dict[str, Any] = {
        "type": "bar",
        "name": name,
        "x": x,
        "y": y,
        "customdata": labels,
        "meta": {"role": role},
    }
    if place.step == "hour":
        trace |= {"type": "scatter", "mode": "lines", "line": {"shape": "hv"}}
        for index in reversed(range(1, len(x))):
            if datetime.fromisoformat(x[index]) - datetime.fromisoformat(x[index - 1]) > timedelta(hours=1, minutes=1):
                # A hole is a break in the line, not a slope across it.
                after = (datetime.fromisoformat(x[index - 1]) + timedelta(hours=1)).isoformat(timespec="minutes")
                trace["x"] = [*trace["x"][:index], after, *trace["x"][index:]]
                trace["y"] = [*trace["y"][:index], None, *trace["y"][index:]]
                trace["customdata"] = [*trace["customdata"][:index], "", *trace["customdata"][index:]]
    return trace


def _x(at: int, place: Place) -> str:
    if place.step == "hour":
        return moment_at(at).astimezone(place.zone).replace(tzinfo=None).isoformat(timespec="minutes")
    return (day_at(at) if place.step == "day" else month_at(at)).isoformat()


def _label(at: int, place: Place) -> str:
    if place.step == "hour":
        return place.say.moment(moment_at(at), place.zone)
    if place.step == "day":
        day = day_at(at)
        return f"{place.say.weekday(day)}, {place.say.day(day)}"
    return place.say.month(month_at(at))


def _value(amount: int, each: Bucket, place: Place) -> float:
    if place.rates:
        return round(rate(amount, each.seconds) / place.rates.divisor, 3)
    return place.unit.value(amount)


def _peak(amount: int | None, place: Place) -> float | None:
    if amount is None or place.rates is None:
        return None
    return round(rate(amount, 3600) / place.rates.divisor, 3)


def _negative(value: float | None) -> float | None:
    return None if value is None else -value


def _gap_shapes(found: list[Bucket], period: Period, place: Place) -> list[dict[str, Any]]:
    """Hatched where nothing was measured, for stretches long enough to be seen."""
    shapes = []
    for first, last in gaps(found, period, place.step, place.zone):
        start, end = _x(first, place), _x(last + (3600 if place.step == "hour" else 1), place)
        shapes.append({"type": "rect", "name": "gap", "x0": start, "x1": end, "yref": "paper", "y0": 0, "y1": 1})
    return shapes if len(shapes) <= 60 else []


def _weekends(period: Period, place: Place) -> list[dict[str, Any]]:
    if place.step != "day" or period.days > 100:
        return []
    days = (period.start + timedelta(days=each) for each in range(period.days))
    return [
        {
            "type": "rect",
            "name": "weekend",
            "x0": day.isoformat(),
            "x1": (day + timedelta(days=1)).isoformat(),
            "yref": "paper",
            "y0": 0,
            "y1": 1,
        }
        for day in days
        if day.weekday() >= 5
    ]
