"""Reading payments: what a viewer may see, with reach decided in the query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from billing.invoices.forms import searched_amount
from billing.payments.forms import Filters
from billing.payments.models import visible_to
from components.data.database import rows
from users.permissions.viewer import Viewer

PAGE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """``n`` and ``sum`` are those of all payments that fit, on whatever page; ``methods`` the account's own."""

    number: str
    paid_at: datetime
    paid_on: date
    amount: int
    method: str | None
    payer: str | None
    reference: str | None
    document: str | None
    document_contract_id: int | None
    document_issued_on: date | None
    n: int
    sum: int


@dataclass(frozen=True, slots=True)
class Found:
    payments: Sequence[Listed]
    next: str


async def list_payments(viewer: Viewer, filters: Filters, page: int = PAGE) -> Found:
    """One query, newest first, by the operator's days."""
    within = visible_to(viewer)
    conditions, values = [within.sql], {**within.values, "page": page + 1}
    if filters.period:
        conditions.append("y.paid_on >= :first AND y.paid_on < :end")
        values |= {"first": filters.period.start, "end": filters.period.end}
    if filters.method:
        conditions.append("y.method = :method")
        values["method"] = filters.method
    if filters.contract:
        conditions.append("c.number = :contract")
        values["contract"] = filters.contract
    if filters.search:
        conditions.append(_searched(filters.search, values))
    after = ""
    if filters.after:
        after = f"WHERE {_after(filters.after, values)}"
    found = await rows(
        Listed,
        f"""
SELECT * FROM (
  SELECT y.number, y.paid_at, y.paid_on, y.amount, y.method, y.payer, y.reference, i.number AS document,
    i.contract_id AS document_contract_id, i.issued_on AS document_issued_on,
    count(*) OVER () AS n, CAST(sum(y.amount) OVER () AS BIGINT) AS sum
  FROM payment y LEFT JOIN invoice i ON i.id = y.invoice_id LEFT JOIN contract c ON c.id = i.contract_id
  WHERE {" AND ".join(conditions)}) AS seen
{after} ORDER BY paid_at DESC, number DESC LIMIT :page""",
        **values,
    )
    shown = found[:page]
    last = shown[-1] if shown else None
    more = f"{last.paid_at.isoformat()}|{last.number}" if last and len(found) > page else ""
    return Found(shown, more)


def _searched(text: str, values: dict[str, object]) -> str:
    escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    values |= {"like": f"%{escaped}%", "upper": f"%{escaped.upper()}%"}
    columns = ("y.number", "y.reference", "y.payer", "i.number")
    parts = [f"{column} LIKE :{way} ESCAPE '!'" for column in columns for way in ("like", "upper")]
    amount = searched_amount(text)
    if amount is not None:
        values["sought"] = amount
        parts.append("y.amount = :sought")
    return "(" + " OR ".join(parts) + ")"


def _after(after: tuple[str, str], values: dict[str, object]) -> str:
    try:
        moment = datetime.fromisoformat(after[0])
        if moment.tzinfo is None:
            return "1 = 0"
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return "1 = 0"
    values |= {"after": moment, "after_number": after[1]}
    return "(paid_at < :after OR (paid_at = :after AND number < :after_number))"
