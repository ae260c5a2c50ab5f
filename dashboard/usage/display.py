"""Usage as its template needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from components.data import period as components_period
from components.data.period import month_of, year_of
from components.ui.parts import Empty, Field, KeyFigure, Link, Option, Period
from components.ui.period_picker import period_title, picker
from components.web.addresses import segment, with_query
from components.web.language import N_, Language
from dashboard.services.reading import Service
from dashboard.usage.figure import figure_json
from dashboard.usage.forms import OPENS_WITH, Asked
from dashboard.usage.reading import Bucket, Extent, Percentile, total
from dashboard.usage.table import Place, UsageRow, moment_at, rate, row_of, usage_rows
from dashboard.usage.units import amount_of, rate_unit, unit_for


@dataclass(frozen=True, slots=True)
class StepLink:
    value: str
    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class UsageView:
    """One service's usage for a period. ``figure`` is plotly JSON (data and layout without colours)."""

    period: Period
    steps: tuple[StepLink, ...]
    step: str
    note: str  # "The last 30 days that have data: 30 June – 30 July 2026"
    figures: tuple[KeyFigure, ...]
    figure_json: str  # empty: nothing to draw
    chart_label: str
    chart_note: str  # "Hourly averages, Almaty time (UTC+5)."
    table_title: str
    units: str
    two_way: bool
    shows_peak: bool
    first_column: str
    rows: tuple[UsageRow, ...]
    total: UsageRow | None
    csv_href: str
    empty: Empty | None
    errors: tuple[Field, ...] = ()
    step_error: str = ""
    step_options: tuple[Option, ...] = ()


MOST_ROWS = 1500  # what a page can show and a chart can draw; the CSV has no such end


def usage_view(
    service: Service,
    asked: Asked,
    extent: Extent | None,
    found: list[Bucket],
    percentile: Percentile,
    zone: ZoneInfo,
    today: date,
    say: Language,
) -> UsageView:
    """A service's usage for what was asked, with the chart's figures and the table that says the same."""
    shown, more = found[:MOST_ROWS], len(found) > MOST_ROWS
    whole = total(0, shown)
    place = _place(service, asked.step, shown, zone, say)
    last = extent.last_day(zone) if extent else today
    two_way = any(each.outgoing for each in shown)
    shows_peak = place.rates is not None and asked.step != "hour" and whole.peak_incoming is not None
    address = f"/services/{segment(service.number)}"
    return UsageView(
        period=_period(asked, extent, last, address, say),
        steps=tuple(
            StepLink(step, say.gettext(word), _href(address, asked.period, step), step == asked.step)
            for step, word in STEP_WORDS.items()
        ),
        step=asked.step,
        note=_note(asked, extent, more, zone, say),
        figures=_figures(service, asked, whole, two_way, percentile, place) if shown else (),
        figure_json=figure_json(shown, asked.period, two_way, shows_peak, percentile, place) if shown else "",
        chart_label=say.gettext("Usage of %(name)s, %(period)s. The table below has the same figures.")
        % {"name": service.name, "period": period_title(asked.period, say)},
        chart_note=_chart_note(place, shows_peak, zone, extent),
        table_title=say.gettext(TABLE_TITLES[asked.step]),
        units=say.gettext("%(unit)s and %(rate)s") % {"unit": place.unit.name, "rate": place.rates.name}
        if place.rates
        else place.unit.name,
        two_way=two_way,
        shows_peak=shows_peak,
        first_column=say.gettext(COLUMN_WORDS[asked.step]),
        rows=tuple(usage_rows(shown, asked.period, service.unit, place, extent)) if shown else (),
        total=row_of(whole, period_title(asked.period, say), place, with_peak=shows_peak) if shown else None,
        csv_href="" if asked.wrong else _href(f"{address}/usage.csv", asked.period, asked.step),
        empty=None if shown else _empty(asked, extent, address, zone, say),
        step_error=asked.step_error,
        step_options=tuple(Option(step, say.gettext(word), step == asked.step) for step, word in STEP_WORDS.items()),
    )


STEP_WORDS = {"hour": N_("Hour"), "day": N_("Day"), "month": N_("Month")}
TABLE_TITLES = {"hour": N_("By hour"), "day": N_("By day"), "month": N_("By month")}
COLUMN_WORDS = STEP_WORDS


def _href(address: str, period: components_period.Period, step: str = "") -> str:
    return with_query(address, {"from": period.start.isoformat(), "to": period.last.isoformat(), "step": step})


def _place(service: Service, step: str, shown: list[Bucket], zone: ZoneInfo, say: Language) -> Place:
    largest = max((max(each.incoming, each.outgoing) for each in shown), default=0)
    rates = None
    if service.unit == "bytes":
        fastest = max(
            (max(rate(each.incoming, each.seconds), rate(each.outgoing, each.seconds)) for each in shown),
            default=0,
        )
        rates = rate_unit(fastest, say)
    return Place(say, zone, step, unit_for(service.unit, largest, say), rates)


