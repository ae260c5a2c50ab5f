"""What is known of accounts: their documents, payments and ledger, and what is stored of what pays what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from billing.allocation.allocating import Document, Money, Opening, Standing
from components.data.bulk import Bulk, Record, as_day
from components.data.coming import Parts, as_it_stands


class LedgerDisagrees(RuntimeError):
    """The ledger and its sources tell different balances: a fault of ours, and nothing must be written."""


@dataclass(slots=True)
class Sources:
    """What is known of one account. ``shares`` are the ids of the rows of ``allocation`` by what they say."""

    opening: Opening
    ledger: int = 0
    position: tuple[int, int, int, date | None] | None = None
    documents: list[Document] = field(default_factory=list)
    standings: dict[int, Standing] = field(default_factory=dict)
    payments: list[Money] = field(default_factory=list)
    shares: dict[tuple[Any, ...], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """The accounts between two ids among those listed in the table ``accounts``, read where ``parts`` says."""

    bulk: Bulk
    parts: Parts
    accounts: str
    first: int
    last: int

    async def load(self) -> dict[int, Sources]:
        """The sources of each account."""
        sources: dict[int, Sources] = {}
        async for account, opening in self._rows("account", "x.id, x.opening_balance", by="id"):
            sources[account] = Sources(Opening(opening, date.min))
        await self._load_ledger(sources)
        async for row in self._rows(
            "invoice",
            "x.account_id, x.id, x.number, x.kind, x.issued_on, x.total, x.due_on, x.contract_id,"
            " x.period_start, x.period_end, x.corrects_id, x.open, x.corrected, x.paid_on, x.answered_by_id",
        ):
            _add_document(sources[row[0]], row)
        async for account, key, number, paid_on, amount, document in self._rows(
            "payment", "x.account_id, x.id, x.number, x.paid_on, x.amount, x.invoice_id"
        ):
            sources[account].payments.append(Money(key, number, _day(paid_on), amount, document))
        await self._load_stored(sources)
        return sources

    async def _load_ledger(self, sources: dict[int, Sources]) -> None:
        async for account, day in self._rows(
            "ledger_transaction", "x.account_id, x.occurred_on", only="x.kind = 'opening'", grows=True
        ):
            sources[account].opening = Opening(sources[account].opening.amount, _day(day))
        async for account, amount in self._rows(
            "ledger_entry", "x.account_id, SUM(x.amount)", only="x.book = 'customer' GROUP BY x.account_id", grows=True
        ):
            sources[account].ledger += int(amount)

    async def _load_stored(self, sources: dict[int, Sources]) -> None:
        async for account, balance, brought_forward, due, due_on in self._rows(
            "account_position", "x.account_id, x.balance, x.brought_forward, x.due, x.due_on", stored=True
        ):
            sources[account].position = (balance, brought_forward, due, as_day(due_on))
        async for account, key, document, payment, correction, amount, on, direct in self._rows(
            "allocation",
            "x.account_id, x.id, x.invoice_id, x.payment_id, x.correction_id, x.amount, x.allocated_on, x.direct",
            stored=True,
        ):
            sources[account].shares[document, payment, correction, amount, _day(on), bool(direct)] = key

    async def _rows(
        self,
        table: str,
        columns: str,
        *,
        by: str = "account_id",
        only: str = "1 = 1",
        grows: bool = False,
        stored: bool = False,
    ) -> AsyncIterator[Record]:
        """Columns of the batch's rows. Where a table only ``grows``, no row of it is replaced; of what is ``stored``
        there is nothing but the table itself. CROSS JOIN: SQLite goes by the accounts, however few among how many."""
        for source, condition in as_it_stands(table) if stored else self.parts(table):
            kept = "1 = 1" if grows else condition
            async for row in self.bulk.stream(
                f"SELECT {columns} FROM {self.accounts} b CROSS JOIN {source} x "
                f"WHERE b.id BETWEEN :first AND :last AND x.{by} = b.id AND {kept} AND {only}",
                first=self.first,
                last=self.last,
            ):
                yield row


def _add_document(sources: Sources, row: Record) -> None:
    start, end = as_day(row[8]), as_day(row[9])
    sources.documents.append(
        Document(
            id=row[1],
            number=row[2],
            kind=row[3],
            issued_on=_day(row[4]),
            total=row[5],
            due_on=as_day(row[6]),
            contract=row[7],
            period=(start, end) if start and end else None,
            corrects=row[10],
        )
    )
    sources.standings[row[1]] = Standing(row[11], row[12], as_day(row[13]), row[14])


def _day(value: Any) -> date:
    day = as_day(value)
    if day is None:
        raise LedgerDisagrees("a document or payment without its day")
    return day
