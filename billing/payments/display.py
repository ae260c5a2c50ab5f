"""Payments as their templates need them."""

from __future__ import annotations

from dataclasses import dataclass

from components.ui.parts import Amount, Empty, Field, Link, Pager, Period


@dataclass(frozen=True, slots=True)
class PaymentRow:
    day: str
    time: str
    method: str
    payer: str
    reference: str
    number: str
    document: Link | None
    document_note: str  # "on account" where there is no document
    amount: Amount


@dataclass(frozen=True, slots=True)
class PaymentMonth:
    title: str
    rows: tuple[PaymentRow, ...]


@dataclass(frozen=True, slots=True)
class PaymentList:
    subtitle: str
    currency: str
    period: Period
    method_field: Field
    search_field: Field
    months: tuple[PaymentMonth, ...]
    total_label: str
    total: Amount | None
    pager: Pager
    empty: Empty | None
    filtered: bool
    clear_href: str
