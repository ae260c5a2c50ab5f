"""Keeping the projection of ``billing.allocation`` right, for each account that a posting touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from billing.allocation.allocating import Outcome, allocate
from billing.allocation.loading import Batch, LedgerDisagrees, Sources
from components.data.bulk import Bulk, Columns, Record
from components.data.coming import Parts, as_it_stands

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


async def refresh_accounts(bulk: Bulk, accounts: str, at: datetime) -> None:
    """Works out anew what is paid on the accounts listed in column ``id`` of the table ``accounts``, and writes it.

    Runs inside the caller's transaction, after posting. Only rows that come out differently are written.
    Raises LedgerDisagrees where the sum of the ledger isn't the balance of the sources.
    """
    await work_out_accounts(bulk, accounts, as_it_stands)
    await write_accounts(bulk, at)


async def work_out_accounts(bulk: Bulk, accounts: str, parts: Parts) -> None:
    """The first half of ``refresh_accounts``: it writes to TEMP tables alone, so it may be done ahead of a transaction
    where ``parts`` tells how the tables will stand."""
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
        await _work_out_batch(bulk, await Batch(bulk, parts, accounts, first, last).load())


async def _work_out_batch(bulk: Bulk, sources: dict[int, Sources]) -> None:
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


def _changed_standings(sources: Sources, outcome: Outcome) -> Iterable[Record]:
    for key, each in outcome.documents.items():
        if each != sources.standings[key]:
            yield key, each.open, each.corrected, each.paid_on, each.answered_by


def _changed_shares(account: int, sources: Sources, outcome: Outcome) -> tuple[list[Record], list[Record]]:
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


async def take_standings(bulk: Bulk, documents: str) -> None:
    """Moves the standings of documents that are about to be written anyway into the table of those."""
    await bulk.execute(
        f"UPDATE {documents} SET open = s.open, corrected = s.corrected, paid_on = s.paid_on,"
        f" answered_by_id = s.answered_by FROM stage_standing s WHERE s.id = {documents}.id"
    )
    await bulk.execute(f"DELETE FROM stage_standing WHERE id IN (SELECT id FROM {documents})")


async def write_accounts(bulk: Bulk, at: datetime) -> None:
    """The second half: writes what was worked out, inside the caller's transaction."""
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
