"""Money out of text and back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoices.forms import searched_amount
from components.data.money import as_decimal, parse_minor, plain
from components.web.language import language_of

AMOUNTS = st.integers(-(10**17) + 1, 10**17 - 1)


@given(AMOUNTS)
def test_what_is_written_reads_back(minor: int) -> None:
    assert parse_minor(plain(minor)) == minor
    assert Decimal(plain(minor)) == as_decimal(minor)


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=2))
def test_it_reads_what_decimal_reads(value: Decimal) -> None:
    assert parse_minor(f"{value:f}") == int(value * 100)


@pytest.mark.parametrize(
    "text",
    ["", "-", ".", "1.", ".5", "1,00", "1 000.00", "1.234", "1e3", "+1", "--1", "0x1", "NaN", "Infinity", "١", "1_0",
     " 1", "1\n", "9" * 16],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_minor(text)


@pytest.mark.parametrize(("text", "minor"), [("0", 0), ("-0.00", 0), ("7.5", 750), ("-7.05", -705), ("00012.30", 1230)])
def test_short_forms(text: str, minor: int) -> None:
    assert parse_minor(text) == minor


@pytest.mark.parametrize("code", ["en", "ru", "kk", "hu"])
@given(minor=AMOUNTS)
def test_an_amount_as_shown_in_any_language_is_found_when_typed(code: str, minor: int) -> None:
    assert searched_amount(str(language_of(code).amount(minor))) == minor


@given(st.text(max_size=40))
def test_nothing_that_can_be_searched_for_breaks_it(text: str) -> None:
    found = searched_amount(text)
    assert found is None or abs(found) < 2**63
