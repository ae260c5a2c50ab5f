"""Cells one by one: what is taken and what is not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.money import plain
from dashboard.imports import cells
from dashboard.imports.cells import BadCell, Parse
from dashboard.imports.tax_ids import tax_id_fault


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        (cells.day, "2026-02-28", date(2026, 2, 28)),
        (cells.moment, "2026-02-05T12:00:00+05:00", datetime(2026, 2, 5, 7, tzinfo=UTC)),
        (cells.moment, "2026-02-05T12:00Z", datetime(2026, 2, 5, 12, tzinfo=UTC)),
        (cells.moment, "2026-02-05T00:00:00.25-03:30", datetime(2026, 2, 5, 3, 30, 0, 250_000, tzinfo=UTC)),
        (cells.second, "1970-01-01T00:00:01Z", 1),
        (cells.money, "-7.5", -750),
        (cells.currency, "HUF", "HUF"),
        (cells.flag, "no", False),
        (cells.measured, "32752183000", (32752183000, None)),
        (cells.measured, "7.72", (7, 720_000)),
        (cells.measured, "0.000001", (0, 1)),
        (cells.whole(1), "3600", 3600),
        (cells.text(5), "Ёлка", "Ёлка"),
        (cells.text(9), "two\nlines", "two\nlines"),
        (cells.decimal(16), "-1.5", "-1.5"),
        (cells.phone, "+36301230000", "+36301230000"),
    ],
)
def test_taken(parse: Parse, cell: str, value: object) -> None:
    assert parse(cell) == value


@pytest.mark.parametrize(
    ("parse", "cell"),
    [
        (cells.day, "2026-2-28"),
        (cells.day, "20260228"),
        (cells.day, "2026-W01-1"),
        (cells.day, "2026-02-28T00:00:00Z"),
        (cells.day, "٢٠٢٦-٠١-٠١"),
        (cells.moment, "2026-02-05"),
        (cells.moment, "0001-01-01T00:00:00+14:00"),
        (cells.second, "1969-12-31T23:59:59Z"),
        (cells.money, "1 000.00"),
        (cells.money, "1e3"),
        (cells.money, "+5"),
        (cells.money, ".5"),
        (cells.money, "٥"),
        (cells.currency, "kzt"),
        (cells.flag, "true"),
        (cells.measured, "1e3"),
        (cells.measured, "1.2345678"),
        (cells.measured, "1000000000000000"),
        (cells.whole(1), "0"),
        (cells.whole(1), "1.0"),
        (cells.whole(1), "²"),
        (cells.phone, "+0123456789"),
        (cells.phone, "77010001000"),
        (cells.email, "a b@example.com"),
        (cells.country, "kz"),
    ],
)
def test_not_taken(parse: Parse, cell: str) -> None:
    with pytest.raises(BadCell):
        parse(cell)


@given(st.integers(-(10**17) + 1, 10**17 - 1))
def test_money_reads_back_as_it_was_written(minor: int) -> None:
    assert cells.money(plain(minor)) == minor


@given(st.text(max_size=30))
def test_no_cell_breaks_a_parser(cell: str) -> None:
    """A cell is a value or a BadCell; nothing else comes out of it."""
    parsers = (cells.day, cells.moment, cells.second, cells.money, cells.currency, cells.flag, cells.measured)
    for parse in (*parsers, cells.whole(1), cells.decimal(32), cells.phone, cells.email, cells.text(10)):
        try:
            parse(cell)
        except BadCell:
            continue


@given(st.integers(0, 10**11 - 1))
def test_an_iin_has_one_right_check_digit_at_most(number: int) -> None:
    right = [digit for digit in range(10) if tax_id_fault("KZ", "person", f"{number:011}{digit}") is None]
    assert len(right) <= 1


def test_an_iin_whose_first_sum_is_ten_takes_the_second_weights() -> None:
    # 1·1 + 9·1 = 10 modulo 11; by the second weights 3·1 + 11·1 = 14, which leaves 3.
    assert tax_id_fault("KZ", "person", "100000001003") is None
    assert tax_id_fault("KZ", "person", "100000001000") is not None


def test_an_iin_whose_sums_are_both_ten_is_none() -> None:
    # Digits found by trying: no check digit makes a number of these.
    spoilt = [
        number
        for number in range(1000)
        if all(tax_id_fault("KZ", "person", f"{number:011}{digit}") for digit in range(10))
    ]
    assert spoilt


@pytest.mark.parametrize("written", ["12345676-2-41", "12345676241", "12345676"])
def test_an_organisation_s_hungarian_number_in_its_three_forms(written: str) -> None:
    assert tax_id_fault("HU", "organisation", written) is None


def test_numbers_of_other_countries_are_taken_as_they_are() -> None:
    assert tax_id_fault("RU", "organisation", "6670000008") is None
    assert tax_id_fault(None, "person", "anything") is None
