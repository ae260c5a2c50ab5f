"""Documents made up for their sheets of paper."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from billing.invoices.printing import printed
from billing.invoices.reading import Document, Line, Original
from billing.invoices.typesetter import typeset_now
from billing.invoices.typesetting import SHEETS
from components.web.language import language_of
from tests.support.databases import operator_of
from tests.support.papers import Paper

DOCUMENT = Document(
    id=1,
    number="СФ-1",
    revision=1,
    kind="invoice",
    contract="4445/10",
    contract_on=date(2022, 1, 5),
    account="4445",
    issued_on=date(2026, 10, 31),
    period_start=date(2026, 10, 1),
    period_end=date(2026, 10, 31),
    due_on=date(2026, 11, 20),
    state="open",
    answered_by=None,
    net=2490000,
    vat=398400,
    total=2888400,
    currency="KZT",
    open=2888400,
    corrected=0,
    paid_on=None,
    corrects=None,
    buyer="ТОО «Айгүл»",
    buyer_tax_id="030840771235",
    postcode="050000",
    city="Алматы",
    street="Абая",
    house="1",
    floor_door=None,
    country="KZ",
)
LINE = Line(1, "Интернет", "1", "мес.", "24900.00", 2490000, "0.16", 398400, 2888400)


def document(**changes: Any) -> Document:
    return replace(DOCUMENT, **changes)


def content(
    shown: Document,
    lines: list[Line] | None = None,
    *,
    sample: str = "telecom",
    language: str = "ru",
    original: Original | None = None,
) -> bytes:
    """The document's PDF by that sample's operator."""
    sheet = printed(shown, lines or [LINE], original, operator_of(sample), language_of(language))
    return typeset_now(SHEETS / f"{sheet.sheet}.typ", asdict(sheet))


def paper(*given: Any, **more: Any) -> Paper:
    return Paper(content(*given, **more))
