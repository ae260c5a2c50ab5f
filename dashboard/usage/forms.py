"""Which usage is asked for: dates and step → a period and a step, or errors beside the fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from components.data.period import Period
from components.ui.period_picker import Typed, read_period
from components.web.language import Language
from dashboard.usage.reading import STEPS, Extent

DAY = 86_400
OPENS_WITH = 30  # days that end with the last measurement


@dataclass(frozen=True, slots=True)
class Asked:
    """``opened``: nothing was asked for, so these are the last days that have data."""

    days: Typed
    period: Period
    step: str
    step_error: str
    opened: bool

    @property
    def wrong(self) -> bool:
        return self.days.wrong or bool(self.step_error)


def read_asked(params: Mapping[str, str], extent: Extent | None, zone: ZoneInfo, today: date, say: Language) -> Asked:
    """What a query asks for. Where something is wrong, ``period`` and ``step`` are what would open by itself."""
    days = read_period(params, today, say)
    last = extent.last_day(zone) if extent else today
    opens = Period.of_days(last - timedelta(days=OPENS_WITH - 1), last)
    period = days.period or opens
    typed_step = params.get("step", "")[:20]
    error = ""
    if typed_step and typed_step not in STEPS:
        error = say.gettext("There is no such step. Choose hour, day or month.")
    step = typed_step if typed_step and not error else _step_for(period, extent)
    return Asked(days, period, step, error, days.period is None and not days.wrong)


def _step_for(period: Period, extent: Extent | None) -> str:
    """The step at which a period reads well, and not finer than what is measured."""
    grain = extent.grain if extent else 3600
    if period.days <= 2 and grain <= 3600:
        return "hour"
    if period.days <= 124 and grain <= DAY:
        return "day"
    return "month" if period.days > 31 else "day"
