"""Payments as their templates need them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from billing.payments.forms import Filters
from billing.payments.reading import Found, Listed
from billing.payments.words import METHOD_WORDS, method_word
from components.data import period as components_period
from components.ui.parts import Amount, Empty, Field, Link, Option, Pager, Period
from components.ui.period_picker import document_presets, picker
from components.web.addresses import segment, with_query
from components.web.language import Language
from users.permissions.permission import Permission
from users.permissions.viewer import Viewer


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


ADDRESS = "/payments"


def payment_list(
    found: Found, filters: Filters, viewer: Viewer, zone: ZoneInfo, today: date, say: Language
) -> PaymentList:
    """The history for a viewer; months and days are the operator's."""

    def link(period: components_period.Period | None) -> str:
        first, last = (period.start.isoformat(), period.last.isoformat()) if period else ("", "")
        return with_query(ADDRESS, filters.query(**{"from": first, "to": last}))

    total = found.payments[0] if found.payments else None
    return PaymentList(
        subtitle=say.gettext("Money received on account %(number)s") % {"number": viewer.account},
        currency=viewer.currency,
        period=picker(filters.days, filters.period, document_presets(today, say), link, say),
        method_field=Field(
            "method",
            say.gettext("Way of payment"),
            filters.method,
            "select",
            options=(
                Option("", say.gettext("Any way"), not filters.method),
                *(Option(each, say.gettext(word), each == filters.method) for each, word in METHOD_WORDS.items()),
            ),
        ),
        search_field=Field(
            "q",
            say.gettext("Search"),
            filters.search,
            "search",
            placeholder=say.gettext("Number, payer or amount"),
        ),
        months=_months(found, viewer, zone, say),
        total_label=_total_label(total.n, say) if total else "",
        total=say.amount(total.sum, viewer.currency) if total else None,
        pager=Pager(
            first=with_query(ADDRESS, filters.query()) if filters.after else "",
            next=with_query(ADDRESS, {**filters.query(), "after": found.next}) if found.next else "",
        ),
        empty=None if found.payments else _empty(filters, say),
        filtered=filters.any,
        clear_href=ADDRESS,
    )


def document_link(each: Listed, viewer: Viewer) -> Link | None:
    """The document a payment was for; its address only for who may open it."""
    if each.document is None or each.document_issued_on is None:
        return None
    within = viewer.reaches(each.document_contract_id, each.document_issued_on)
    opens = within and viewer.may(Permission.INVOICES_VIEW)
    return Link(each.document, f"/invoices/{segment(each.document)}" if opens else "")


def _total_label(n: int, say: Language) -> str:
    return say.ngettext("%(n)s payment", "%(n)s payments", n) % {"n": say.integer(n)}


def _months(found: Found, viewer: Viewer, zone: ZoneInfo, say: Language) -> tuple[PaymentMonth, ...]:
    months: dict[str, list[PaymentRow]] = {}
    for each in found.payments:
        document = document_link(each, viewer)
        months.setdefault(say.month(each.paid_on), []).append(
            PaymentRow(
                day=say.day_short(each.paid_on),
                time=say.time(each.paid_at, zone),
                method=method_word(each.method, say) if each.amount >= 0 else say.gettext("Taken back"),
                payer=each.payer or "",
                reference=say.held(each.reference or ""),
                number=each.number,
                document=document,
                document_note="" if document else say.gettext("on account"),
                amount=say.amount(each.amount, viewer.currency),
            )
        )
    return tuple(PaymentMonth(title, tuple(rows)) for title, rows in months.items())


def _empty(filters: Filters, say: Language) -> Empty:
    if filters.days.wrong:
        return Empty(say.gettext("Nothing is shown until the dates are corrected."))
    if not filters.any:
        return Empty(say.gettext("No payments yet."), say.gettext("They appear here within a day of being received."))
    return Empty(say.gettext("No payment fits this filter."), "", Link(say.gettext("Show all payments"), ADDRESS))
