"""Merging: new and changed rows, what they post and what follows from it, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from billing.allocation.storing import refresh_accounts
from billing.ledger.posting import post_documents, post_openings, post_payments
from components.data.bulk import Bulk
from dashboard.imports.layout import (
    ACCOUNTS,
    CONTRACTS,
    CUSTOMERS,
    INVOICE_LINES,
    INVOICES,
    PAYMENTS,
    PRODUCTS,
    SERVICES,
    Column,
    File,
)
from dashboard.imports.pdfs import keep_pdfs
from dashboard.imports.report import STORED, Posted
from dashboard.imports.staging import Present
from dashboard.usage.rollups import refresh_rollups

ACTOR = "kabinet import"


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge needs to know besides the staged rows."""

    bulk: Bulk
    present: Present
    zone: ZoneInfo
    today: date
    at: datetime

    async def everything(self) -> Posted:
        """Merges; returns what was posted."""
        await self._list_reposted()
        for file in (CUSTOMERS, ACCOUNTS, CONTRACTS, SERVICES, PRODUCTS, INVOICES):
            await self._update(file)
            await self._insert(file)
        for file in (INVOICE_LINES, PAYMENTS):
            await self._update(file)
            await self._insert(file)
        await keep_pdfs(self.bulk, self.at)
        posted = await self._post()
        await self._merge_usage()
        await self._journal()
        return posted

    async def _list_reposted(self) -> None:
        """Known documents and payments that came otherwise, and the accounts on which they stand."""
        await self.bulk.execute(
            "CREATE TEMP TABLE reposted_document AS "
            "SELECT s.known AS id FROM stage_invoices s WHERE s.state = 'changed' UNION "
            "SELECT i.id FROM stage_invoice_lines l JOIN invoice i ON i.number = l.invoice_number "
            "WHERE l.state IN ('new', 'changed')"
        )
        await self.bulk.execute(
            "CREATE TEMP TABLE reposted_payment AS SELECT known AS id FROM stage_payments WHERE state = 'changed'"
        )
        await self.bulk.execute(
            "CREATE TEMP TABLE affected_before AS "
            "SELECT i.account_id AS id FROM reposted_document d JOIN invoice i ON i.id = d.id UNION "
            "SELECT p.account_id FROM reposted_payment d JOIN payment p ON p.id = d.id"
        )
        for table in ("invoice", "payment"):
            source = "reposted_document" if table == "invoice" else "reposted_payment"
            await self.bulk.execute(f"UPDATE {table} SET revision = revision + 1 WHERE id IN (SELECT id FROM {source})")

    async def _insert(self, file: File) -> None:
        columns = [each for each in file.columns if not each.late]
        names = [f'"{each.target}"' for each in columns]
        values = [_staged_value(each) for each in columns]
        for derived in file.derived:
            names.append(f'"{derived.name}"')
            values.append(f's."{derived.name}"')
        await self.bulk.execute(
            f"INSERT INTO {file.table} ({', '.join(names)}) SELECT {', '.join(values)} "
            f"FROM {file.stage} s WHERE s.state = 'new' ORDER BY s.line_no"
        )
        for each in file.columns:
            if each.late:
                await self.bulk.execute(
                    f'UPDATE {file.table} SET "{each.target}" = {_staged_value(each)} FROM {file.stage} s '
                    f"WHERE s.state IN ('new', 'changed') AND {file.table}.number = s.\"{file.key[0]}\" "
                    f'AND s."{each.name}" IS NOT NULL'
                )

    async def _update(self, file: File) -> None:
        """Changes what the file says; an account's opening balance stays as it was first seen."""
        there = self.present.get(file.name, frozenset())
        assigned = [
            f'"{each.target}" = ' + ("NULL" if each.late else _staged_value(each))
            for each in file.columns
            if each.name in there and each.name not in file.key and each.name != "opening_balance"
        ]
        assigned += [f'"{each.name}" = s."{each.name}"' for each in file.derived]
        if there:
            await self.bulk.execute(
                f"UPDATE {file.table} SET {', '.join(assigned)} FROM {file.stage} s "
                f"WHERE s.state = 'changed' AND {file.table}.id = s.known"
            )

    async def _post(self) -> Posted:
        bulk = self.bulk
        for table, sql in (
            (
                "posted_document",
                "SELECT i.id FROM stage_invoices s JOIN invoice i ON i.number = s.invoice_number"
                " WHERE s.state = 'new' UNION SELECT id FROM reposted_document",
            ),
            (
                "posted_payment",
                "SELECT p.id FROM stage_payments s JOIN payment p ON p.number = s.payment_id"
                " WHERE s.state = 'new' UNION SELECT id FROM reposted_payment",
            ),
            (
                "opened_account",
                "SELECT a.id FROM stage_accounts s JOIN account a ON a.number = s.account_number WHERE s.state = 'new'",
            ),
            (
                "affected_account",
                "SELECT i.account_id AS id FROM posted_document d JOIN invoice i ON i.id = d.id"
                " UNION SELECT p.account_id FROM posted_payment d JOIN payment p ON p.id = d.id"
                " UNION SELECT id FROM opened_account UNION SELECT id FROM affected_before",
            ),
        ):
            await bulk.execute(f"CREATE TEMP TABLE {table} AS {sql}")
            await bulk.execute(f"CREATE INDEX {table}_id ON {table} (id)")
            await bulk.analyze(table)
        openings = await post_openings(bulk, "opened_account", self.today, self.at)
        documents, undone = await post_documents(bulk, "posted_document", self.at)
        payments, taken_back = await post_payments(bulk, "posted_payment", self.at)
        await refresh_accounts(bulk, "affected_account", self.at)
        return Posted(
            postings=openings + documents + payments,
            reversals=undone + taken_back,
            documents_anew=await bulk.number("SELECT COUNT(*) FROM reposted_document"),
            payments_anew=await bulk.number("SELECT COUNT(*) FROM reposted_payment"),
            anew=await self._reposted(),
        )

    async def _merge_usage(self) -> None:
        bulk = self.bulk
        await bulk.execute(
            "CREATE TEMP TABLE usage_merged AS SELECT k.id AS service_id, c.started_at "
            "FROM usage_change c JOIN service k ON k.number = c.number"
        )
        await bulk.analyze("usage_merged")
        await bulk.execute(
            "INSERT INTO usage_interval (service_id, started_at, seconds, incoming, outgoing) "
            "SELECT k.id, c.started_at, c.seconds, c.incoming, c.outgoing "
            "FROM usage_change c JOIN service k ON k.number = c.number ORDER BY k.id, c.started_at "
            "ON CONFLICT (service_id, started_at) DO UPDATE SET seconds = excluded.seconds,"
            " incoming = excluded.incoming, outgoing = excluded.outgoing"
        )
        await refresh_rollups(bulk, "usage_merged", self.zone)

    async def _journal(self) -> None:
        before, after = self.bulk.json("j.before"), self.bulk.json("j.after")
        await self.bulk.execute(
            'INSERT INTO journal (at, account_id, actor, act, target, "before", "after") '
            f"SELECT :at, a.id, '{ACTOR}', j.act, j.target, {before}, {after} "
            "FROM stage_journal j LEFT JOIN account a ON a.number = j.account",
            at=self.at,
        )

    async def _reposted(self) -> list[str]:
        found = await self.bulk.fetch(
            "SELECT i.number FROM reposted_document d JOIN invoice i ON i.id = d.id"
            " UNION ALL SELECT p.number FROM reposted_payment d JOIN payment p ON p.id = d.id"
            f" ORDER BY 1 LIMIT {STORED}"
        )
        return [str(row[0]) for row in found]


async def note_run(bulk: Bulk, run: dict[str, Any]) -> None:
    """The row of ``import_run``: when, from where, what it did."""
    await bulk.execute(
        "INSERT INTO import_run (started_at, finished_at, folder, counts, changed) "
        f"SELECT :started_at, :finished_at, :folder, {bulk.json(':counts')}, {int(run['changed'])} = 1",
        **{name: value for name, value in run.items() if name != "changed"},
    )


def _staged_value(column: Column) -> str:
    if column.refers:
        return f'(SELECT r.id FROM {column.refers} r WHERE r.number = s."{column.name}")'
    return f's."{column.name}"'
