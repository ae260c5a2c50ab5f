"""Posting to the ledger, for whole sets of documents, payments and accounts at a time.

Postings are worked out ahead, which may take its time, and written by ``write`` in the caller's transaction, which
holds SQLite's one write lock. Nothing here changes or deletes a ledger row: what was posted is reversed by entries
that undo it and posted again under the source's next revision. Each transaction's entries sum to zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from components.data.bulk import Bulk, Columns
from components.data.coming import coming

TRANSACTIONS, ENTRIES = coming("ledger_transaction"), coming("ledger_entry")
BOOKS = ("customer", "revenue", "vat", "cash", "opening")
COLUMNS: Columns = {
    "account_id": "whole",
    "source_key": "text",
    "kind": "text",
    "reverses_id": "whole",
    "invoice_id": "whole",
    "payment_id": "whole",
    "occurred_on": "day",
}
# A posting before it has its id: its place among those of its account, and its entries but for a reversal's.
DRAFTS: Columns = {
    **COLUMNS,
    "step": "whole",
    "moment": "moment",
    "number": "text",
    **dict.fromkeys(BOOKS, "whole"),
}
ORDER = "account_id, step, occurred_on, moment, number, reverses_id"
OPENINGS, UNDOING_DOCUMENTS, DOCUMENTS, UNDOING_PAYMENTS, PAYMENTS = range(5)  # the steps, in the ledger's order


@dataclass(frozen=True, slots=True)
class Postings:
    """Postings to be written together. Begin with ``stage``, then say what to post, then ``number``, then ``write``.

    Each of the three takes the name of a table with the sources to post, whole as they will stand: those of what
    is about to be written (``components.data.coming``), or the tables themselves.
    """

    bulk: Bulk

    async def stage(self) -> None:
        await self.bulk.stage("posting_draft", DRAFTS)

    async def openings(self, accounts: str, invoices: str, payments: str, today: date) -> None:
        """The opening balances of accounts seen for the first time, with the tables of their documents and payments.

        One of nothing posts nothing. An opening balance stands before all else: on the day the account was opened,
        or on that of its first document or payment where that is earlier.
        """
        await self.bulk.execute(
            "INSERT INTO posting_draft (account_id, source_key, kind, occurred_on, step, customer, opening) "
            "SELECT a.id, 'opening:' || a.number, 'opening',"
            f" COALESCE(MIN(days.day), :today), {OPENINGS}, a.opening_balance, -a.opening_balance "
            f"FROM {accounts} a JOIN (SELECT id AS account_id, opened_on AS day FROM {accounts}"
            f" UNION ALL SELECT account_id, issued_on FROM {invoices}"
            f" UNION ALL SELECT account_id, paid_on FROM {payments}) days ON days.account_id = a.id "
            "WHERE a.opening_balance <> 0 GROUP BY a.id, a.number, a.opening_balance",
            today=today,
        )

    async def documents(self, documents: str) -> None:
        """Documents as they will stand, having reversed what they posted before.

        Payment notices ask for money and owe none: they never post. Nor does a document of nothing.
        """
        await self._reverse(documents, "invoice_id", UNDOING_DOCUMENTS)
        await self.bulk.execute(
            "INSERT INTO posting_draft (account_id, source_key, kind, invoice_id, occurred_on, step, number,"
            " customer, revenue, vat) "
            "SELECT i.account_id, 'invoice:' || i.number || ':' || CAST(i.revision AS TEXT), i.kind, i.id,"
            f" i.issued_on, {DOCUMENTS}, i.number, -i.total, i.net, i.vat "
            f"FROM {documents} i WHERE i.kind <> 'payment_notice' AND (i.net <> 0 OR i.vat <> 0)"
        )

    async def payments(self, payments: str) -> None:
        """Payments as they will stand, having reversed what they posted before."""
        await self._reverse(payments, "payment_id", UNDOING_PAYMENTS)
        await self.bulk.execute(
            "INSERT INTO posting_draft (account_id, source_key, kind, payment_id, occurred_on, step, moment,"
            " number, customer, cash) "
            "SELECT p.account_id, 'payment:' || p.number || ':' || CAST(p.revision AS TEXT), 'payment', p.id,"
            f" p.paid_on, {PAYMENTS}, p.paid_at, p.number, p.amount, -p.amount "
            f"FROM {payments} p WHERE p.amount <> 0"
        )

    async def number(self) -> tuple[int, int]:
        """Gives postings and entries their ids; how many post and how many reverse.

        By account, as the ledger's indexes go: written in any other order, they take twice the time.
        """
        bulk = self.bulk
        await bulk.number_rows("ledger_transaction", TRANSACTIONS, "SELECT * FROM posting_draft", ORDER)
        await bulk.execute("DROP TABLE posting_draft")
        books = " UNION ALL ".join(
            f"SELECT id, account_id, '{book}' AS book, {book} AS amount, {place} AS place FROM {TRANSACTIONS}"
            f" WHERE {book} <> 0"
            for place, book in enumerate(BOOKS)
        )
        await bulk.execute(
            f"CREATE TEMP TABLE {ENTRIES} AS "
            f"SELECT x.id AS transaction_id, x.account_id, x.book, x.amount FROM ({books}"
            " UNION ALL SELECT r.id, e.account_id, e.book, -e.amount, e.id"
            f" FROM {TRANSACTIONS} r JOIN ledger_entry e ON e.transaction_id = r.reverses_id) x ORDER BY x.id, x.place"
        )
        for table in (TRANSACTIONS, ENTRIES):
            await bulk.execute(f"CREATE INDEX {table}_account ON {table} (account_id)")
            await bulk.analyze(table)
        counted = await bulk.fetch(f"SELECT COUNT(*), COUNT(reverses_id) FROM {TRANSACTIONS}")
        postings, reversals = counted[0]
        return postings - reversals, reversals

    async def write(self, at: datetime) -> None:
        """Writes what was worked out; in the caller's transaction."""
        names = ", ".join(COLUMNS)
        await self.bulk.execute(
            f"INSERT INTO ledger_transaction (id, {names}, recorded_at) "
            f"SELECT id, {names}, :at FROM {TRANSACTIONS} ORDER BY id",
            at=at,
        )
        await self.bulk.execute(
            "INSERT INTO ledger_entry (transaction_id, account_id, book, amount) "
            f"SELECT transaction_id, account_id, book, amount FROM {ENTRIES} ORDER BY transaction_id"
        )

    async def _reverse(self, sources: str, reference: str, step: int) -> None:
        """Undoes what the sources posted and what no reversal has undone yet, on the days on which it stood."""
        await self.bulk.execute(
            "INSERT INTO posting_draft (account_id, source_key, kind, reverses_id, invoice_id, payment_id,"
            " occurred_on, step) "
            "SELECT t.account_id, t.source_key || ':' || 'reversed', t.kind, t.id, t.invoice_id, t.payment_id,"
            f" t.occurred_on, {step} FROM {sources} d JOIN ledger_transaction t ON t.{reference} = d.id "
            "WHERE t.reverses_id IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM ledger_transaction r WHERE r.reverses_id = t.id)"
        )
