"""Invoices as their templates need them."""

from __future__ import annotations

from dataclasses import dataclass

from components.ui.parts import Amount, Empty, Fact, Field, Link, Pager, Period, State, Tab


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """``under`` is set for a correction that hangs by an elbow under its original just above."""

    number: str
    href: str
    kind: str
    corrects: Link | None
    contract: str
    issued: str
    due: str
    state: State
    net: Amount
    vat: Amount
    total: Amount
    now: str  # the sum after corrections ("now 111,418.00"), empty where none
    under: bool


@dataclass(frozen=True, slots=True)
class InvoiceMonth:
    title: str
    rows: tuple[InvoiceRow, ...]


@dataclass(frozen=True, slots=True)
class InvoiceTotal:
    label: str
    net: Amount
    vat: Amount
    total: Amount
    final: bool  # the double underline


@dataclass(frozen=True, slots=True)
class InvoiceList:
    subtitle: str
    currency: str
    tabs: tuple[Tab, ...]
    period: Period
    state_field: Field
    contract_field: Field
    search_field: Field
    sort_field: Field
    kind: str  # travels as a hidden field of the filter form
    months: tuple[InvoiceMonth, ...]
    totals: tuple[InvoiceTotal, ...]
    pager: Pager
    empty: Empty | None
    filtered: bool
    clear_href: str


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    position: str
    description: str
    quantity: str
    unit: str
    price: str
    net: Amount
    vat_rate: str
    vat: Amount
    total: Amount


@dataclass(frozen=True, slots=True)
class AppliedRow:
    """What lowered the open sum: a payment, a correction, money from the balance."""

    day: str
    title: str
    href: str
    detail: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class InvoiceView:
    number: str
    title: str  # "Invoice СФ-2026-000158"
    kind: str
    state: State
    notice: str
    facts: tuple[Fact, ...]
    seller: tuple[str, ...]
    buyer: tuple[str, ...]
    lines: tuple[InvoiceLine, ...]
    net: Amount
    vat: Amount
    total: Amount
    currency: str
    applied: tuple[AppliedRow, ...]
    open: Amount | None
    corrects: Link | None
    corrections: tuple[AppliedRow, ...]
