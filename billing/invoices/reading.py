"""Reading documents: what a viewer may see, with reach decided in the query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.invoices.forms import SORTS, Filters, searched_amount
from billing.invoices.models import visible_to
from components.data.database import row, rows
from users.permissions.viewer import Viewer

PAGE = 50

STATE_SQL = """CASE WHEN i.kind = 'payment_notice' THEN NULL WHEN i.open <= 0 THEN 'paid'
 WHEN i.due_on < :today THEN 'overdue' WHEN i.open < i.total THEN 'part_paid' ELSE 'open' END"""
"""Each document has one state: the first that fits of paid, overdue, part_paid, open; a notice has none."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list, or (``part`` = "sum") what all rows of one kind come to, whatever kind is chosen."""

    part: str
    n: int
    number: str
    kind: str
    contract: str
    issued_on: date | None
    period_start: date | None
    due_on: date | None
    state: str | None
    answered: bool
    net: int
    vat: int
    total: int
    open: int
    corrected: int
    paid_on: date | None
    corrects: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of documents, the sums by kind over all pages, and the key after which the next page begins."""

    documents: Sequence[Listed]
    sums: Sequence[Listed]
    next: str


async def list_invoices(viewer: Viewer, filters: Filters, today: date, page: int = PAGE) -> Found:
    """One query, whatever the filters; its cost grows with the viewer's own documents only."""
    within = visible_to(viewer)
    conditions, values = [within.sql], {**within.values, "today": today, "page": page + 1}
    if filters.period:
        conditions.append("i.issued_on >= :first AND i.issued_on < :end")
        values |= {"first": filters.period.start, "end": filters.period.end}
    if filters.contract:
        conditions.append("c.number = :contract")
        values["contract"] = filters.contract
    if filters.search:
        # SQLite folds the case of Latin letters only, so the Cyrillic of a number is tried in capitals too.
        searched = "i.number LIKE :like ESCAPE '!' OR i.number LIKE :upper ESCAPE '!'"
        values |= {"like": _contains(filters.search), "upper": _contains(filters.search.upper())}
        amount = searched_amount(filters.search)
        if amount is not None:
            searched += " OR i.total = :amount OR i.open = :amount"
            values["amount"] = amount
        conditions.append(f"({searched})")
    outer = []
    if filters.state:
        conditions.append(f"{STATE_SQL} = :state")
        values["state"] = filters.state
    if filters.kind:
        outer.append("kind = :kind")
        values["kind"] = filters.kind
    column, falling = SORTS[filters.sort]
    if filters.after:
        outer.append(_after(column, falling, filters.after, values))
    way = "DESC" if falling else "ASC"
    sql = f"""
WITH seen AS (
  SELECT i.number, i.kind, coalesce(c.number, '') AS contract, i.issued_on, i.period_start, i.due_on,
    {STATE_SQL} AS state, i.answered_by_id IS NOT NULL AS answered, i.net, i.vat, i.total, i.open, i.corrected,
    i.paid_on, o.number AS corrects
  FROM invoice i LEFT JOIN contract c ON c.id = i.contract_id LEFT JOIN invoice o ON o.id = i.corrects_id
  WHERE {" AND ".join(conditions)})
SELECT 'sum' AS part, count(*) AS n, '' AS number, kind, '' AS contract, min(issued_on) AS issued_on,
  min(period_start) AS period_start, min(due_on) AS due_on, NULL AS state, NULL AS answered,
  CAST(sum(net) AS BIGINT) AS net, CAST(sum(vat) AS BIGINT) AS vat, CAST(sum(total) AS BIGINT) AS total,
  CAST(sum(open) AS BIGINT) AS open, CAST(sum(corrected) AS BIGINT) AS corrected, max(paid_on) AS paid_on,
  NULL AS corrects
FROM seen GROUP BY kind
UNION ALL
SELECT * FROM (
  SELECT 'row' AS part, 1 AS n, number, kind, contract, issued_on, period_start, due_on, state, answered, net, vat,
    total, open, corrected, paid_on, corrects
  FROM seen {"WHERE " + " AND ".join(outer) if outer else ""}
  ORDER BY {column} {way}, number {way} LIMIT :page) AS listed"""
    found = await rows(Listed, sql, **values)
    documents = [each for each in found if each.part == "row"]
    documents.sort(key=lambda each: each.number, reverse=falling)
    documents.sort(key=lambda each: _key(each, column), reverse=falling)
    shown = documents[:page]
    more = f"{_key(shown[-1], column)}|{shown[-1].number}" if len(documents) > page else ""
    return Found(shown, [each for each in found if each.part == "sum"], more)


def _contains(text: str) -> str:
    escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"


def _key(document: Listed, column: str) -> date | int:
    value: date | int | None = getattr(document, column)
    return value if value is not None else date.max


def _after(column: str, falling: bool, after: tuple[str, str], values: dict[str, object]) -> str:
    """The condition that a row comes after a key. A key that can't be read is nobody's: it selects nothing."""
    value, number = after
    if len(value) > 18:  # more than a database's whole number holds
        return "1 = 0"
    try:
        values["after"] = int(value) if column == "total" else date.fromisoformat(value)
    except ValueError:
        return "1 = 0"
    values["after_number"] = number
    sign = "<" if falling else ">"
    return f"({column} {sign} :after OR ({column} = :after AND number {sign} :after_number))"


