"""The rows that a merge is going to write, worked out from the staged ones before it takes the write lock.

For each file the TEMP table ``coming_TABLE`` (``components.data.coming``) holds new and changed rows as they will
stand: every column, references as ids, new rows with ids of their own (``fresh`` is 1). None but imports write to
these tables, and one import runs at a time.
"""

from __future__ import annotations

from components.data.bulk import Bulk
from components.data.coming import coming
from dashboard.imports.layout import FILES, INVOICES, PAYMENTS, USAGE, Column, File
from dashboard.imports.staging import Present

Changes = dict[str, list[str]]
MERGED = tuple(each for each in FILES if each is not USAGE)
# What the tables of documents and payments hold besides a file's columns: for a new row, and for a known one.
_REVISION = {"revision": ("1", "m.revision + 1")}
_STANDING = {
    "open": ("0", "m.open"),
    "corrected": ("0", "m.corrected"),
    "paid_on": ("NULL", "m.paid_on"),
    "answered_by_id": ("NULL", "m.answered_by_id"),
}


async def prepare_rows(bulk: Bulk, present: Present) -> None:
    """Fills the tables ``coming_…`` of all files but usage."""
    for file in MERGED:
        await _number(bulk, file)
    for file in MERGED:
        await _work_out(bulk, file, present.get(file.name, frozenset()))


async def changed_columns(bulk: Bulk) -> Changes:
    """Of each table the columns in which known rows are going to change. No other is written, nor its indexes."""
    changes: Changes = {}
    for file in MERGED:
        differs = ", ".join(
            f'MAX(CASE WHEN c."{name}" IS DISTINCT FROM m."{name}" THEN 1 ELSE 0 END)' for name in _columns(file)
        )
        found = await bulk.fetch(
            f"SELECT {differs} FROM {coming(file.table)} c JOIN {file.table} m ON m.id = c.id WHERE c.fresh = 0"
        )
        changes[file.table] = [name for name, differ in zip(_columns(file), found[0], strict=True) if differ]
    return changes


async def write_rows(bulk: Bulk, changes: Changes) -> None:
    """Writes what was prepared, inside the caller's transaction; new rows first, as changed ones may point to them."""
    for file in MERGED:
        table, source = file.table, coming(file.table)
        names = ", ".join(f'"{name}"' for name in ("id", *_columns(file)))
        await bulk.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {source} WHERE fresh = 1 ORDER BY id")
        if changes[table]:
            assigned = ", ".join(f'"{name}" = c."{name}"' for name in changes[table])
            await bulk.execute(f"UPDATE {table} SET {assigned} FROM {source} c WHERE c.fresh = 0 AND {table}.id = c.id")


async def _number(bulk: Bulk, file: File) -> None:
    """Gives new rows their ids, in the TEMP table ``numbered_FILE``, where others find them by their numbers."""
    numbered = f"numbered_{file.name}"
    new = f"SELECT line_no, \"{file.key[0]}\" AS number FROM {file.stage} WHERE state = 'new'"
    await bulk.number_rows(file.table, numbered, new, "line_no")
    for column in ("line_no", "number"):
        await bulk.execute(f"CREATE INDEX {numbered}_{column} ON {numbered} ({column})")
    await bulk.analyze(numbered)


async def _work_out(bulk: Bulk, file: File, there: frozenset[str]) -> None:
    """A column that the file doesn't have says nothing: what is known of it stays. So does an opening balance."""
    values = [f"{_id('COALESCE(s.known, n.id)')} AS id", f"{_either('1', '0')} AS fresh"]
    for column in file.columns:
        staged = _staged(column)
        if column.name not in there or column.name == "opening_balance":
            staged = _either(staged, f'm."{column.target}"')
            staged = _id(staged) if column.refers else staged
        values.append(f'{staged} AS "{column.target}"')
    values += [f's."{each.name}"' for each in file.derived]
    values += [f'{_either(new, known)} AS "{name}"' for name, (new, known) in _own(file).items()]
    table = coming(file.table)
    await bulk.execute(
        f"CREATE TEMP TABLE {table} AS SELECT {', '.join(values)} FROM {file.stage} s "
        f"LEFT JOIN {file.table} m ON m.id = s.known LEFT JOIN numbered_{file.name} n ON n.line_no = s.line_no "
        "WHERE s.state IN ('new', 'changed')"
    )
    if file is INVOICES:
        await _add_documents_of_lines(bulk)
    await bulk.execute(f"CREATE INDEX {table}_id ON {table} (id)")
    if file in (INVOICES, PAYMENTS):
        await bulk.execute(f"CREATE INDEX {table}_account ON {table} (account_id)")
    await bulk.analyze(table)


async def _add_documents_of_lines(bulk: Bulk) -> None:
    """Documents that are posted anew, as their lines come otherwise, though what their own rows say is known."""
    table, columns = coming(INVOICES.table), _columns(INVOICES)
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join("m.revision + 1" if name == "revision" else f'm."{name}"' for name in columns)
    await bulk.execute(
        f"INSERT INTO {table} (id, fresh, {names}) SELECT m.id, 0, {values} FROM invoice m "
        "WHERE m.number IN (SELECT invoice_number FROM stage_invoice_lines WHERE state IN ('new', 'changed'))"
        f" AND m.id NOT IN (SELECT id FROM {table})"
    )


def _either(new: str, known: str) -> str:
    """SQL for the value of a new row, and for that of a known one."""
    return f"CASE WHEN s.state = 'new' THEN {new} ELSE {known} END"


def _columns(file: File) -> list[str]:
    return [*(each.target for each in file.columns), *(each.name for each in file.derived), *_own(file)]


def _own(file: File) -> dict[str, tuple[str, str]]:
    if file is INVOICES:
        return _REVISION | _STANDING
    return _REVISION if file is PAYMENTS else {}


def _staged(column: Column) -> str:
    """A staged value; a reference becomes the id of the row, one that is known or one that comes as well."""
    value = f's."{column.name}"'
    if not column.refers:
        return value
    file = next(each for each in MERGED if each.table == column.refers)
    return _id(
        f"COALESCE((SELECT r.id FROM {file.table} r WHERE r.number = {value}),"
        f" (SELECT r.id FROM numbered_{file.name} r WHERE r.number = {value}))"
    )


def _id(expression: str) -> str:
    """An id as its own type: SQLite finds nothing by the index of a column that an untyped expression has made."""
    return f"CAST({expression} AS BIGINT)"
