"""The overview for one viewer: what they may see, and nothing that they may not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.invoices.display import invoice_href
from billing.invoices.reading import Unpaid
from billing.invoices.words import kind_word, state_of
from billing.ledger.position import Position
from billing.ledger.reading import Entry
from billing.payments.display import document_link
from billing.payments.reading import Listed as Payment
from billing.payments.words import method_word
from components.data.operator import Operator
from components.ui.parts import Empty, Link, State, Sum
from components.web.language import Language
from dashboard.overview.attention import attention, silent_since
from dashboard.overview.display import OverviewView, PaymentRow, ServiceRow, UnpaidRow
from dashboard.overview.ledger import ledger_rows
from dashboard.overview.reading import Ages
from dashboard.services.display import first_resource, service_href
from dashboard.services.reading import Service
from dashboard.services.words import service_state
from dashboard.usage.sparkline import sparkline
from dashboard.usage.table import day_at
from dashboard.usage.units import amount_of
from users.permissions.permission import Permission
from users.permissions.viewer import Viewer

MOST_SERVICES = 6
MONEY = frozenset({Permission.BALANCE_VIEW, Permission.INVOICES_VIEW, Permission.PAYMENTS_VIEW})


@dataclass(frozen=True, slots=True)
class Known:
    """What the queries of the page brought."""

    position: Position
    entries: list[Entry]
    unpaid: list[Unpaid]
    payments: list[Payment]
    services: list[Service]
    ages: Ages


def overview_view(known: Known, viewer: Viewer, operator: Operator, today: date, say: Language) -> OverviewView:
    """The page. ``today`` is the operator's day."""
    open_documents = [each for each in known.unpaid if each.open > 0]
    notices = [each for each in known.unpaid if each.open <= 0]
    sees_balance = viewer.may(Permission.BALANCE_VIEW)
    sees_documents = viewer.may(Permission.INVOICES_VIEW)
    sums = _sums(known.position, open_documents, notices, viewer, today, say)
    return OverviewView(
        title=viewer.customer,
        summary=_lead(say.day_full(today), _summary(known.position, notices, viewer, say), say),
        currency=viewer.currency,
        balance=say.amount(known.position.balance, viewer.currency) if known.position.balance is not None else None,
        balance_note=_balance_note(known.entries, say),
        sums=sums,
        sums_note="" if sums or not (sees_balance or sees_documents) else say.gettext("Nothing to pay"),
        ledger=tuple(ledger_rows(known.entries, notices, known.position.balance or 0, viewer, today, say))
        if sees_balance
        else (),
        ledger_empty=None if known.entries else Empty(say.gettext("Nothing has been posted yet.")),
        unpaid=tuple(_unpaid_row(each, viewer.currency, say) for each in open_documents),
        unpaid_total=say.amount(sum(each.open for each in open_documents), viewer.currency) if open_documents else None,
        payments=tuple(_payment_row(each, viewer, say) for each in known.payments),
        attention=tuple(attention(known.services, open_documents, today, say)),
        services=tuple(_service_row(each, today, say) for each in known.services[:MOST_SERVICES]),
        services_note=say.gettext("last 30 days"),
        services_more=Link(say.gettext("All services"), "/services") if len(known.services) > MOST_SERVICES else None,
        ages=tuple(_ages(known, viewer, operator, say)),
        show_ledger=sees_balance,
        show_payments=viewer.may(Permission.PAYMENTS_VIEW) and not sees_balance,
        show_services=bool(known.services),
        show_unpaid=sees_documents,
    )


def _lead(day: str, summary: str, say: Language) -> str:
    """The day and the summary; a language's date may end with a full stop."""
    return say.sentence(say.gettext("%(day)s. %(summary)s") % {"day": day, "summary": summary}) if summary else day


def _summary(position: Position, notices: list[Unpaid], viewer: Viewer, say: Language) -> str:
    if not viewer.permissions:
        return say.gettext("Nothing is open to you yet. Whoever manages this account's users can give you rights.")
    if not (viewer.may(Permission.BALANCE_VIEW) or viewer.may(Permission.INVOICES_VIEW)):
        return ""
    asked = ""
    if notices:
        asked = say.ngettext(
            "%(n)s notice asks for payment ahead.", "%(n)s notices ask for payment ahead.", len(notices)
        ) % {"n": len(notices)}
    if position.due:
        amount = f"{say.amount(position.due, viewer.currency)}\N{NO-BREAK SPACE}{viewer.currency}"
        return say.gettext("To pay: %(amount)s.") % {"amount": amount}
    return " ".join(each for each in (say.gettext("You owe nothing."), asked) if each)


