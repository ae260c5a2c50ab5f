"""Invoices as their templates need them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.invoices.forms import ALL, STATES, Filters
from billing.invoices.reading import Found, Listed
from billing.invoices.words import STATE_WORDS, kind_word, state_of
from components.data import period as components_period
from components.ui.parts import Amount, Empty, Field, Link, Option, Pager, Period, State, Tab
from components.ui.period_picker import document_presets, picker
from components.web.addresses import segment, with_query
from components.web.language import N_, Language
from users.permissions.viewer import Viewer


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
    kind_error: str
    taxed: bool  # False where nothing found bears VAT: then there is one column of sums, not three
    months: tuple[InvoiceMonth, ...]
    totals: tuple[InvoiceTotal, ...]
    pager: Pager
    empty: Empty | None
    filtered: bool
    clear_href: str


ADDRESS = "/invoices"


def invoice_href(number: str) -> str:
    return f"{ADDRESS}/{segment(number)}"


def invoice_list(found: Found, filters: Filters, viewer: Viewer, today: date, say: Language) -> InvoiceList:
    """The list for a viewer. Sums say what was counted; notices, which do not post, have a line of their own."""

    def link(period: components_period.Period | None) -> str:
        return with_query(
            ADDRESS,
            filters.query(
                **{
                    "from": period.start.isoformat() if period else "",
                    "to": period.last.isoformat() if period else "",
                }
            ),
        )

    totals = {each.kind: each for each in found.sums}
    return InvoiceList(
        subtitle=say.gettext("Everything issued on account %(number)s") % {"number": viewer.account},
        currency=viewer.currency,
        tabs=_tabs(totals, filters, say),
        period=picker(filters.days, filters.period, document_presets(today, say), link, say),
        state_field=Field(
            "state",
            say.gettext("State"),
            filters.state,
            "select",
            error=say.gettext("There is no such state.") if "state" in filters.unknown else "",
            options=(
                Option("", say.gettext("Any state"), not filters.state),
                *(Option(each, say.gettext(STATE_WORDS[each]), each == filters.state) for each in STATES),
            ),
        ),
        contract_field=Field(
            "contract",
            say.gettext("Contract"),
            filters.contract_value,
            "select",
            options=(
                Option(ALL if filters.chosen else "", say.gettext("All contracts"), not filters.contract),
                *(
                    Option(
                        "" if each.number == filters.chosen else each.number,
                        each.number,
                        each.number == filters.contract,
                    )
                    for each in viewer.contracts
                ),
            ),
        ),
        search_field=Field(
            "q", say.gettext("Search"), filters.search, "search", placeholder=say.gettext("Number or amount")
        ),
        sort_field=Field(
            "sort",
            say.gettext("Order"),
            filters.sort,
            "select",
            error=say.gettext("There is no such order.") if "sort" in filters.unknown else "",
            options=tuple(Option(each, say.gettext(text), each == filters.sort) for each, text in _SORT_WORDS.items()),
        ),
        kind=filters.kind,
        kind_error=say.gettext("There is no such kind of document.") if "kind" in filters.unknown else "",
        taxed=any(each.vat for each in (*found.sums, *found.documents)),
        months=_months(found, filters, viewer.currency, say),
        totals=_totals(totals, filters, viewer.currency, say),
        pager=Pager(
            first=with_query(ADDRESS, filters.query()) if filters.after else "",
            next=with_query(ADDRESS, {**filters.query(), "after": found.next}) if found.next else "",
        ),
        empty=_empty(found, filters, say) if not found.documents else None,
        filtered=filters.any,
        clear_href=ADDRESS,
    )


_SORT_WORDS = {
    "-issued": N_("Newest first"),
    "issued": N_("Oldest first"),
    "due": N_("Due first"),
    "-due": N_("Due last"),
    "-total": N_("Largest first"),
    "total": N_("Smallest first"),
}
_TAB_WORDS = {
    "": N_("All"),
    "payment_notice": N_("Payment notices"),
    "invoice": N_("Regular invoices"),  # the section's own title, "Invoices", covers all kinds
    "one_off": N_("One-off"),
    "correction": N_("Corrections"),
}


def _tabs(sums: dict[str, Listed], filters: Filters, say: Language) -> tuple[Tab, ...]:
    counts = {kind: each.n for kind, each in sums.items()}
    counts[""] = sum(counts.values())
    return tuple(
        Tab(
            say.gettext(text),
            with_query(ADDRESS, filters.query(kind=kind)),
            say.integer(counts.get(kind, 0)),
            kind == filters.kind,
        )
        for kind, text in _TAB_WORDS.items()
        if not kind or kind == filters.kind or counts.get(kind)  # an operator need not have all four kinds
    )


def _months(found: Found, filters: Filters, currency: str, say: Language) -> tuple[InvoiceMonth, ...]:
    """By month of issue where that is the order; a correction hangs under its original on the same page."""
    listed = {each.number for each in found.documents}
    hanging: dict[str, list[Listed]] = {}
    by_day = filters.sort in ("-issued", "issued")
    for each in found.documents:
        if by_day and each.corrects in listed and each.corrects is not None:
            hanging.setdefault(each.corrects, []).append(each)
    under = {each.number for group in hanging.values() for each in group}
    months: dict[str, list[InvoiceRow]] = {}
    for each in found.documents:
        if each.number in under:
            continue
        title = say.month(each.issued_on) if by_day and each.issued_on else ""
        rows = months.setdefault(title, [])
        rows.append(_row(each, False, currency, say))
        rows.extend(_row(below, True, currency, say) for below in hanging.get(each.number, ()))
    return tuple(InvoiceMonth(title, tuple(rows)) for title, rows in months.items())


def _row(each: Listed, under: bool, currency: str, say: Language) -> InvoiceRow:
    now = ""
    if each.corrected and each.kind != "correction":
        now = say.gettext("now %(sum)s") % {"sum": say.amount(each.total + each.corrected, currency)}
    return InvoiceRow(
        number=each.number,
        href=invoice_href(each.number),
        kind=kind_word(each.kind, say),
        corrects=Link(each.corrects, invoice_href(each.corrects)) if each.corrects else None,
        contract=each.contract,
        issued=say.day_short(each.issued_on) if each.issued_on else "",
        due=say.day_short(each.due_on) if each.due_on else "",
        state=state_of(each.kind, each.state, each.answered, each.total, each.paid_on, each.due_on, say),
        net=say.amount(each.net, currency),
        vat=say.amount(each.vat, currency),
        total=say.amount(each.total, currency),
        now=now,
        under=under,
    )


def _totals(sums: dict[str, Listed], filters: Filters, currency: str, say: Language) -> tuple[InvoiceTotal, ...]:
    chosen = {kind: each for kind, each in sums.items() if not filters.kind or kind == filters.kind}
    posted = [chosen[kind] for kind in ("invoice", "one_off", "correction") if kind in chosen]
    result = []
    if posted:
        counted = ", ".join(_counted(each.kind, each.n, say) for each in posted)
        label = say.gettext("Posted: %(counted)s") % {"counted": counted}
        result.append(_total(label, posted, currency, True, say))
    if "payment_notice" in chosen:
        notices = chosen["payment_notice"]
        label = say.gettext("Not posted: %(counted)s") % {"counted": _counted("payment_notice", notices.n, say)}
        result.append(_total(label, [notices], currency, False, say))
    return tuple(result)


def _total(label: str, parts: list[Listed], currency: str, final: bool, say: Language) -> InvoiceTotal:
    return InvoiceTotal(
        label,
        say.amount(sum(each.net for each in parts), currency),
        say.amount(sum(each.vat for each in parts), currency),
        say.amount(sum(each.total for each in parts), currency),
        final,
    )


def _counted(kind: str, n: int, say: Language) -> str:
    if kind == "payment_notice":
        text = say.ngettext("%(n)s payment notice", "%(n)s payment notices", n)
    elif kind == "invoice":
        text = say.ngettext("%(n)s invoice", "%(n)s invoices", n)
    elif kind == "one_off":
        text = say.ngettext("%(n)s one-off", "%(n)s one-offs", n)
    else:
        text = say.ngettext("%(n)s correction", "%(n)s corrections", n)
    return text % {"n": say.integer(n)}


def _empty(found: Found, filters: Filters, say: Language) -> Empty:
    if filters.wrong:
        return Empty(say.gettext("Nothing is shown until the filter is corrected."))
    if not filters.any:
        return Empty(
            say.gettext("No documents yet."),
            say.gettext("They appear here as soon as the first one is issued."),
        )
    kinds = sum(each.n for each in found.sums)
    fact = ""
    if kinds:
        fact = say.ngettext("%(n)s document of another kind fits.", "%(n)s documents of other kinds fit.", kinds) % {
            "n": say.integer(kinds)
        }
    return Empty(say.gettext("No document fits this filter."), fact, Link(say.gettext("Show all documents"), ADDRESS))
