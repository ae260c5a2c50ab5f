"""What must hold of the money, whatever happened: each proof is a SELECT of what breaks it, over all accounts.

Written for both databases and for a million accounts: whole sets, grouped once, no query for each row. The doctor
asks them all; a restore compares the sums.
"""

from __future__ import annotations

from dataclasses import dataclass

# Figures that a backup notes and a restored database must come to.
SUMS = {
    **{
        f"the ledger's book {book}": f"SELECT coalesce(sum(amount), 0) FROM ledger_entry WHERE book = '{book}'"
        for book in ("customer", "revenue", "vat", "cash", "opening")
    },
    "the sum of balances": "SELECT coalesce(sum(balance), 0) FROM account_position",
    "the sum of what is due": "SELECT coalesce(sum(due), 0) FROM account_position",
    "the sum of open documents": "SELECT coalesce(sum(open), 0) FROM invoice",
    "the sum of documents": "SELECT coalesce(sum(total), 0) FROM invoice",
    "the sum of payments": "SELECT coalesce(sum(amount), 0) FROM payment",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """``broken`` selects one column, the name of each thing that breaks it; ``claim`` says what should hold."""

    name: str
    claim: str
    broken: str


PROOFS = (
    Proof(
        "postings",
        "every posting sums to zero",
        "SELECT t.source_key FROM ledger_transaction t LEFT JOIN"
        " (SELECT transaction_id, sum(amount) AS amount FROM ledger_entry GROUP BY transaction_id) e"
        " ON e.transaction_id = t.id WHERE e.amount IS NULL OR e.amount <> 0",
    ),
    Proof(
        "balances",
        "every balance equals its entries",
        "SELECT a.number FROM account a LEFT JOIN account_position p ON p.account_id = a.id LEFT JOIN"
        " (SELECT account_id, sum(amount) AS amount FROM ledger_entry WHERE book = 'customer' GROUP BY account_id) e"
        " ON e.account_id = a.id WHERE coalesce(p.balance, 0) <> coalesce(e.amount, 0)",
    ),
    Proof(
        "documents",
        "every document equals its lines",
        "SELECT i.number FROM invoice i LEFT JOIN"
        " (SELECT invoice_id, sum(net) AS net, sum(vat) AS vat, sum(total) AS total FROM invoice_line"
        " GROUP BY invoice_id) l ON l.invoice_id = i.id"
        " WHERE i.total <> i.net + i.vat OR l.total IS NULL OR l.net <> i.net OR l.vat <> i.vat OR l.total <> i.total",
    ),
    Proof(
        "posted documents",
        "every document is posted as it stands",
        "SELECT i.number FROM invoice i LEFT JOIN"
        " (SELECT t.invoice_id, sum(e.amount) AS amount FROM ledger_transaction t JOIN ledger_entry e"
        " ON e.transaction_id = t.id AND e.book = 'customer' WHERE t.invoice_id IS NOT NULL GROUP BY t.invoice_id) e"
        " ON e.invoice_id = i.id"
        " WHERE coalesce(e.amount, 0) <> CASE WHEN i.kind = 'payment_notice' THEN 0 ELSE -i.total END",
    ),
    Proof(
        "posted payments",
        "every payment is posted as it stands",
        "SELECT y.number FROM payment y LEFT JOIN"
        " (SELECT t.payment_id, sum(e.amount) AS amount FROM ledger_transaction t JOIN ledger_entry e"
        " ON e.transaction_id = t.id AND e.book = 'customer' WHERE t.payment_id IS NOT NULL GROUP BY t.payment_id) e"
        " ON e.payment_id = y.id WHERE coalesce(e.amount, 0) <> y.amount",
    ),
    Proof(
        "what is paid",
        "what is open on every document is its total less what was set off against it",
        "SELECT i.number FROM invoice i LEFT JOIN"
        " (SELECT invoice_id, sum(amount) AS amount FROM allocation GROUP BY invoice_id) s ON s.invoice_id = i.id"
        " WHERE i.open <> CASE WHEN i.kind = 'payment_notice' OR i.total <= 0 THEN 0"
        " ELSE i.total - coalesce(s.amount, 0) END",
    ),
    Proof(
        "debts",
        "what is open and what is brought forward add up to the debt",
        "SELECT a.number FROM account a LEFT JOIN account_position p ON p.account_id = a.id LEFT JOIN"
        " (SELECT account_id, sum(open) AS open FROM invoice WHERE open <> 0 GROUP BY account_id) i"
        " ON i.account_id = a.id WHERE coalesce(p.due, 0) <> coalesce(p.brought_forward, 0) + coalesce(i.open, 0)"
        " OR coalesce(p.due, 0) <> CASE WHEN p.balance < 0 THEN -p.balance ELSE 0 END",
    ),
)
