"""The period picker: what was typed in ``from`` and ``to`` → a period, or errors beside the fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from components.data.period import LONGEST, Period, month_of, year_of
from components.ui import parts
from components.web.language import Language

Link = Callable[[Period | None], str]

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# No operator's data is older or newer; keeps a typed year 9999 away from date arithmetic.
_EARLIEST, _LATEST = date(1970, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed and what it means. ``period`` is None where nothing was typed, or something wrong."""

    from_text: str
    to_text: str
    period: Period | None
    from_error: str = ""
    to_error: str = ""

    @property
    def wrong(self) -> bool:
        return bool(self.from_error or self.to_error)


def read_period(params: Mapping[str, str], today: date, say: Language) -> Typed:
    """``from`` and ``to`` (both included) out of a query. One alone runs to today, or back as far as allowed."""
    from_text = params.get("from", "").strip()[:40]
    to_text = params.get("to", "").strip()[:40]
    first, from_error = _day(from_text, say)
    last, to_error = _day(to_text, say)
    if from_error or to_error:
        return Typed(from_text, to_text, None, from_error, to_error)
    if first is None and last is None:
        return Typed(from_text, to_text, None)
    if first is None:
        assert last is not None  # noqa: S101  # one of the two is there
        first = max(_EARLIEST, last - timedelta(days=LONGEST - 1))
    last = last or max(first, today)
    if last < first:
        reversed_ = say.gettext("The last day is before the first. Exchange the two.")
        return Typed(from_text, to_text, None, to_error=reversed_)
    if (last - first).days + 1 > LONGEST:
        too_long = say.gettext("That is longer than %(n)s days, about ten years. Choose a shorter period.")
        return Typed(from_text, to_text, None, to_error=too_long % {"n": say.integer(LONGEST)})
    return Typed(from_text, to_text, Period.of_days(first, last))


def _day(text: str, say: Language) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        day = date.fromisoformat(text) if _ISO.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not _EARLIEST <= day < _LATEST:
        return None, say.gettext("This is not a date. Write it as year-month-day, for example 2026-06-30.")
    return day, ""


def picker(
    typed: Typed,
    shown: Period | None,
    presets: tuple[tuple[str, Period | None], ...],
    link: Link,
    say: Language,
) -> parts.Period:
    """The picker as its template needs it. ``link`` gives this page's address for a period (None: all)."""
    on = _beside(shown, 1) if shown else None
    back = _beside(shown, -1) if shown else None
    return parts.Period(
        presets=tuple(
            parts.Preset(text, link(period), not typed.wrong and period == shown) for text, period in presets
        ),
        from_field=parts.Field(
            "from",
            say.gettext("From"),
            typed.from_text or _iso(shown.start if shown else None),
            "date",
            error=typed.from_error,
        ),
        to_field=parts.Field(
            "to", say.gettext("To"), typed.to_text or _iso(shown.last if shown else None), "date", error=typed.to_error
        ),
        title=period_title(shown, say) if shown else say.gettext("All dates"),
        back=link(back) if back else "",
        on=link(on) if on else "",
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def period_title(period: Period, say: Language) -> str:
    """June 2026; 2026; or the days where it is neither a month nor a year."""
    if period == month_of(period.start):
        return say.month(period.start)
    if period == year_of(period.start):
        return str(period.start.year)
    return say.days(period.start, period.last)


def _beside(period: Period, way: int) -> Period | None:
    """The period of the same kind before (-1) or after (1)."""
    if period == month_of(period.start):
        return month_of(period.start - timedelta(days=1)) if way < 0 else month_of(period.end)
    if period == year_of(period.start):
        return year_of(period.start - timedelta(days=1)) if way < 0 else year_of(period.end)
    step = timedelta(days=period.days * way)
    if not period.start + step >= _EARLIEST or not period.end + step < _LATEST:
        return None
    return Period(period.start + step, period.end + step)


def document_presets(today: date, say: Language) -> tuple[tuple[str, Period | None], ...]:
    """The periods that bookkeeping asks for."""
    this_month, this_year = month_of(today), year_of(today)
    return (
        (say.gettext("All dates"), None),
        (say.gettext("This month"), this_month),
        (say.gettext("Last month"), month_of(this_month.start - timedelta(days=1))),
        (say.gettext("This year"), this_year),
        (say.gettext("Last year"), year_of(this_year.start - timedelta(days=1))),
    )
