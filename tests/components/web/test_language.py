"""How each language writes money, numbers, days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.web.language import language_of, preferred

NB = "\N{NO-BREAK SPACE}"
LANGUAGES = ("en", "ru", "kk", "hu")
ALMATY = ZoneInfo("Asia/Almaty")


@pytest.mark.parametrize(
    ("code", "minor", "currency", "text"),
    [
        ("en", 142500, "KZT", "1,425.00"),
        ("ru", 142500, "KZT", f"1{NB}425,00"),
        ("kk", 142500, "KZT", f"1{NB}425,00"),
        ("hu", 142500, "KZT", f"1{NB}425,00"),
        ("en", -7, "KZT", "−0.07"),
        ("ru", -123456789, "KZT", f"−1{NB}234{NB}567,89"),
        ("en", 0, "KZT", "0.00"),
        ("hu", 1250000, "HUF", f"12{NB}500"),
        ("hu", 1250050, "HUF", f"12{NB}500,50"),
        ("en", -1250000, "HUF", "−12,500"),
        ("en", 1250000, "", "12,500.00"),
    ],
)
def test_money(code: str, minor: int, currency: str, text: str) -> None:
    """A true minus, no-break spaces, no decimals of a forint that there are not."""
    assert str(language_of(code).amount(minor, currency)) == text


@pytest.mark.parametrize(("minor", "text"), [(100, "+1.00"), (-100, "−1.00"), (0, "0.00")])
def test_a_plus_only_where_asked_for(minor: int, text: str) -> None:
    assert str(language_of("en").amount(minor, plus=True)) == text


@pytest.mark.parametrize("code", LANGUAGES)
@given(minor=st.integers(-(10**17), 10**17))
def test_no_hundredth_is_lost_in_any_language(code: str, minor: int) -> None:
    say = language_of(code)
    text = str(say.amount(minor))
    digits = text.replace("−", "-").replace(NB, "").replace(",", "").replace(".", "")
    assert int(digits) == minor
    assert " " not in text
    assert "-" not in text


@pytest.mark.parametrize(
    ("code", "value", "digits", "text"),
    [
        ("en", Decimal("1234.56"), 1, "1,234.6"),
        ("ru", Decimal("1234.56"), 1, f"1{NB}234,6"),
        ("hu", Decimal("-0.04"), 1, "0,0"),
        ("en", Decimal("-0.05"), 2, "−0.05"),
        ("en", Decimal(0), 0, "0"),
        ("kk", Decimal("9999.5"), 0, f"10{NB}000"),
    ],
)
def test_numbers(code: str, value: Decimal, digits: int, text: str) -> None:
    """Nothing is no minus nothing."""
    assert language_of(code).number(value, digits) == text


@pytest.mark.parametrize(("code", "text"), [("en", "12%"), ("ru", f"12{NB}%"), ("kk", f"12{NB}%"), ("hu", "12%")])
def test_percent(code: str, text: str) -> None:
    assert language_of(code).percent(Decimal("0.12")) == text


@pytest.mark.parametrize(("fraction", "text"), [("0.125", "12.5%"), ("0.1", "10%"), ("1", "100%"), ("0", "0%")])
def test_percent_as_fine_as_it_is(fraction: str, text: str) -> None:
    assert language_of("en").percent(Decimal(fraction)) == text


@pytest.mark.parametrize(
    ("code", "month", "long"),
    [
        ("en", "October 2026", "31 October 2026"),
        ("ru", "Октябрь 2026", "31 октября 2026"),
        ("hu", "2026. október", "2026. október 31."),
    ],
)
def test_days_and_months(code: str, month: str, long: str) -> None:
    say = language_of(code)
    assert say.month(date(2026, 10, 31)) == month
    assert say.day_long(date(2026, 10, 31)).startswith(long)


def test_a_kazakh_month_is_kazakh() -> None:
    assert "қазан" in language_of("kk").month(date(2026, 10, 31)).lower()


def test_days_from_to() -> None:
    say = language_of("en")
    assert say.days(date(2026, 6, 7), date(2026, 6, 7)) == "7 Jun 2026"
    assert say.days(date(2026, 6, 7), date(2026, 7, 31)) == "7 Jun\N{THIN SPACE}–\N{THIN SPACE}31 Jul 2026"


def test_a_moment_is_told_in_the_operators_time() -> None:
    say = language_of("en")
    moment = datetime(2026, 10, 31, 20, 30, tzinfo=UTC)
    assert say.moment(moment, ALMATY) == "1 Nov 2026, 01:30"
    assert say.time(moment, ALMATY) == "01:30"


@pytest.mark.parametrize(
    ("zone", "text"),
    [("Asia/Almaty", "UTC+5"), ("Europe/Budapest", "UTC+1"), ("Asia/Kolkata", "UTC+5:30"), ("America/Lima", "UTC−5")],
)
def test_a_zone_has_its_citys_name_and_distance(zone: str, text: str) -> None:
    assert language_of("en").zone_name(ZoneInfo(zone), datetime(2026, 11, 20, tzinfo=UTC)).endswith(text)


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", "ru"),
        ("en", "en"),
        ("en-US,en;q=0.9", "en"),
        ("fr,de;q=0.9,hu;q=0.1", "hu"),
        ("fr", "ru"),
        ("hu;q=0.5,kk;q=0.8", "kk"),
        ("en;q=0,kk", "kk"),
        ("en;q=nonsense,kk;q=0.1", "kk"),
        ("*", "ru"),
        ("KK-kz", "kk"),
        (",;q=,;;," * 500, "ru"),
    ],
)
def test_the_browsers_wish_is_heard(header: str, chosen: str) -> None:
    assert preferred(header, ("ru", "kk", "en", "hu")) == chosen


def test_an_unknown_language_is_an_error_of_ours() -> None:
    with pytest.raises(KeyError):
        language_of("xx")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("n", [0, 1, 2, 5, 11, 21, 104])
def test_counted_words_have_their_number(code: str, n: int) -> None:
    text = language_of(code).ngettext("%(n)s payment", "%(n)s payments", n) % {"n": n}
    assert str(n) in text


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("ПП 584932", "ПП\u00a0584932"),
        ("№ 7", "№\u00a07"),
        ("оплата по ПП 12 и 13", "оплата по ПП\u00a012 и\u00a013"),
        ("Card 1234", "Card 1234"),
        ("ТПП5 6", "ТПП5 6"),
        ("", ""),
    ],
)
def test_a_short_word_and_its_number_stay_on_one_line(text: str, held: str) -> None:
    assert language_of("ru").held(text) == held


def test_words_of_ours_are_listed_as_a_sentence() -> None:
    say = language_of("en")
    assert say.listed(["Money", "", "Users", "DNS"]) == "Money, users, DNS"
    assert say.listed(["DNS filter", "Usage"], "; ") == "DNS filter; usage"
    assert say.listed([]) == ""
    assert say.inside("DNS, users") == "DNS, users"
    assert say.inside("A day") == "a day"


def test_a_whole_date_begins_with_a_capital_letter() -> None:
    assert language_of("ru").day_full(date(2026, 11, 20)) == "Пятница, 20 ноября 2026\u202fг."
