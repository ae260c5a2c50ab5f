"""Keeping the projection of ``billing.allocation`` right, for each account that a posting touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from billing.allocation.allocating import (
    Document,
    Money,
    Opening,
    Outcome,
    Standing,
    allocate,
)
from components.data.bulk import Bulk, Columns, Record, as_day

BATCH = 500  # accounts in memory at a time

STANDINGS: Columns = {
    "id": "whole",
    "open": "whole",
    "corrected": "whole",
    "paid_on": "day",
    "answered_by": "whole",
}
SHARES: Columns = {
    "account_id": "whole",
    "invoice_id": "whole",
    "payment_id": "whole",
    "correction_id": "whole",
    "amount": "whole",
    "allocated_on": "day",
    "direct": "flag",
}
POSITIONS: Columns = {
    "account_id": "whole",
    "balance": "whole",
    "brought_forward": "whole",
    "due": "whole",
    "due_on": "day",
}


class LedgerDisagrees(RuntimeError):
    """The ledger and its sources tell different balances: a fault of ours, and nothing must be written."""


@dataclass(slots=True)
class _Sources:
    """What is known of one account."""

    opening: Opening
    ledger: int
    position: tuple[int, int, int, date | None] | None
    documents: list[Document] = field(default_factory=list)
    standings: dict[int, Standing] = field(default_factory=dict)
    payments: list[Money] = field(default_factory=list)
    shares: dict[tuple[Any, ...], int] = field(default_factory=dict)


async def refresh_accounts(bulk: Bulk, accounts: str, at: datetime) -> None:
    """Works out anew what is paid on the accounts listed in column ``id`` of the table ``accounts``.

    Runs inside the caller's transaction, after posting. Only rows that come out differently are written.
    Raises LedgerDisagrees where the sum of the ledger isn't the balance of the sources.
    """
    await bulk.stage("stage_standing", STANDINGS)
    await bulk.stage("stage_share", SHARES)
    await bulk.stage("stage_share_gone", {"id": "whole"})
    await bulk.stage("stage_position", POSITIONS)
    last = 0
    while True:
        ids = await bulk.fetch(f"SELECT id FROM {accounts} WHERE id > :last ORDER BY id LIMIT {BATCH}", last=last)
        if not ids:
            break
        first, last = ids[0][0], ids[-1][0]
        await _refresh_batch(bulk, accounts, first, last)
    await _write(bulk, at)


async def _refresh_batch(bulk: Bulk, accounts: str, first: int, last: int) -> None:
    sources = await _load(bulk, accounts, first, last)
    standings: list[Record] = []
    shares: list[Record] = []
    gone: list[Record] = []
    positions: list[Record] = []
    for account, each in sources.items():
        outcome = allocate(each.documents, each.payments, each.opening)
        if outcome.balance != each.ledger:
            raise LedgerDisagrees(
                f"account row {account}: ledger {each.ledger}, its documents and payments {outcome.balance}"
            )
        standings += _changed_standings(each, outcome)
        fresh, stale = _changed_shares(account, each, outcome)
        shares += fresh
        gone += stale
        position = (outcome.balance, outcome.brought_forward, outcome.due, outcome.due_on)
        if position != each.position:
            positions.append((account, *position))
    for table, columns, rows in (
        ("stage_standing", STANDINGS, standings),
        ("stage_share", SHARES, shares),
        ("stage_share_gone", {"id": "whole"}, gone),
        ("stage_position", POSITIONS, positions),
    ):
        if rows:
            await bulk.copy(table, columns, rows)  # type: ignore[arg-type]


def _changed_standings(sources: _Sources, outcome: Outcome) -> Iterable[Record]:
    for key, each in outcome.documents.items():
        if each != sources.standings[key]:
            yield key, each.open, each.corrected, each.paid_on, each.answered_by


def _changed_shares(account: int, sources: _Sources, outcome: Outcome) -> tuple[list[Record], list[Record]]:
    """The rows of ``allocation`` to add and the ids of those to take away."""
    merged: dict[tuple[Any, ...], int] = defaultdict(int)
    for each in outcome.shares:
        merged[each.document, each.payment, each.correction, each.on, each.direct] += each.amount
    wanted = {(*key[:3], amount, *key[3:]) for key, amount in merged.items()}
    fresh: list[Record] = [
        (account, *key) for key in sorted(wanted - sources.shares.keys(), key=lambda key: (key[4], key[0]))
    ]
    stale: list[Record] = [(row,) for key, row in sources.shares.items() if key not in wanted]
    return fresh, stale


async def _load(bulk: Bulk, accounts: str, first: int, last: int) -> dict[int, _Sources]:
    of_batch = f"JOIN {accounts} b ON b.id = x.account_id AND b.id BETWEEN :first AND :last"
    bounds = {"first": first, "last": last}
    sources = await _load_accounts(bulk, accounts, bounds)
    async for row in bulk.stream(
        "SELECT x.account_id, x.id, x.number, x.kind, x.issued_on, x.total, x.due_on, x.contract_id,"
        " x.period_start, x.period_end, x.corrects_id, x.open, x.corrected, x.paid_on, x.answered_by_id "
        f"FROM invoice x {of_batch}",
        **bounds,
    ):
        _add_document(sources[row[0]], row)
    async for account, key, number, paid_on, amount, document in bulk.stream(
        f"SELECT x.account_id, x.id, x.number, x.paid_on, x.amount, x.invoice_id FROM payment x {of_batch}",
        **bounds,
    ):
        sources[account].payments.append(Money(key, number, _day(paid_on), amount, document))
    async for account, key, document, payment, correction, amount, on, direct in bulk.stream(
        "SELECT x.account_id, x.id, x.invoice_id, x.payment_id, x.correction_id, x.amount, x.allocated_on,"
        f" x.direct FROM allocation x {of_batch}",
        **bounds,
    ):
        sources[account].shares[document, payment, correction, amount, _day(on), bool(direct)] = key
    return sources


async def _load_accounts(bulk: Bulk, accounts: str, bounds: dict[str, Any]) -> dict[int, _Sources]:
    found: dict[int, _Sources] = {}
    async for row in bulk.stream(
        "SELECT a.id, a.opening_balance, t.occurred_on, p.balance, p.brought_forward, p.due, p.due_on,"
        " (SELECT SUM(e.amount) FROM ledger_entry e WHERE e.account_id = a.id AND e.book = 'customer') "
        f"FROM {accounts} b JOIN account a ON a.id = b.id "
        "LEFT JOIN account_position p ON p.account_id = a.id"
        " LEFT JOIN ledger_transaction t ON t.source_key = 'opening:' || a.number "
        "WHERE b.id BETWEEN :first AND :last",
        **bounds,
    ):
        position = None if row[3] is None else (row[3], row[4], row[5], as_day(row[6]))
        opening = Opening(row[1], as_day(row[2]) or date.min)
        found[row[0]] = _Sources(opening, int(row[7] or 0), position)
    return found


def _add_document(sources: _Sources, row: Record) -> None:
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


async def _write(bulk: Bulk, at: datetime) -> None:
    await bulk.execute(
        "UPDATE invoice SET open = s.open, corrected = s.corrected, paid_on = s.paid_on,"
        " answered_by_id = s.answered_by FROM stage_standing s WHERE s.id = invoice.id"
    )
    await bulk.execute("DELETE FROM allocation WHERE id IN (SELECT id FROM stage_share_gone)")
    names = ", ".join(SHARES)
    await bulk.execute(f"INSERT INTO allocation ({names}) SELECT {names} FROM stage_share")
    names = ", ".join(POSITIONS)
    await bulk.execute(
        f"INSERT INTO account_position ({names}, updated_at) "
        f"SELECT {names}, :at FROM stage_position WHERE true "
        "ON CONFLICT (account_id) DO UPDATE SET balance = excluded.balance,"
        " brought_forward = excluded.brought_forward, due = excluded.due, due_on = excluded.due_on,"
        " updated_at = excluded.updated_at",
        at=at,
    )
    for table in ("stage_standing", "stage_share", "stage_share_gone", "stage_position"):
        await bulk.execute(f"DROP TABLE {table}")
