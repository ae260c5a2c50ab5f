"""Cells: from what a file says to a value, or to the reason why it can't be one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any

from babel.numbers import list_currencies

from components.data.money import parse_minor

Parse = Callable[[str], Any]

LONGEST_WHOLE = 15  # digits: sums of millions of such intervals still fit 64 bits
REMEMBERED = 10_000  # moments: a year of hours, which every service has alike
MICRO = 1_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")
_AMOUNT_OF_USE = re.compile(r"([0-9]{1,15})\.([0-9]{1,6})")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BadCell(ValueError):
    """The text says why a cell can't be taken."""


def text(limit: int) -> Parse:
    """Any text up to ``limit`` characters, without control characters."""

    def parse(cell: str) -> str:
        if len(cell) > limit:
            raise BadCell(f"is longer than {limit} characters")
        if not cell.isprintable() and _CONTROL.search(cell):
            raise BadCell("holds a control character")
        return cell

    return parse


def one_of(*choices: str) -> Parse:
    """One of the words that the format lists."""

    def parse(cell: str) -> str:
        if cell not in choices:
            raise BadCell("is none of " + ", ".join(choices))
        return cell

    return parse


def _matching(pattern: re.Pattern[str], limit: int, reason: str) -> Parse:
    def parse(cell: str) -> str:
        if len(cell) > limit or not pattern.fullmatch(cell):
            raise BadCell(reason)
        return cell

    return parse


phone = _matching(_PHONE, 32, "is not a phone number in E.164, such as +77010001000")
email = _matching(_EMAIL, 254, "is not an e-mail address")
country = _matching(_COUNTRY, 2, "is not a country of two capital letters")


def decimal(limit: int) -> Parse:
    """A decimal kept as it is printed."""
    return _matching(_DECIMAL, limit, "is not a decimal with a point")


def day(cell: str) -> date:
    """A date, ISO 8601."""
    try:
        if not _DAY.fullmatch(cell):
            raise ValueError
        return date.fromisoformat(cell)
    except ValueError:
        raise BadCell("is not a date such as 2026-10-31") from None


def moment(cell: str) -> datetime:
    """A time with its offset, ISO 8601; aware, in UTC."""
    match = _MOMENT.fullmatch(cell)
    try:
        if not match:
            raise ValueError
        if match.group(3) is None:
            raise BadCell("is a time without an offset")
        return datetime.fromisoformat(cell).astimezone(UTC)
    except BadCell:
        raise
    except (ValueError, OverflowError):
        raise BadCell("is not a time with an offset such as 2026-10-31T09:00:00+05:00") from None


@lru_cache(maxsize=REMEMBERED)
def second(cell: str) -> int:
    """A time with its offset as whole seconds since 1970."""
    at = moment(cell)
    if at.microsecond:
        raise BadCell("is not on a whole second")
    if at < _EPOCH:
        raise BadCell("is before 1970")
    return int(at.timestamp())


def money(cell: str) -> int:
    """Minor units."""
    try:
        return parse_minor(cell)
    except ValueError:
        raise BadCell("is not an amount with a point and at most two decimals") from None


def currency(cell: str) -> str:
    """An ISO 4217 code."""
    if cell not in _currencies():
        raise BadCell("is not a currency")
    return cell


def whole(least: int, most: int = 10**LONGEST_WHOLE) -> Parse:
    """A whole number within bounds."""

    def parse(cell: str) -> int:
        if not _is_whole(cell):
            negative = cell.startswith("-") and _is_whole(cell[1:])
            raise BadCell("is negative" if negative else "is not a whole number")
        number = int(cell)
        if not least <= number <= most:
            raise BadCell(f"is not between {least} and {most}")
        return number

    return parse


def flag(cell: str) -> bool:
    """``yes`` or ``no``."""
    if cell not in ("yes", "no"):
        raise BadCell("is neither yes nor no")
    return cell == "yes"


def measured(cell: str) -> tuple[int, int | None]:
    """An amount of use: its whole part, and the millionths after the point (None: no point was written)."""
    if _is_whole(cell):
        return int(cell), None
    match = _AMOUNT_OF_USE.fullmatch(cell)
    if not match:
        raise BadCell("is negative" if cell.startswith("-") else "is not a number with at most six decimals")
    return int(match.group(1)), int(match.group(2).ljust(6, "0"))


def _is_whole(cell: str) -> bool:
    return len(cell) <= LONGEST_WHOLE and cell.isascii() and cell.isdigit()


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())
