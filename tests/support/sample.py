"""The telecom sample as its files say it: what a page shows is held against this, not against our own tables."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache

from tests.support.databases import SAMPLES

Row = dict[str, str]


@cache
def rows(file: str) -> tuple[Row, ...]:
    with (SAMPLES / "telecom" / f"{file}.csv").open(encoding="utf-8", newline="") as source:
        return tuple(csv.DictReader(source))


def minor(text: str) -> int:
    """Minor units of a sum with two decimals."""
    return int(text.replace(".", ""))


def shown(amount: int) -> str:
    """An amount as the English pages write it."""
    return f"{'−' if amount < 0 else ''}{abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def documents(account: str) -> list[Row]:
    return [each for each in rows("invoices") if each["account_number"] == account]


def payments(account: str) -> list[Row]:
    return [each for each in rows("payments") if each["account_number"] == account]


def issued(document: Row) -> date:
    return date.fromisoformat(document["issued_on"])


def contract_of(document: str) -> str:
    return next(each["contract_number"] for each in rows("invoices") if each["invoice_number"] == document)