def _period(asked: Asked, extent: Extent | None, last: date, address: str, say: Language) -> Period:
    """Presets that end where the data does: a link's last month, not an empty November."""
    anchor = min(asked.period.last, last)
    month, year = month_of(anchor), year_of(anchor)
    week = anchor - timedelta(days=anchor.weekday())
    of_days = components_period.Period.of_days
    presets: tuple[tuple[str, components_period.Period | None], ...] = (
        (say.gettext("Day"), of_days(anchor, anchor)),
        (say.gettext("Week"), of_days(week, week + timedelta(days=6))),
        (say.gettext("Month"), month),
        (say.gettext("Year"), year),
        (say.gettext("Last 30 days"), of_days(last - timedelta(days=OPENS_WITH - 1), last)),
    )

    def link(period: components_period.Period | None) -> str:
        if period is None:
            return address
        keep = asked.step if asked.step != "hour" or period.days <= 62 else ""
        return _href(address, period, keep if period == asked.period else "")

    return picker(asked.days, asked.period, presets, link, say)


def _note(asked: Asked, extent: Extent | None, more: bool, zone: ZoneInfo, say: Language) -> str:
    notes = []
    if asked.opened and extent:
        notes.append(
            say.sentence(
                say.gettext("The last %(n)s days that have data: %(days)s.")
                % {"n": OPENS_WITH, "days": say.days(asked.period.start, asked.period.last)}
            )
        )
    if more:
        notes.append(
            say.gettext("Shown are the first %(n)s rows; the CSV has them all.") % {"n": say.integer(MOST_ROWS)}
        )
    return " ".join(notes)


def _figures(
    service: Service, asked: Asked, whole: Bucket, two_way: bool, percentile: Percentile, place: Place
) -> tuple[KeyFigure, ...]:
    say = place.say
    sums = unit_for(service.unit, whole.incoming + whole.outgoing, say)
    figures = []
    if two_way:
        figures.append(KeyFigure(say.gettext("In"), sums.text(whole.incoming, say), sums.name))
        figures.append(KeyFigure(say.gettext("Out"), sums.text(whole.outgoing, say), sums.name))
    quota = ""
    if service.quota and asked.period == month_of(asked.period.start):
        quota = say.gettext("of %(quota)s a month") % {"quota": amount_of(service.unit, service.quota, say)}
    figures.append(KeyFigure(say.gettext("Total"), sums.text(whole.incoming + whole.outgoing, say), sums.name, quota))
    if whole.peak_incoming is not None and whole.peak_incoming_at is not None:
        unit = rate_unit(rate(whole.peak_incoming, 3600), say)
        figures.append(
            KeyFigure(
                say.gettext("Peak hour, in"),
                unit.text(rate(whole.peak_incoming, 3600), say),
                unit.name,
                say.moment(moment_at(whole.peak_incoming_at), place.zone),
            )
        )
    if percentile.incoming is not None and place.rates is not None:
        unit = rate_unit(rate(percentile.incoming, 3600), say)
        committed = ""
        if service.commitment:
            commitment = rate_unit(service.commitment * 8, say)
            value = f"{commitment.round_text(service.commitment * 8, say)}\N{NO-BREAK SPACE}{commitment.name}"
            committed = say.gettext("of %(rate)s committed") % {"rate": value}
        figures.append(
            KeyFigure(
                say.gettext("95th percentile, in"),
                unit.text(rate(percentile.incoming, 3600), say),
                unit.name,
                committed,
            )
        )
    return tuple(figures)


def _chart_note(place: Place, shows_peak: bool, zone: ZoneInfo, extent: Extent | None) -> str:
    say = place.say
    if extent is None:
        return ""
    clock_name = say.zone_name(zone, extent.last_moment())
    parts = [say.gettext("Averages over what was measured; time of %(zone)s.") % {"zone": clock_name}]
    if place.rates is None:
        parts = [say.gettext("Time of %(zone)s.") % {"zone": clock_name}]
    if shows_peak:
        parts.append(say.gettext("The light part of a bar is its busiest hour."))
    if place.step == "day":
        parts.append(say.gettext("Shaded: weekends."))
    return " ".join(parts)


def _empty(asked: Asked, extent: Extent | None, address: str, zone: ZoneInfo, say: Language) -> Empty:
    if asked.wrong:
        return Empty(say.gettext("Nothing is shown until the period is corrected."))
    if extent is None:
        return Empty(say.gettext("Nothing has been measured for this service yet."))
    first = extent.first_moment().astimezone(zone).date()
    fact = say.sentence(
        say.gettext("There are measurements from %(first)s to %(last)s.")
        % {
            "first": say.day(first),
            "last": say.day(extent.last_day(zone)),
        }
    )
    return Empty(
        say.gettext("Nothing was measured in this period."),
        fact,
        Link(say.gettext("Show the last days that have data"), address),
    )
