"""The Kazakh VAT invoice (счёт-фактура, шот-фактура): its sections and items, numbered as the form numbers them.

The numbers are those of the electronic invoice's form in the order of the Minister of Finance of 22 April 2019,
No. 370. They were compared in three independent public implementations of that form, which agree on every number
used here (A 1.1 to 5.3, B 6 to 9, B1 13 to 15, C 16 to 18.1, E 27.1 to 28, G 33.1 and its columns, K 43). Not seen:
the text of the order itself, and the form of the order of 28 October 2025, No. 629, which has replaced it since 1
January 2026. The Kazakh captions are our translation. Items for which the billing system exports nothing (goods'
codes, excise, consignor and consignee, participants of joint activity) are left out, not filled with dashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.invoices.document import buyer_address
from billing.invoices.reading import Document, Original
from components.data.operator import Operator
from components.web.language import N_, Language

COUNTRY_CURRENCY = "KZT"


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered item. ``also`` is its caption in the reader's own language; ``strong`` makes it easy to find."""

    number: str
    caption: str
    also: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """``column`` is where it stands: left, right, or below over the whole width."""

    letter: str
    title: str
    also: str
    items: tuple[Item, ...]
    column: str


COLUMNS = {
    "position": ("1", N_("No.")),
    "description": ("3", N_("Name of goods, works, services")),
    "unit": ("5", N_("Unit of measure")),
    "quantity": ("6", N_("Quantity (volume)")),
    "price": ("7", N_("Price of a unit without taxes")),
    "net": ("8", N_("Cost without taxes")),
    "rate": ("12", N_("VAT rate")),
    "vat": ("13", N_("VAT amount")),
    "total": ("14", N_("Cost with taxes")),
}
"""Columns of section G: the form's number and caption. 2, 4, 9 to 11 and 15 to 18 concern goods and excise."""


def is_tax_invoice(document: Document, operator: Operator) -> bool:
    """Whether the document is a VAT invoice by Kazakh law: whoever is registered for VAT there issues them."""
    kazakh = operator.currency == COUNTRY_CURRENCY and bool(operator.seller.vat_certificate)
    return kazakh and document.kind != "payment_notice"


def sections(
    document: Document, original: Original | None, operator: Operator, form: Language, also: Language | None
) -> tuple[Section, ...]:
    """Every section but the lines (G has its table), with the items for which there is something to say."""
    seller = operator.seller
    yes = form.gettext("yes")

    def item(number: str, caption: str, value: str | None, strong: bool = False) -> Item:
        return Item(number, form.gettext(caption), also.gettext(caption) if also else "", value or "", strong)

    def section(letter: str, title: str, column: str, *items: Item) -> Section:
        told = tuple(each for each in items if each.value)
        return Section(letter, form.gettext(title), also.gettext(title) if also else "", told, column)

    contract = document.contract
    made = (
        section(
            "A",
            N_("General section"),
            "left",
            item("1.1", N_("Number in the accounting system"), document.number),
            item("2", N_("Date of issue"), _day(document.issued_on)),
            item("3", N_("Date of turnover"), _day(document.period_end or document.issued_on)),
            item("5", N_("Additional invoice"), yes if original else ""),
            item("5.1", N_("Date of the corrected invoice"), _day(original.issued_on) if original else ""),
            item("5.2", N_("Number of the corrected invoice"), original.number if original else ""),
        ),
        section(
            "B",
            N_("Supplier's details"),
            "left",
            item("6", N_("IIN/BIN"), seller.tax_id),
            item("7", N_("Supplier"), seller.name),
            item("8", N_("Address of location"), seller.address),
            item("9", N_("VAT certificate"), seller.vat_certificate),
        ),
        section(
            "B1",
            N_("Supplier's bank details"),
            "left",
            item("13", N_("Bank account (IIK)"), seller.bank_account),
            item("14", N_("Bank's code (BIK)"), seller.bank_code),
            item("15", N_("Name of the bank"), seller.bank),
        ),
        section(
            "C",
            N_("Recipient's details"),
            "right",
            item("16", N_("IIN/BIN"), document.buyer_tax_id),
            item("17", N_("Recipient"), document.buyer),
            item("18", N_("Address of location"), buyer_address(document)),
            item("18.1", N_("Country code"), document.country),
        ),
        section(
            "E",
            N_("Contract for supply"),
            "right",
            item("27.1", N_("Under a contract"), yes if contract else ""),
            item("27.2", N_("Without a contract"), "" if contract else yes),
            item("27.3", N_("Number of the contract"), contract, True),
            item("27.4", N_("Date of the contract"), _day(document.contract_on)),
            item("28", N_("Terms of payment"), _terms(document, form)),
        ),
        section(
            "G",
            N_("Goods, works, services"),
            "below",
            item("33.1", N_("Currency code"), document.currency),
        ),
        section(
            "K",
            N_("Additional information"),
            "last",
            item("43", N_("Account and period"), _additional(document, form)),
        ),
    )
    return tuple(each for each in made if each.items)


def column_captions(form: Language, also: Language | None) -> dict[str, tuple[str, str]]:
    """The captions of section G's columns, in the form's language and in the reader's."""
    return {
        name: (form.gettext(caption), also.gettext(caption) if also else "") for name, (_, caption) in COLUMNS.items()
    }


def column_numbers() -> dict[str, str]:
    """The form's numbers of those columns."""
    return {name: number for name, (number, _) in COLUMNS.items()}


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _terms(document: Document, form: Language) -> str:
    return form.gettext("payment by %(day)s") % {"day": _day(document.due_on)} if document.due_on else ""


def _additional(document: Document, form: Language) -> str:
    parts = [form.gettext("account %(number)s") % {"number": document.account}]
    if document.period_start and document.period_end:
        parts.append(f"{_day(document.period_start)} – {_day(document.period_end)}")
    return ", ".join(parts)
