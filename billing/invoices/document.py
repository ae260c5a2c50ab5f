"""A document's own page, as its template needs it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from billing.invoices.display import invoice_href
from billing.invoices.reading import Beside, Document, Line
from billing.invoices.words import kind_word, state_of
from billing.payments.words import method_word
from components.data.operator import Operator
from components.ui.parts import Amount, Fact, Link, State
from components.web.addresses import segment, with_query
from components.web.language import Language
from users.permissions.permission import Permission
from users.permissions.viewer import Viewer


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
    pdf: str  # its address
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
    taxed: bool  # False where nothing on it bears VAT: then there is one column of sums, not three
    currency: str
    applied: tuple[AppliedRow, ...]
    open: Amount | None
    corrects: Link | None
    corrections: tuple[AppliedRow, ...]


def invoice_view(
    document: Document,
    lines: list[Line],
    besides: list[Beside],
    operator: Operator,
    viewer: Viewer,
    say: Language,
) -> InvoiceView:
    """A document's own page."""
    currency = document.currency
    title = f"{kind_word(document.kind, say)} {document.number}"
    facts = [Fact(say.gettext("Issued"), say.day_long(document.issued_on))]
    if document.period_start and document.period_end:
        facts.append(Fact(say.gettext("Period"), say.days(document.period_start, document.period_end)))
    if document.due_on:
        facts.append(Fact(say.gettext("Due"), say.day_long(document.due_on)))
    facts.append(Fact(say.gettext("Account"), document.account))
    if document.contract:
        may = viewer.may(Permission.CONTRACTS_VIEW)
        href = f"/contracts/{segment(document.contract)}" if may else ""
        facts.append(Fact(say.gettext("Contract"), document.contract, href))
    return InvoiceView(
        number=document.number,
        title=title,
        pdf=f"{invoice_href(document.number)}.pdf",
        kind=document.kind,
        state=state_of(
            document.kind,
            document.state,
            document.answered_by is not None,
            document.total,
            document.paid_on,
            document.due_on,
            say,
        ),
        notice=_notice(document, say),
        facts=tuple(facts),
        seller=seller_lines(operator, say),
        buyer=buyer_lines(document, say),
        lines=tuple(_line(each, currency, say) for each in lines),
        net=say.amount(document.net, currency),
        vat=say.amount(document.vat, currency),
        total=say.amount(document.total, currency),
        taxed=bears_vat(document, lines),
        currency=currency,
        applied=tuple(_applied(each, currency, viewer, say) for each in besides if each.part == "applied"),
        open=say.amount(document.open, currency) if document.open > 0 else None,
        corrects=Link(document.corrects, invoice_href(document.corrects)) if document.corrects else None,
        corrections=tuple(
            AppliedRow(
                say.day(each.on),
                each.correction or "",
                invoice_href(each.correction or ""),
                say.gettext("Correction"),
                say.amount(each.amount, currency),
            )
            for each in besides
            if each.part == "correction"
        ),
    )


def _notice(document: Document, say: Language) -> str:
    if document.kind != "payment_notice":
        return ""
    if document.answered_by:
        return say.gettext("This notice asked for payment ahead. Invoice %(number)s has taken its place.") % {
            "number": document.answered_by
        }
    return say.gettext("This notice asks for payment ahead. It is not a debt and does not change the balance.")


def seller_lines(operator: Operator, say: Language, *, bank: bool = True) -> tuple[str, ...]:
    """Who issued a document, as its head says it."""
    seller = operator.seller
    tax = say.gettext("Tax number %(number)s") % {"number": seller.tax_id} if seller.tax_id else ""
    account = ", ".join(each for each in (seller.bank_account, seller.bank, seller.bank_code) if each and bank)
    return tuple(each for each in (seller.name, tax, seller.address, account) if each)


def buyer_lines(document: Document, say: Language) -> tuple[str, ...]:
    """Whom a document is for, as its head says it."""
    tax = say.gettext("Tax number %(number)s") % {"number": document.buyer_tax_id} if document.buyer_tax_id else ""
    return tuple(each for each in (document.buyer, tax, buyer_address(document)) if each)


def buyer_address(document: Document) -> str:
    parts = (document.postcode, document.city, document.street, document.house, document.floor_door)
    return ", ".join(each for each in parts if each)


def _line(line: Line, currency: str, say: Language) -> InvoiceLine:
    return InvoiceLine(
        position=str(line.line),
        description=line.description,
        quantity=printed_decimal(line.quantity, 0, say),
        unit=line.unit or "",
        price=printed_decimal(line.unit_price, 2, say),
        net=say.amount(line.net, currency),
        vat_rate=say.percent(Decimal(line.vat_rate)) if line.vat_rate else "",
        vat=say.amount(line.vat, currency),
        total=say.amount(line.total, currency),
    )


def bears_vat(document: Document, lines: list[Line]) -> bool:
    """Whether anything on the document bears VAT, be it at a rate that comes to nothing."""
    return bool(document.vat or any(each.vat or (each.vat_rate and Decimal(each.vat_rate)) for each in lines))


def printed_decimal(text: str | None, least: int, say: Language) -> str:
    """A decimal with the digits it was printed with, at least ``least``."""
    if not text:
        return ""
    value = Decimal(text)
    return say.number(value, max(least, -int(value.as_tuple().exponent)))


def _applied(each: Beside, currency: str, viewer: Viewer, say: Language) -> AppliedRow:
    if each.correction:
        title, href, detail = each.correction, invoice_href(each.correction), say.gettext("Correction")
    elif each.payment:
        may = viewer.may(Permission.PAYMENTS_VIEW)
        title = say.gettext("Payment")
        href = with_query("/payments", {"q": each.payment}) if may else ""
        detail = ", ".join(part for part in (method_word(each.method, say), say.held(each.reference or "")) if part)
    else:
        title, href, detail = say.gettext("Opening balance"), "", ""
    if not each.direct:
        ahead = say.gettext("from the balance")
        detail = f"{detail}, {ahead}" if detail else ahead
    return AppliedRow(say.day(each.on), title, href, detail, say.amount(-each.amount, currency))
