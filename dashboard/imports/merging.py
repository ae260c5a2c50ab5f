"""Merging: new and changed rows, what they post and what follows from it.

All is worked out ahead, in TEMP tables; the one transaction that writes it is short, as nobody else can write
meanwhile on SQLite.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from billing.allocation.storing import refresh_accounts, take_standings, work_out_accounts, write_accounts
from billing.ledger.posting import Postings
from components.data.bulk import Bulk
from components.data.coming import as_will_stand, coming
from dashboard.imports.coming import Changes, changed_columns, prepare_rows, write_rows
from dashboard.imports.pdfs import keep_pdfs
from dashboard.imports.report import STORED, Posted
from dashboard.imports.staging import Present
from dashboard.usage.rollups import refresh_rollups

ACTOR = "kabinet import"
ACCOUNT, INVOICE, PAYMENT = coming("account"), coming("invoice"), coming("payment")
_POSTED = "(SELECT COUNT(*) FROM ledger_transaction t WHERE t.account_id = a.id)"


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge needs to know besides the staged rows. First ``prepare``, then ``write`` in a transaction."""

    bulk: Bulk
    present: Present
    zone: ZoneInfo
    today: date
    at: datetime
    changes: Changes = field(default_factory=dict)

    async def prepare(self) -> Posted:
        """Works everything out that the transaction would only keep others waiting for; says what it will post."""
        bulk, postings = self.bulk, Postings(self.bulk)
        await prepare_rows(bulk, self.present)
        await self._list_accounts()
        await postings.stage()
        await postings.openings("opened_account", INVOICE, PAYMENT, self.today)
        await postings.documents(INVOICE)
        await postings.payments(PAYMENT)
        posted, undone = await postings.number()
        await work_out_accounts(bulk, "affected_account", as_will_stand)
        await take_standings(bulk, INVOICE)
        self.changes.update(await changed_columns(bulk))
        return Posted(
            postings=posted,
            reversals=undone,
            documents_anew=await bulk.number(f"SELECT COUNT(*) FROM {INVOICE} WHERE fresh = 0"),
            payments_anew=await bulk.number(f"SELECT COUNT(*) FROM {PAYMENT} WHERE fresh = 0"),
            anew=await self._reposted(),
        )

    async def write(self) -> None:
        """Merges, inside the caller's transaction."""
        await self._list_disturbed()
        await write_rows(self.bulk, self.changes)
        await keep_pdfs(self.bulk, self.at)
        await Postings(self.bulk).write(self.at)
        await write_accounts(self.bulk, self.at)
        await refresh_accounts(self.bulk, "disturbed_account", self.at)
        await self._merge_usage()
        await self._journal()

    async def _list_accounts(self) -> None:
        """The accounts that are new, and all on which something stands or stood that is new or changed."""
        for table, sql in (
            ("opened_account", f"SELECT * FROM {ACCOUNT} WHERE fresh = 1"),
            (
                "affected_account",
                f"SELECT id FROM {ACCOUNT} WHERE fresh = 1 UNION "
                f"SELECT account_id FROM {INVOICE} UNION SELECT account_id FROM {PAYMENT} UNION "
                f"SELECT i.account_id FROM {INVOICE} c JOIN invoice i ON i.id = c.id UNION "
                f"SELECT p.account_id FROM {PAYMENT} c JOIN payment p ON p.id = c.id",
            ),
            ("prepared_with", f"SELECT id, {_POSTED} AS postings FROM affected_account a"),
        ):
            await self.bulk.execute(f"CREATE TEMP TABLE {table} AS {sql}")
            await self.bulk.execute(f"CREATE INDEX {table}_id ON {table} (id)")
            await self.bulk.analyze(table)

    async def _list_disturbed(self) -> None:
        """Accounts to which others posted since they were worked out: they are worked out once more, in here.

        The ledger only grows, so the number of postings tells.
        """
        await self.bulk.execute(
            f"CREATE TEMP TABLE disturbed_account AS SELECT id FROM prepared_with a WHERE a.postings <> {_POSTED}"
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
            f"SELECT number FROM {INVOICE} WHERE fresh = 0 UNION ALL SELECT number FROM {PAYMENT} WHERE fresh = 0"
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
