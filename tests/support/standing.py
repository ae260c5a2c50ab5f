"""How a cabinet stands, by the names that people know: what two ways of getting there must agree on."""

from __future__ import annotations

from typing import Any

from components.data.bulk import open_bulk
from dashboard.schema import config

# Numbers and names in place of row ids; no times of recording. The ledger as its sums and what stands unreversed.
_STANDING = {
    "customers": "SELECT number, kind, name, tax_id, email, phone, city FROM customer",
    "accounts": "SELECT a.number, c.number, a.currency, a.opened_on, a.closed_on, a.opening_balance"
    " FROM account a JOIN customer c ON c.id = a.customer_id",
    "contracts": "SELECT c.number, a.number, c.product, c.status, c.ends_on"
    " FROM contract c JOIN account a ON a.id = c.account_id",
    "services": "SELECT s.number, c.number, s.name, s.unit, s.status, s.monthly_fee, s.quota, d.number FROM service s"
    " JOIN contract c ON c.id = s.contract_id LEFT JOIN service d ON d.id = s.depends_on_id",
    "products": 'SELECT product_code, option_group, "option", monthly_fee, setup_fee FROM product_option',
    "documents": "SELECT i.number, a.number, c.number, i.kind, i.issued_on, i.due_on, i.net, i.vat, i.total, i.open,"
    " i.corrected, o.number, n.number FROM invoice i JOIN account a ON a.id = i.account_id LEFT JOIN contract c"
    " ON c.id = i.contract_id LEFT JOIN invoice o ON o.id = i.corrects_id"
    " LEFT JOIN invoice n ON n.id = i.answered_by_id",
    "lines": "SELECT i.number, l.line, l.description, l.net, l.vat, l.total"
    " FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id",
    "payments": "SELECT p.number, a.number, p.paid_at, p.paid_on, p.amount, i.number"
    " FROM payment p JOIN account a ON a.id = p.account_id LEFT JOIN invoice i ON i.id = p.invoice_id",
    "positions": "SELECT a.number, p.balance, p.brought_forward, p.due, p.due_on"
    " FROM account_position p JOIN account a ON a.id = p.account_id",
    "books": "SELECT a.number, e.book, SUM(e.amount) FROM ledger_entry e"
    " JOIN account a ON a.id = e.account_id GROUP BY a.number, e.book HAVING SUM(e.amount) <> 0",
    "posted": "SELECT t.kind, a.number, i.number, p.number, e.book, SUM(e.amount) FROM ledger_transaction t"
    " JOIN account a ON a.id = t.account_id JOIN ledger_entry e ON e.transaction_id = t.id"
    " LEFT JOIN invoice i ON i.id = t.invoice_id LEFT JOIN payment p ON p.id = t.payment_id"
    " GROUP BY t.kind, a.number, i.number, p.number, e.book HAVING SUM(e.amount) <> 0",
    "paid": "SELECT i.number, SUM(x.amount) FROM allocation x JOIN invoice i ON i.id = x.invoice_id GROUP BY i.number",
    "intervals": "SELECT s.number, u.started_at, u.seconds, u.incoming, u.outgoing FROM usage_interval u"
    " JOIN service s ON s.id = u.service_id",
} | {
    f"usage by {unit}": f"SELECT s.number, u.* FROM usage_{unit} u JOIN service s ON s.id = u.service_id"
    for unit in ("hour", "day", "month")
}


async def standing(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every part of it, in an order of its own."""
    async with open_bulk(config(url)) as bulk:
        found = {name: await bulk.fetch(sql) for name, sql in _STANDING.items()}
    return {name: sorted((_plain(name, row) for row in rows), key=repr) for name, rows in found.items()}


def _plain(name: str, row: Any) -> tuple[Any, ...]:
    values = [row[0], *row[2:]] if name.startswith("usage by") else list(row)  # without the id of the service
    return tuple(
        str(value) if hasattr(value, "isoformat") else int(value) if hasattr(value, "as_tuple") else value
        for value in values
    )
