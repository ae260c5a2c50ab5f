"""Posting to the ledger, for whole sets of documents, payments and accounts at a time.

Each function takes the name of a (TEMP) table whose column ``id`` lists the rows to post, and runs inside
the caller's transaction. Nothing here changes or deletes a ledger row: what was posted is reversed by entries
that undo it and posted again under the source's next revision. Each transaction's entries sum to zero.
"""

from __future__ import annotations

from datetime import date, datetime

from components.data.bulk import Bulk

TRANSACTION = (
    "INSERT INTO ledger_transaction"
    " (account_id, source_key, kind, reverses_id, invoice_id, payment_id, occurred_on, recorded_at)"
)
ENTRY = "INSERT INTO ledger_entry (transaction_id, account_id, book, amount)"
DOCUMENT_KEY = "'invoice:' || i.number || ':' || CAST(i.revision AS TEXT)"
PAYMENT_KEY = "'payment:' || p.number || ':' || CAST(p.revision AS TEXT)"


async def post_documents(bulk: Bulk, documents: str, at: datetime) -> tuple[int, int]:
    """Posts the documents as they stand now, having reversed what they posted before; how many of each.

    Payment notices ask for money and owe none: they never post. Nor does a document of nothing.
    """
    reversals = await _reverse(bulk, documents, "invoice_id", at)
    postings = await bulk.execute(
        f"{TRANSACTION} SELECT i.account_id, {DOCUMENT_KEY}, i.kind, NULL, i.id, NULL, i.issued_on, :at "
        f"FROM {documents} d JOIN invoice i ON i.id = d.id "
        "WHERE i.kind <> 'payment_notice' AND (i.net <> 0 OR i.vat <> 0) ORDER BY i.issued_on, i.number",
        at=at,
    )
    posted = f"FROM {documents} d JOIN invoice i ON i.id = d.id JOIN ledger_transaction t ON t.source_key = "
    for book, amount in (("customer", "-i.total"), ("revenue", "i.net"), ("vat", "i.vat")):
        await bulk.execute(
            f"{ENTRY} SELECT t.id, t.account_id, '{book}', {amount} {posted} {DOCUMENT_KEY} "
            f"WHERE {amount} <> 0 ORDER BY t.id"
        )
    return postings, reversals


async def post_payments(bulk: Bulk, payments: str, at: datetime) -> tuple[int, int]:
    """Posts the payments as they stand now, having reversed what they posted before; how many of each."""
    reversals = await _reverse(bulk, payments, "payment_id", at)
    postings = await bulk.execute(
        f"{TRANSACTION} SELECT p.account_id, {PAYMENT_KEY}, 'payment', NULL, NULL, p.id, p.paid_on, :at "
        f"FROM {payments} d JOIN payment p ON p.id = d.id WHERE p.amount <> 0 ORDER BY p.paid_at, p.number",
        at=at,
    )
    posted = f"FROM {payments} d JOIN payment p ON p.id = d.id JOIN ledger_transaction t ON t.source_key = "
    for book, amount in (("customer", "p.amount"), ("cash", "-p.amount")):
        await bulk.execute(
            f"{ENTRY} SELECT t.id, t.account_id, '{book}', {amount} {posted} {PAYMENT_KEY} ORDER BY t.id"
        )
    return postings, reversals


async def post_openings(bulk: Bulk, accounts: str, today: date, at: datetime) -> int:
    """Posts the opening balances of accounts seen for the first time, and says how many; one of nothing posts nothing.

    An opening balance stands before all else: on the day the account was opened, or on that of its first
    document or payment where that is earlier.
    """
    postings = await bulk.execute(
        f"{TRANSACTION} SELECT a.id, 'opening:' || a.number, 'opening', NULL, NULL, NULL, COALESCE("
        "(SELECT MIN(days.day) FROM (SELECT a.opened_on AS day"
        " UNION ALL SELECT MIN(i.issued_on) FROM invoice i WHERE i.account_id = a.id"
        " UNION ALL SELECT MIN(p.paid_on) FROM payment p WHERE p.account_id = a.id) days), :today), :at "
        f"FROM {accounts} d JOIN account a ON a.id = d.id WHERE a.opening_balance <> 0 ORDER BY a.number",
        today=today,
        at=at,
    )
    posted = (
        f"FROM {accounts} d JOIN account a ON a.id = d.id "
        "JOIN ledger_transaction t ON t.source_key = 'opening:' || a.number"
    )
    for book, amount in (("customer", "a.opening_balance"), ("opening", "-a.opening_balance")):
        await bulk.execute(f"{ENTRY} SELECT t.id, t.account_id, '{book}', {amount} {posted} ORDER BY t.id")
    return postings


async def _reverse(bulk: Bulk, sources: str, reference: str, at: datetime) -> int:
    """Undoes what the sources posted and what no reversal has undone yet, on the days on which it stood."""
    reversals = await bulk.execute(
        f"{TRANSACTION} SELECT t.account_id, t.source_key || ':' || 'reversed', t.kind, t.id, t.invoice_id,"
        f" t.payment_id, t.occurred_on, :at FROM {sources} d "
        f"JOIN ledger_transaction t ON t.{reference} = d.id "
        "WHERE t.reverses_id IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM ledger_transaction r WHERE r.reverses_id = t.id) ORDER BY t.id",
        at=at,
    )
    await bulk.execute(
        f"{ENTRY} SELECT r.id, e.account_id, e.book, -e.amount FROM {sources} d "
        f"JOIN ledger_transaction r ON r.{reference} = d.id AND r.reverses_id IS NOT NULL "
        "JOIN ledger_entry e ON e.transaction_id = r.reverses_id "
        "WHERE NOT EXISTS (SELECT 1 FROM ledger_entry x WHERE x.transaction_id = r.id) ORDER BY e.id"
    )
    return reversals
