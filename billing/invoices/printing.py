"""A document as its sheet of paper needs it: every text said, every figure written, in the reader's language.

The sheets themselves (``templates/billing/invoices/pdf``) only lay out what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from billing.invoices.document import bears_vat, buyer_lines, printed_decimal, seller_lines
from billing.invoices.reading import Document, Line, Original
from billing.invoices.tax_invoice import Section, column_captions, column_numbers, is_tax_invoice, sections
from billing.invoices.words import kind_word
from components.data.operator import Operator
from components.ui.brand import sheet_colours
from components.ui.parts import Fact
from components.web.language import N_, Language, language_of


@dataclass(frozen=True, slots=True)
class PrintedLine:
    position: str
    description: str
    quantity: str
    unit: str
    price: str
    net: str
    rate: str
    vat: str
    total: str


@dataclass(frozen=True, slots=True)
class Sums:
    """A line of an addition; ``final`` has the double underline."""

    label: str
    net: str
    vat: str
    total: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """What a sheet shows. ``tax_form``: the Kazakh VAT invoice, by its sections; else the plain sheet.

    ``taxed`` is False where nothing on the document bears VAT: then there is one column of sums, not three.
    """

    sheet: str
    language: str
    issued: tuple[int, int, int]
    brand: str
    accent: str
    spine: str
    wash: str
    contacts: str
    title: str
    subtitle: str
    asked: str
    currency: str
    facts: tuple[Fact, ...]
    parties: tuple[tuple[str, tuple[str, ...]], ...]
    sections: tuple[Section, ...]
    captions: dict[str, tuple[str, str]]
    numbers: dict[str, str]
    taxed: bool
    lines: tuple[PrintedLine, ...]
    sums: Sums
    correction_title: str
    correction: tuple[Sums, ...]
    payment_title: str
    payment: tuple[Fact, ...]
    remark: str
    page_words: str


def printed(
    document: Document, lines: list[Line], original: Original | None, operator: Operator, say: Language
) -> Printed:
    """The document for the reader of ``say``.

    A Kazakh VAT invoice is written in one of the two languages that its law knows: Kazakh for who reads Kazakh,
    else Russian; for others each caption stands below in their own language too.
    """
    tax_form = is_tax_invoice(document, operator)
    form = language_of("kk" if say.code == "kk" else "ru") if tax_form else say
    also = say if form.code != say.code else None
    colours = sheet_colours(operator.brand)
    asked = document.kind == "payment_notice"
    return Printed(
        sheet="tax_invoice" if tax_form else "plain",
        language=form.code,
        issued=(document.issued_on.year, document.issued_on.month, document.issued_on.day),
        brand=operator.brand.name,
        accent=colours.accent,
        spine=colours.spine,
        wash=colours.wash,
        contacts=_contacts(operator),
        title=f"{kind_word(document.kind, form)} {document.number}",
        subtitle=_subtitle(document, form, also),
        asked=_asked(document, form),
        currency=document.currency,
        facts=() if tax_form else _facts(document, say),
        parties=()
        if tax_form
        else (
            (say.gettext("Seller"), seller_lines(operator, say, bank=not asked)),
            (say.gettext("Buyer"), buyer_lines(document, say)),
        ),
        sections=sections(document, original, operator, form, also) if tax_form else (),
        captions=column_captions(form, also) if tax_form else _captions(say),
        numbers=column_numbers() if tax_form else {},
        taxed=tax_form or bears_vat(document, lines) or bool(original and (original.vat or original.earlier_vat)),
        lines=tuple(_line(each, document.currency, form) for each in lines),
        sums=_sums(form.gettext("Total"), document.net, document.vat, document.total, document.currency, form, True),
        correction_title=form.gettext("What the correction changes") if original else "",
        correction=_correction(document, original, form) if original else (),
        payment_title=say.gettext("How to pay") if asked else "",
        payment=_payment(document, operator, say) if asked else (),
        remark=_remark(document, tax_form, form, also),
        page_words=form.gettext("Page %(page)s of %(pages)s"),
    )


def _contacts(operator: Operator) -> str:
    lines = [each.phone for each in operator.contacts if not each.city][:1]
    return " · ".join(each for each in (operator.seller.name, *lines, operator.email) if each)


def _subtitle(document: Document, say: Language, also: Language | None) -> str:
    text = say.sentence(say.gettext("of %(day)s") % {"day": say.day_long(document.issued_on)})
    return f"{text} · {kind_word(document.kind, also)}" if also else text


def _asked(document: Document, say: Language) -> str:
    if document.kind == "correction":
        return say.gettext("Difference")
    if document.due_on is None:
        return say.gettext("Total")
    return say.sentence(say.gettext("To pay by %(day)s") % {"day": say.day_long(document.due_on)})


def _facts(document: Document, say: Language) -> tuple[Fact, ...]:
    facts = [Fact(say.gettext("Account"), document.account)]
    if document.contract:
        facts.append(Fact(say.gettext("Contract"), document.contract))
    if document.period_start and document.period_end:
        facts.append(Fact(say.gettext("Period"), say.days(document.period_start, document.period_end)))
    if document.corrects:
        facts.append(Fact(say.gettext("Corrects"), document.corrects))
    if document.due_on:
        facts.append(Fact(say.gettext("Due"), say.day_long(document.due_on)))
    return tuple(facts)


def _captions(say: Language) -> dict[str, tuple[str, str]]:
    words = {
        "position": say.gettext("No."),
        "description": say.gettext("Description"),
        "quantity": say.gettext("Quantity"),
        "unit": say.gettext("Unit"),
        "price": say.gettext("Price"),
        "net": say.gettext("Net"),
        "rate": say.gettext("VAT rate"),
        "vat": say.gettext("VAT"),
        "total": say.gettext("Total"),
    }
    return {name: (word, "") for name, word in words.items()}


def _line(line: Line, currency: str, say: Language) -> PrintedLine:
    return PrintedLine(
        position=str(line.line),
        description=line.description,
        quantity=printed_decimal(line.quantity, 0, say),
        unit=line.unit or "",
        price=printed_decimal(line.unit_price, 2, say),
        net=str(say.amount(line.net, currency)),
        rate=say.percent(Decimal(line.vat_rate)) if line.vat_rate else "",
        vat=str(say.amount(line.vat, currency)),
        total=str(say.amount(line.total, currency)),
    )


def _sums(label: str, net: int, vat: int, total: int, currency: str, say: Language, final: bool = False) -> Sums:
    return Sums(
        label,
        str(say.amount(net, currency)),
        str(say.amount(vat, currency)),
        str(say.amount(total, currency)),
        final,
    )


def _correction(document: Document, original: Original, say: Language) -> tuple[Sums, ...]:
    """From the original by way of earlier corrections and this one to what holds after it."""
    currency = document.currency
    of = {"number": original.number, "day": say.day_long(original.issued_on)}
    begun = (original.net, original.vat, original.total)
    earlier = (original.earlier_net, original.earlier_vat, original.earlier_total)
    this = (document.net, document.vat, document.total)
    after = tuple(sum(each) for each in zip(begun, earlier, this, strict=True))
    parts = [_sums(say.sentence(say.gettext("%(number)s of %(day)s") % of), *begun, currency, say)]
    if any(earlier):
        parts.append(_sums(say.gettext("Earlier corrections"), *earlier, currency, say))
    parts.append(_sums(say.gettext("This correction, the difference"), *this, currency, say))
    parts.append(_sums(say.gettext("After the correction"), after[0], after[1], after[2], currency, say, True))
    return tuple(parts)


def _payment(document: Document, operator: Operator, say: Language) -> tuple[Fact, ...]:
    """What a bank's form asks for."""
    seller = operator.seller
    purpose = say.gettext("Notice %(number)s, account %(account)s") % {
        "number": document.number,
        "account": document.account,
    }
    return tuple(
        each
        for each in (
            Fact(say.gettext("Payee"), seller.name),
            Fact(say.gettext("Payee's tax number"), seller.tax_id),
            Fact(say.gettext("Bank account"), seller.bank_account),
            Fact(say.gettext("Bank"), seller.bank),
            Fact(say.gettext("Bank code"), seller.bank_code),
            Fact(say.gettext("Purpose of the payment"), purpose),
        )
        if each.value
    )


COPY = N_(
    "A printed copy. The tax authority's system of electronic invoices gives the invoice its registration number;"
    " sections and items are numbered as in its form."
)


def _remark(document: Document, tax_form: bool, say: Language, also: Language | None) -> str:
    if document.kind == "payment_notice":
        return say.gettext("This notice asks for payment ahead. It is not a debt and does not change the balance.")
    if tax_form:
        return " ".join(each.gettext(COPY) for each in (say, also) if each)
    return ""
