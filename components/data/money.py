"""Money is a whole number of minor units and a currency; never a float.

The operators' exports write two decimals in every currency they use, so a minor unit here is a hundredth,
also of currencies whose coins stopped earlier (HUF). How an amount is shown is the language's business.
"""

from __future__ import annotations

import re
from decimal import Decimal

MINOR_DIGITS = 2
_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,2})?")


def parse_minor(text: str) -> int:
    """Minor units of a decimal with a point: ``"1425.00"`` → 142500, ``"-7.5"`` → -750.

    Raises ValueError for anything else: grouping, a comma, an exponent, more than two decimals.
    """
    if not _AMOUNT.fullmatch(text):
        raise ValueError(text)
    sign = -1 if text[0] == "-" else 1
    whole, _, fraction = text.lstrip("-").partition(".")
    return sign * (int(whole) * 100 + int(fraction.ljust(2, "0") or 0))


def plain(minor: int) -> str:
    """The form of the exports: ``142500`` → ``"1425.00"``. No grouping, a decimal point, an ASCII minus."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def as_decimal(minor: int) -> Decimal:
    """The amount in major units, exact."""
    return Decimal(minor).scaleb(-MINOR_DIGITS)