@dataclass(frozen=True, slots=True)
class Document:
    id: int
    number: str
    revision: int
    kind: str
    contract: str | None
    contract_on: date | None
    account: str
    issued_on: date
    period_start: date | None
    period_end: date | None
    due_on: date | None
    state: str | None
    answered_by: str | None
    net: int
    vat: int
    total: int
    currency: str
    open: int
    corrected: int
    paid_on: date | None
    corrects: str | None
    buyer: str
    buyer_tax_id: str | None
    postcode: str | None
    city: str | None
    street: str | None
    house: str | None
    floor_door: str | None
    country: str | None


async def find_invoice(viewer: Viewer, number: str, today: date) -> Document | None:
    """The document with this number, or None where it is unknown or out of reach: nobody can tell which."""
    within = visible_to(viewer)
    return await row(
        Document,
        f"""
SELECT i.id, i.number, i.revision, i.kind, c.number AS contract, c.signed_on AS contract_on, a.number AS account,
  i.issued_on, i.period_start, i.period_end, i.due_on, {STATE_SQL} AS state, w.number AS answered_by, i.net, i.vat,
  i.total, i.currency, i.open, i.corrected, i.paid_on, o.number AS corrects, p.name AS buyer,
  p.tax_id AS buyer_tax_id, p.postcode, p.city, p.street, p.house, p.floor_door, p.country
FROM invoice i JOIN account a ON a.id = i.account_id JOIN customer p ON p.id = a.customer_id
LEFT JOIN contract c ON c.id = i.contract_id LEFT JOIN invoice o ON o.id = i.corrects_id
LEFT JOIN invoice w ON w.id = i.answered_by_id
WHERE i.number = :number AND {within.sql}""",
        number=number,
        today=today,
        **within.values,
    )


@dataclass(frozen=True, slots=True)
class Line:
    line: int
    description: str
    quantity: str | None
    unit: str | None
    unit_price: str | None
    net: int
    vat_rate: str | None
    vat: int
    total: int


async def lines_of(document: Document) -> list[Line]:
    """The lines of a document that was found for a viewer, in their order."""
    return await rows(
        Line,
        "SELECT line, description, quantity, unit, unit_price, net, vat_rate, vat, total FROM invoice_line "
        "WHERE invoice_id = :id ORDER BY line",
        id=document.id,
    )


@dataclass(frozen=True, slots=True)
class Original:
    """What a correction corrects: the document as it was issued, and its corrections before this one."""

    number: str
    issued_on: date
    net: int
    vat: int
    total: int
    earlier_net: int
    earlier_vat: int
    earlier_total: int


async def original_of(document: Document) -> Original | None:
    """The document that a correction (found for a viewer) corrects; None for any other document."""
    if document.corrects is None:
        return None
    summed = "CAST(coalesce(sum(x.{0}), 0) AS BIGINT) AS earlier_{0}"
    sums = ", ".join(summed.format(each) for each in ("net", "vat", "total"))
    return await row(
        Original,
        f"""SELECT o.number, o.issued_on, o.net, o.vat, o.total, {sums}
FROM invoice i JOIN invoice o ON o.id = i.corrects_id LEFT JOIN invoice x ON x.corrects_id = o.id
  AND (x.issued_on < i.issued_on OR (x.issued_on = i.issued_on AND x.number < i.number))
WHERE i.id = :id GROUP BY o.number, o.issued_on, o.net, o.vat, o.total""",
        id=document.id,
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What belongs to a document: ``part`` is "applied" (it lowered the open sum) or "correction"."""

    part: str
    on: date
    amount: int
    payment: str | None
    method: str | None
    reference: str | None
    correction: str | None
    direct: bool


async def beside(document: Document) -> list[Beside]:
    """What was applied to a document and what corrects it; one query."""
    return await rows(
        Beside,
        "SELECT 'applied' AS part, al.allocated_on AS \"on\", al.amount, y.number AS payment, y.method, y.reference, "
        "x.number AS correction, al.direct FROM allocation al LEFT JOIN payment y ON y.id = al.payment_id "
        "LEFT JOIN invoice x ON x.id = al.correction_id WHERE al.invoice_id = :id "
        "UNION ALL SELECT 'correction', x.issued_on, x.total, NULL, NULL, NULL, x.number, NULL FROM invoice x "
        "WHERE x.corrects_id = :id ORDER BY 1, 2",
        id=document.id,
    )


@dataclass(frozen=True, slots=True)
class Unpaid:
    number: str
    kind: str
    contract: str | None
    due_on: date | None
    state: str | None
    open: int
    total: int
    answered: bool


async def unpaid_and_asked(viewer: Viewer, today: date, contract_id: int | None, most: int = 50) -> list[Unpaid]:
    """Documents with something open, earliest due first, and payment notices no invoice has answered yet."""
    within = visible_to(viewer)
    return await rows(
        Unpaid,
        f"""SELECT i.number, i.kind, c.number AS contract, i.due_on, {STATE_SQL} AS state, i.open, i.total,
  i.answered_by_id IS NOT NULL AS answered
FROM invoice i LEFT JOIN contract c ON c.id = i.contract_id
WHERE {within.sql} AND (:contract_id = 0 OR i.contract_id = :contract_id)
  AND (i.open > 0 OR (i.kind = 'payment_notice' AND i.answered_by_id IS NULL AND i.due_on >= :since))
ORDER BY i.due_on, i.number LIMIT {int(most)}""",
        today=today,
        since=today.replace(day=1),
        contract_id=contract_id or 0,
        **within.values,
    )
