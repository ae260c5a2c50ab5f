"""What is typed in ``from`` and ``to``."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.period import LONGEST, Period, month_of, year_of
from components.ui.period_picker import document_presets, period_title, picker, read_period
from components.web.language import language_of

SAY = language_of("en")
TODAY = date(2026, 11, 20)
NOT_A_DATE = "This is not a date. Write it as year-month-day, for example 2026-06-30."


@pytest.mark.parametrize(
    ("first", "last", "period"),
    [
        ("2026-06-01", "2026-06-30", Period(date(2026, 6, 1), date(2026, 7, 1))),
        ("2026-06-01", "2026-06-01", Period(date(2026, 6, 1), date(2026, 6, 2))),
        (" 2026-06-01 ", "2026-06-30", Period(date(2026, 6, 1), date(2026, 7, 1))),
        ("2026-06-01", "", Period(date(2026, 6, 1), date(2026, 11, 21))),
        ("2027-01-01", "", Period(date(2027, 1, 1), date(2027, 1, 2))),
        ("", "2026-06-30", Period(date(2016, 6, 23), date(2026, 7, 1))),
        ("", "", None),
    ],
)
def test_both_days_are_included_and_one_alone_runs_to_today(first: str, last: str, period: Period | None) -> None:
    typed = read_period({"from": first, "to": last}, TODAY, SAY)
    assert not typed.wrong
    assert typed.period == period


@pytest.mark.parametrize(
    "text",
    [
        "31.12.2026",
        "2026-02-30",
        "2026-6-1",
        "20260601",
        "2026-W23-1",
        "today",
        "1969-12-31",
        "2200-01-01",
        "9999-12-31",
    ],
)
@pytest.mark.parametrize("name", ["from", "to"])
def test_what_is_no_date_is_said_beside_its_field_and_kept(name: str, text: str) -> None:
    typed = read_period({name: text}, TODAY, SAY)
    assert typed.wrong
    assert typed.period is None
    field = picker(typed, None, (), lambda _: "", SAY)
    errors = {each.name: each.error for each in (field.from_field, field.to_field)}
    assert errors == {"from": "", "to": "", name: NOT_A_DATE}
    assert {"from": field.from_field, "to": field.to_field}[name].value == text


@given(st.dates(date(1970, 1, 1), date(2199, 12, 31)), st.dates(date(1970, 1, 1), date(2199, 12, 31)))
def test_a_period_is_right_exactly_when_it_is_forward_and_short_enough(first: date, last: date) -> None:
    typed = read_period({"from": first.isoformat(), "to": last.isoformat()}, TODAY, SAY)
    days = (last - first).days + 1
    assert typed.wrong is not (1 <= days <= LONGEST)
    if typed.period:
        assert (typed.period.start, typed.period.last, typed.period.days) == (first, last, days)


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_that_can_be_typed_breaks_it(first: str, last: str) -> None:
    typed = read_period({"from": first, "to": last}, TODAY, SAY)
    assert not (typed.wrong and typed.period)


@pytest.mark.parametrize(
    ("period", "title", "back", "on"),
    [
        (month_of(date(2026, 6, 5)), "June 2026", month_of(date(2026, 5, 1)), month_of(date(2026, 7, 1))),
        (month_of(date(2026, 1, 5)), "January 2026", month_of(date(2025, 12, 1)), month_of(date(2026, 2, 1))),
        (year_of(date(2026, 6, 5)), "2026", year_of(date(2025, 1, 1)), year_of(date(2027, 1, 1))),
        (
            Period(date(2026, 6, 7), date(2026, 6, 10)),
            "7–9 Jun 2026",
            Period(date(2026, 6, 4), date(2026, 6, 7)),
            Period(date(2026, 6, 10), date(2026, 6, 13)),
        ),
    ],
)
def test_back_and_on_are_of_the_same_kind(period: Period, title: str, back: Period, on: Period) -> None:
    typed = read_period({}, TODAY, SAY)
    shown = picker(typed, period, (), lambda p: f"{p.start}/{p.last}" if p else "", SAY)
    assert (shown.title, shown.back, shown.on) == (title, f"{back.start}/{back.last}", f"{on.start}/{on.last}")
    assert period_title(period, SAY) == title


def test_the_presets_of_bookkeeping() -> None:
    presets = dict(document_presets(TODAY, SAY))
    assert presets == {
        "All dates": None,
        "This month": month_of(TODAY),
        "Last month": month_of(date(2026, 10, 1)),
        "This year": year_of(TODAY),
        "Last year": year_of(date(2025, 1, 1)),
    }


def test_a_wrong_period_marks_no_preset() -> None:
    typed = read_period({"from": "x"}, TODAY, SAY)
    shown = picker(typed, None, document_presets(TODAY, SAY), lambda _: "/", SAY)
    assert not [each for each in shown.presets if each.current]
