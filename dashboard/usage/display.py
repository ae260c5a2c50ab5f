"""Usage as its template needs it."""

from __future__ import annotations

from dataclasses import dataclass

from components.ui.parts import Empty, Field, KeyFigure, Option, Period


@dataclass(frozen=True, slots=True)
class StepLink:
    value: str
    text: str
    href: str
    current: bool


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
