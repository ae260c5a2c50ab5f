"""Reading the ledger: it belongs to the account and is shown whole to who may see the balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from components.data.database import rows
from users.permissions.permission import Permission
from users.permissions.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Entry:
    """A posting to the customer's book, with what it came from."""

    kind: str
    occurred_on: date
    amount: int
    reversal: bool
    document: str | None
    document_contract_id: int | None
    contract: str | None
    period_start: date | None
    payment: str | None
    method: str | None
    reference: str | None
    paid_document: str | None
    paid_contract_id: int | None
    paid_issued_on: date | None


async def last_entries(viewer: Viewer, most: int = 12) -> list[Entry]:
    """The newest first; empty for who may not see the balance."""
    if not viewer.may(Permission.BALANCE_VIEW):
        return []
    return await rows(
        Entry,
        """
SELECT t.kind, t.occurred_on, e.amount, t.reverses_id IS NOT NULL AS reversal, i.number AS document,
  i.contract_id AS document_contract_id, c.number AS contract, i.period_start, y.number AS payment, y.method,
  y.reference, p.number AS paid_document, p.contract_id AS paid_contract_id,
  p.issued_on AS paid_issued_on
FROM ledger_transaction t JOIN ledger_entry e ON e.transaction_id = t.id AND e.book = 'customer'
LEFT JOIN invoice i ON i.id = t.invoice_id LEFT JOIN contract c ON c.id = i.contract_id
LEFT JOIN payment y ON y.id = t.payment_id LEFT JOIN invoice p ON p.id = y.invoice_id
WHERE t.account_id = :account_id ORDER BY t.occurred_on DESC, t.id DESC LIMIT :most""",
        account_id=viewer.account_id,
        most=most,
    )