def _balance_note(entries: list[Entry], say: Language) -> str:
    if not entries:
        return ""
    return say.gettext("after the entry of %(day)s") % {"day": say.day_long(entries[0].occurred_on)}


def _sums(
    position: Position,
    documents: list[Unpaid],
    notices: list[Unpaid],
    viewer: Viewer,
    today: date,
    say: Language,
) -> tuple[Sum, ...]:
    """What is owed adds up line by line; where nothing is, what is asked for ahead does, as a forecast."""
    currency = viewer.currency
    if position.due:
        lines = []
        if position.brought_forward:
            lines.append(Sum(say.gettext("Brought forward"), say.amount(position.brought_forward, currency)))
        for state, words in (("overdue", say.gettext("Overdue")), ("", say.gettext("Open"))):
            group = [each for each in documents if (each.state == "overdue") == bool(state)]
            if group:
                count = say.ngettext("%(n)s document", "%(n)s documents", len(group)) % {"n": len(group)}
                lines.append(Sum(f"{words}, {count}", say.amount(sum(each.open for each in group), currency)))
        rest = position.due - position.brought_forward - sum(each.open for each in documents)
        if rest:  # of contracts not chosen in the bar, or more documents than the page lists
            lines.append(Sum(say.gettext("Other documents"), say.amount(rest, currency)))
        return (*lines, Sum(_pay_by(position.due_on, today, say), say.amount(position.due, currency)))
    if not notices or position.balance is None:
        return ()
    asked = sum(each.total for each in notices)
    count = say.ngettext("Asked ahead, %(n)s notice", "Asked ahead, %(n)s notices", len(notices)) % {"n": len(notices)}
    left = max(0, asked - position.balance)
    first_due = min((each.due_on for each in notices if each.due_on), default=None)
    return (
        Sum(count, say.amount(asked, currency)),
        Sum(say.gettext("Less the balance"), say.amount(-position.balance, currency)),
        Sum(_ahead_by(first_due, say), say.amount(left, currency)),
    )


def _pay_by(day: date | None, today: date, say: Language) -> str:
    if day is None or day < today:
        return say.gettext("To pay now")
    return say.gettext("To pay by %(day)s") % {"day": say.day_short(day)}


def _ahead_by(day: date | None, say: Language) -> str:
    if day is None:
        return say.gettext("Asked for ahead")
    return say.gettext("Asked for by %(day)s") % {"day": say.day_short(day)}


def _unpaid_row(each: Unpaid, currency: str, say: Language) -> UnpaidRow:
    return UnpaidRow(
        number=each.number,
        href=invoice_href(each.number),
        detail=", ".join(part for part in (kind_word(each.kind, say), each.contract) if part),
        state=state_of(each.kind, each.state, each.answered, each.total, None, each.due_on, say),
        open=say.amount(each.open, currency),
        total=say.amount(each.total, currency),
    )


def _payment_row(each: Payment, viewer: Viewer, say: Language) -> PaymentRow:
    return PaymentRow(
        day=say.day_short(each.paid_on),
        title=say.gettext("Payment") if each.amount >= 0 else say.gettext("Payment taken back"),
        detail=", ".join(part for part in (method_word(each.method, say), say.held(each.reference or "")) if part),
        document=document_link(each, viewer),
        amount=say.amount(each.amount, viewer.currency),
    )


def _service_row(service: Service, today: date, say: Language) -> ServiceRow:
    days = service.last_days
    silent = silent_since(service, today)
    state = service_state(service.status, service.status_since, say)
    if silent:
        state = State(
            "triangle",
            "notice",
            say.gettext("No readings"),
            say.gettext("since %(day)s") % {"day": say.day_short(silent)},
        )
    return ServiceRow(
        name=service.name,
        href=service_href(service.number),
        detail=", ".join(each for each in (first_resource(service, say), service.contract) if each),
        state=state,
        sparkline=sparkline(days, say),
        sum=amount_of(service.unit, sum(each.total for each in days), say) if days else "",
    )


def _ages(known: Known, viewer: Viewer, operator: Operator, say: Language) -> list[str]:
    ages = []
    if known.ages.imported_at and viewer.permissions & MONEY:
        at = say.moment(known.ages.imported_at, operator.zone)
        ages.append(
            say.sentence(
                say.gettext("Balance, documents and payments: as the billing system had them on %(at)s.") % {"at": at}
            )
        )
    days = [each.last_days[-1].day for each in known.services if each.last_days]
    if days:
        ages.append(say.sentence(say.gettext("Usage: measured until %(day)s.") % {"day": say.day(day_at(max(days)))}))
    return ages
