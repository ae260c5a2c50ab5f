"""The overview as its template needs it."""

from __future__ import annotations

from dataclasses import dataclass

from components.ui.parts import Amount, Attention, Empty, Link, Sparkline, State, Sum


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """``kind`` is "ahead" (asked for, does not post), "today" or "posted"."""

    kind: str
    day: str
    title: str
    href: str
    detail: str
    note: str  # "for", "October"; before the note link
    note_link: Link | None
    state: State | None
    amount: Amount | None
    balance: Amount | None


@dataclass(frozen=True, slots=True)
class UnpaidRow:
    number: str
    href: str
    detail: str
    state: State
    open: Amount
    total: Amount


@dataclass(frozen=True, slots=True)
class PaymentRow:
    day: str
    title: str
    detail: str
    document: Link | None
    amount: Amount


@dataclass(frozen=True, slots=True)
class ServiceRow:
    name: str
    href: str
    detail: str
    state: State
    sparkline: Sparkline | None
    sum: str


@dataclass(frozen=True, slots=True)
class OverviewView:
    """``balance`` is None for those who may not see it; then ``sums`` are the documents within reach."""

    title: str
    summary: str
    currency: str
    balance: Amount | None
    balance_note: str
    sums: tuple[Sum, ...]
    sums_note: str  # in words when nothing is owed: "Nothing to pay"
    ledger: tuple[LedgerRow, ...]
    ledger_empty: Empty | None
    unpaid: tuple[UnpaidRow, ...]
    unpaid_total: Amount | None
    payments: tuple[PaymentRow, ...]  # shown where the ledger is not
    attention: tuple[Attention, ...]
    services: tuple[ServiceRow, ...]
    services_note: str
    services_more: Link | None
    ages: tuple[str, ...]  # "Balance and documents: as of 20 November 2026, 05:00"
    show_ledger: bool
    show_payments: bool
    show_services: bool
    show_unpaid: bool
