"""Comparing: which staged rows are new, which are known and changed, which say nothing new."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

from components.data.bulk import CHUNK, Bulk, Columns
from components.data.money import plain
from dashboard.imports.layout import ACCOUNTS, USAGE, Column, File
from dashboard.imports.report import Counts, Faults
from dashboard.imports.staged import UNIT
from dashboard.imports.staging import Present

JOURNAL: Columns = {
    "account": "text",
    "act": "text",
    "target": "text",
    "before": "text",
    "after": "text",
}


async def compare(bulk: Bulk, file: File, present: Present) -> Counts:
    """Sets ``known`` and ``state`` of each staged row of the file, and counts them.

    A column that the file doesn't have says nothing: what is known of it stays.
    """
    differs = _differs(file, present) or "1 = 0"
    tables, joined = _known(file)
    await bulk.execute(f"UPDATE {file.stage} SET state = 'new'")
    await bulk.execute(
        f"UPDATE {file.stage} SET known = m.id, state = CASE WHEN {differs} THEN 'changed' ELSE 'same' END "
        f"FROM {tables} WHERE {joined}"
    )
    await bulk.execute(f"CREATE INDEX {file.stage}_state ON {file.stage} (state)")
    await bulk.analyze(file.stage)
    return await count(bulk, file.stage)


async def count(bulk: Bulk, table: str) -> Counts:
    """The rows of a staged table by their state."""
    found: dict[str, int] = {}
    for state, rows in await bulk.fetch(f"SELECT state, COUNT(*) FROM {table} GROUP BY state"):
        found[state] = rows
    return Counts(found.get("new", 0), found.get("changed", 0), found.get("same", 0))


async def refuse_openings(bulk: Bulk, name: str, warnings: Faults) -> None:
    """An opening balance counts once: the row of a known account that brings another is left out."""
    other = "s.opening_balance <> a.opening_balance"
    async for line, value, known, number in bulk.stream(
        "SELECT s.line_no, s.opening_balance, a.opening_balance, a.number FROM stage_accounts s "
        f"JOIN account a ON a.number = s.account_number WHERE {other} ORDER BY s.line_no"
    ):
        reason = f"account {number} opened with {plain(known)}, which stays; the row was left out"
        warnings.add(name, line, "opening_balance", plain(value), reason)
    await bulk.execute(
        "UPDATE stage_accounts SET state = 'refused' WHERE EXISTS (SELECT 1 FROM account a "
        "WHERE a.number = stage_accounts.account_number"
        " AND a.opening_balance <> stage_accounts.opening_balance)"
    )


async def compare_usage(bulk: Bulk) -> Counts:
    """Puts new and changed intervals, in their units' smallest parts, into the table ``usage_change``."""
    await bulk.execute(
        "CREATE TEMP TABLE usage_change AS SELECT x.number, x.started_at, x.seconds, x.incoming, x.outgoing,"
        " CASE WHEN u.started_at IS NULL THEN 'new' ELSE 'changed' END AS state "
        f"FROM ({_USAGE_IN_UNITS}) x LEFT JOIN usage_interval u"
        " ON u.service_id = x.service_id AND u.started_at = x.started_at "
        "WHERE u.started_at IS NULL OR u.seconds <> x.seconds"
        " OR u.incoming <> x.incoming OR u.outgoing <> x.outgoing"
    )
    counts = await count(bulk, "usage_change")
    total = await bulk.number(f"SELECT COUNT(*) FROM {USAGE.stage}")
    counts.same = total - counts.new - counts.changed
    return counts


_SCALED = (
    f"CASE WHEN {UNIT} IN ('bytes', 'seconds') THEN s.{{0}}"
    " ELSE s.{0} * 1000000 + COALESCE(s.{0}_part, 0) END AS {0}"
)
_USAGE_IN_UNITS = (
    "SELECT s.service_id AS number, k.id AS service_id, s.started_at, s.seconds, "
    f"{_SCALED.format('incoming')}, {_SCALED.format('outgoing')} FROM stage_usage s "
    "LEFT JOIN stage_services o ON o.service_id = s.service_id "
    "LEFT JOIN service k ON k.number = s.service_id"
)


async def note_changes(bulk: Bulk, file: File, present: Present) -> None:
    """Writes, for each changed row, what it was and what it is into the table ``stage_journal``."""
    columns = _compared(file, present)
    rows: list[tuple[Any, ...]] = []
    async for row in _changed_rows(bulk, file, columns):
        account, target, *pairs = row
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for column, old, new in zip(columns, pairs[::2], pairs[1::2], strict=True):
            if old != new:
                before[column.name], after[column.name] = _told(column, old), _told(column, new)
        act = f"{file.noun}.updated"
        rows.append((account, act, target[:254], json.dumps(before), json.dumps(after)))
        if len(rows) == CHUNK:
            await bulk.copy("stage_journal", JOURNAL, rows)
            rows.clear()
    if rows:
        await bulk.copy("stage_journal", JOURNAL, rows)


def _changed_rows(bulk: Bulk, file: File, columns: list[Column]) -> AsyncIterator[Any]:
    """(account number, key, then old and new of each column) of each changed row."""
    target = " || ' ' || ".join(f's."{name}"' for name in file.key)
    account = {
        "accounts": "s.account_number",
        "contracts": "s.account_number",
        "services": "(SELECT a.number FROM account a JOIN contract c ON c.account_id = a.id"
        " WHERE c.id = m.contract_id)",
    }.get(file.name, "NULL")
    pairs = "".join(f', {_known_value(each)}, s."{each.name}"' for each in columns)
    joins = "".join(
        f" LEFT JOIN {each.refers} r_{each.name} ON r_{each.name}.id = m.{each.target}"
        for each in columns
        if each.refers
    )
    return bulk.stream(
        f"SELECT {account}, {target}{pairs} FROM {file.stage} s JOIN {file.table} m ON m.id = s.known{joins} "
        "WHERE s.state = 'changed' ORDER BY s.line_no"
    )


def _compared(file: File, present: Present) -> list[Column]:
    columns = present.get(file.name, frozenset())
    return [
        each for each in file.columns if each.name in columns and each.name not in file.key and each is not _OPENING
    ]


_OPENING = ACCOUNTS.column("opening_balance")


def _differs(file: File, present: Present) -> str:
    return " OR ".join(
        f'{file.stage}."{each.name}" IS DISTINCT FROM {_known_value(each)}' for each in _compared(file, present)
    )


def _known_value(column: Column) -> str:
    return f"r_{column.name}.number" if column.refers else f'm."{column.target}"'


def _known(file: File) -> tuple[str, str]:
    """FROM and WHERE that put each staged row beside the row of its key."""
    keys, joins, where = [], [], []
    for each in file.columns:
        reference = f"r_{each.name}"
        if each.name in file.key:
            where.append(f'{_known_value(each)} = {file.stage}."{each.name}"')
            if each.refers:
                keys.append(f" JOIN {each.refers} {reference} ON {reference}.id = m.{each.target}")
        elif each.refers:
            joins.append(f" LEFT JOIN {each.refers} {reference} ON {reference}.id = m.{each.target}")
    return f"{file.table} m" + "".join(keys + joins), " AND ".join(where)


def _told(column: Column, value: Any) -> Any:
    """A value as the journal keeps it."""
    if value is None:
        return None
    if column.money:
        return plain(value)
    if column.kind == "flag":
        return bool(value)
    return value.isoformat() if isinstance(value, date) else value
