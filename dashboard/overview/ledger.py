"""The ledger line: from what is ahead through today into what is posted."""

from __future__ import annotations

from datetime import date

from billing.invoices.display import invoice_href
from billing.invoices.reading import Unpaid
from billing.invoices.words import kind_word
from billing.ledger.reading import Entry
from billing.payments.words import method_word
from components.ui.parts import Link, State
from components.web.language import Language
from dashboard.overview.display import LedgerRow
from users.permissions.permission import Permission
from users.permissions.viewer import Viewer


def ledger_rows(
    entries: list[Entry], notices: list[Unpaid], balance: int, viewer: Viewer, today: date, say: Language
) -> list[LedgerRow]:
    """From what is ahead through today into what is posted, with the balance after each entry."""
    currency = viewer.currency
    rows = [_ahead_row(each, viewer, say) for each in reversed(notices)]
    shown = say.amount(balance, currency)
    rows.append(
        LedgerRow(
            "today",
            say.day_short(today),
            say.gettext("Today"),
            "",
            "",
            "",
            None,
            None,
            None,
            shown,
        )
    )
    for entry in entries:
        rows.append(_entry_row(entry, balance, viewer, say))
        balance -= entry.amount
    return rows


def _ahead_row(notice: Unpaid, viewer: Viewer, say: Language) -> LedgerRow:
    may = viewer.may(Permission.INVOICES_VIEW)
    return LedgerRow(
        kind="ahead",
        day=say.day_short(notice.due_on) if notice.due_on else "",
        title=notice.number,
        href=invoice_href(notice.number) if may else "",
        detail=", ".join(each for each in (kind_word(notice.kind, say), notice.contract) if each),
        note="",
        note_link=None,
        state=State("clock", "notice", say.gettext("Asked for")),
        amount=say.amount(notice.total, viewer.currency),
        balance=None,
    )


def _entry_row(entry: Entry, balance: int, viewer: Viewer, say: Language) -> LedgerRow:
    title, href, detail, note, note_link = _entry_words(entry, viewer, say)
    if entry.reversal:
        detail = ", ".join(each for each in (detail, say.gettext("reversed")) if each)
    return LedgerRow(
        kind="posted",
        day=say.day_short(entry.occurred_on),
        title=title,
        href=href,
        detail=detail,
        note=note,
        note_link=note_link,
        state=None,
        amount=say.amount(entry.amount, viewer.currency, plus=True),
        balance=say.amount(balance, viewer.currency),
    )


def _entry_words(entry: Entry, viewer: Viewer, say: Language) -> tuple[str, str, str, str, Link | None]:
    if entry.kind == "opening":
        return say.gettext("Opening balance"), "", "", "", None
    if entry.document:
        month = say.month(entry.period_start) if entry.period_start else ""
        within = viewer.reach is None or entry.document_contract_id in viewer.reach
        # The account's sums are whole for who may see the balance; a contract beyond reach is not named for that.
        contract = entry.contract if within else ""
        detail = ", ".join(each for each in (kind_word(entry.kind, say), contract) if each)
        return (
            entry.document,
            _reachable(entry.document, entry.document_contract_id, entry.occurred_on, viewer),
            detail,
            month,
            None,
        )
    title = say.gettext("Payment") if entry.amount >= 0 else say.gettext("Payment taken back")
    href = "/payments" if viewer.may(Permission.PAYMENTS_VIEW) else ""
    detail = ", ".join(each for each in (method_word(entry.method, say), say.held(entry.reference or "")) if each)
    if entry.paid_document is None:
        return title, href, detail, say.gettext("on account"), None
    link = Link(
        entry.paid_document,
        _reachable(entry.paid_document, entry.paid_contract_id, entry.paid_issued_on or entry.occurred_on, viewer),
    )
    return title, href, detail, say.gettext("for"), link


def _reachable(number: str, contract_id: int | None, day: date, viewer: Viewer) -> str:
    """The document's address for who may open it; the ledger shows its number to everybody who sees the balance."""
    within = viewer.may(Permission.INVOICES_VIEW) and viewer.reaches(contract_id, day)
    return invoice_href(number) if within else ""
