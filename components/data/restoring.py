"""Putting a backup into a database, all of it or nothing, in one transaction.

The database may be in use. On SQLite pages go on showing what was there until the end; on PostgreSQL they wait. What
keeps tables append-only stays in force for everybody else: PostgreSQL empties tables without asking their triggers;
on SQLite the triggers are taken away and made again inside the transaction. So are indexes and foreign keys on both:
made once over all rows, they cost far less. Before anything counts, the rows and sums are compared with what the
backup says.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import orjson

from components.data.backing_up import sequences
from components.data.backup_file import Backup, BackupRefused, as_header, read_lines
from components.data.bulk import Bulk, Columns
from components.data.tables import MIGRATIONS, ColumnKind, Table, tables

ROWS = 2_000  # in memory at a time
BYTES = 4_000_000  # or less, where rows are long
LOCK_SECONDS = 10

Convert = Callable[[Any], Any]


async def restore(bulk: Bulk, backup: Backup, sums: Mapping[str, str]) -> None:
    """Replaces every row of the database by those of ``backup``. Raises BackupRefused, and all is as it was."""
    found = await tables(bulk)
    unknown = sorted(backup.end.rows.keys() - found.keys())
    if unknown:
        raise BackupRefused(f"the database has no table {', '.join(unknown)}; is it of the same version?")
    emptied = sorted(found.keys() - {MIGRATIONS})
    try:
        async with _without_foreign_keys(bulk), bulk.transaction():
            async with _unguarded(bulk, emptied):
                await _load(bulk, backup, found)
            await _set_last_ids(bulk, backup.end.last_ids, found)
            await _compare(bulk, backup, sums)
            await _check_foreign_keys(bulk)
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
        raise BackupRefused("somebody holds the tables; try again, or stop the cabinet meanwhile") from None
    except asyncpg.InsufficientPrivilegeError as error:
        raise BackupRefused(
            f"this takes the role that owns the tables: KABINET_MIGRATION_DATABASE_URL ({error})"
        ) from None
    except asyncpg.ForeignKeyViolationError as error:
        raise BackupRefused(f"rows would point to nothing: {error}") from None
    if bulk.dialect == "postgres":
        await bulk.execute("ANALYZE")


async def is_filled(bulk: Bulk, besides: Sequence[str]) -> bool:
    """Whether any table but the migrations' and those named has a row."""
    for name in sorted((await tables(bulk)).keys() - {MIGRATIONS, *besides}):
        if await bulk.fetch(f'SELECT 1 FROM "{name}" LIMIT 1'):
            return True
    return False


@asynccontextmanager
async def _without_foreign_keys(bulk: Bulk) -> AsyncIterator[None]:
    if bulk.dialect == "postgres":
        yield
        return
    await bulk.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        await bulk.execute("PRAGMA foreign_keys = ON")


@asynccontextmanager
async def _unguarded(bulk: Bulk, emptied: list[str]) -> AsyncIterator[None]:
    """Empties the tables; meanwhile nothing is checked or indexed row by row. Afterwards it is, all at once."""
    if bulk.dialect == "postgres":
        listed = ", ".join(f'"{name}"' for name in emptied)
        await bulk.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        await bulk.execute(f"LOCK TABLE {listed} IN ACCESS EXCLUSIVE MODE")
        await bulk.execute("SET LOCAL lock_timeout = 0")
        await bulk.execute(f"TRUNCATE {listed}")
        keys = await bulk.fetch(_FOREIGN_KEYS)
        for table, name, _ in keys:
            await bulk.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        indexes = await bulk.fetch(_INDEXES)
        for name, _ in indexes:
            await bulk.execute(f"DROP INDEX {name}")
        yield
        for _, definition in indexes:
            await bulk.execute(definition)
        for table, name, definition in keys:
            await bulk.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        return
    made = await bulk.fetch(
        "SELECT type, name, sql FROM sqlite_master"
        " WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type, name"
    )
    for kind, name, _ in made:
        await bulk.execute(f'DROP {kind} "{name}"')
    for name in emptied:
        await bulk.execute(f'DELETE FROM "{name}"')
    yield
    for _, _, sql in made:
        await bulk.execute(sql)


async def _load(bulk: Bulk, backup: Backup, found: dict[str, Table]) -> None:
    table, converts = "", list[Convert | None]()
    names: Columns = {}
    rows: list[Sequence[Any]] = []
    size = 0
    for line in read_lines(backup):
        header = as_header(line)
        if header:
            await _copy(bulk, table, names, rows)
            table, listed = header
            names, converts = _columns(bulk, found[table], listed)
            size = 0
            continue
        rows.append(_converted(orjson.loads(line), converts))
        size += len(line)
        if len(rows) >= ROWS or size >= BYTES:
            await _copy(bulk, table, names, rows)
            size = 0
    await _copy(bulk, table, names, rows)


async def _copy(bulk: Bulk, table: str, names: Columns, rows: list[Sequence[Any]]) -> None:
    if rows:
        try:
            await bulk.copy(table, names, rows)
        except (asyncpg.DataError, ValueError) as error:
            raise BackupRefused(f"a row of table {table} does not fit: {error}") from None
        rows.clear()


def _columns(bulk: Bulk, table: Table, listed: list[str]) -> tuple[Columns, list[Convert | None]]:
    if set(listed) != set(table.columns):
        differ = ", ".join(sorted(set(listed) ^ set(table.columns)))
        raise BackupRefused(f"table {table.name} has other columns ({differ}); is the database of the same version?")
    converts = _CONVERTS[bulk.dialect]
    # Values come converted: "text" keeps the copying from doing it once more.
    return dict.fromkeys(listed, "text"), [converts.get(table.columns[name]) for name in listed]


def _converted(row: list[Any], converts: list[Convert | None]) -> Sequence[Any]:
    return [
        value if convert is None or value is None else convert(value)
        for value, convert in zip(row, converts, strict=True)
    ]


def _utc_text(value: str) -> str:
    """A moment as Tortoise writes it on SQLite."""
    return datetime.fromisoformat(value).astimezone(UTC).isoformat(" ")


_CONVERTS: dict[str, dict[ColumnKind, Convert]] = {
    "sqlite": {"whole": int, "moment": _utc_text, "bytes": bytes.fromhex},
    "postgres": {
        "flag": bool,
        "day": date.fromisoformat,
        "moment": datetime.fromisoformat,
        "bytes": bytes.fromhex,
    },
}
_FOREIGN_KEYS = (
    "SELECT CAST(CAST(conrelid AS regclass) AS text), quote_ident(conname), pg_get_constraintdef(oid) "
    "FROM pg_constraint WHERE contype = 'f' AND conparentid = 0"
    " AND connamespace = CAST(current_schema() AS regnamespace) ORDER BY 1, 2"
)
# Those that are no constraint's own.
_INDEXES = (
    "SELECT CAST(CAST(i.indexrelid AS regclass) AS text), pg_get_indexdef(i.indexrelid) FROM pg_index i "
    "JOIN pg_class t ON t.oid = i.indrelid WHERE t.relkind IN ('r', 'p')"
    " AND t.relnamespace = CAST(current_schema() AS regnamespace)"
    " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1"
)


async def _set_last_ids(bulk: Bulk, last: Mapping[str, int], found: dict[str, Table]) -> None:
    """The next row gets a number that none ever had."""
    if bulk.dialect == "sqlite":
        for table in sorted(last.keys() & found.keys()):
            await bulk.execute("DELETE FROM sqlite_sequence WHERE name = :name", name=table)
            await bulk.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)", name=table, seq=last[table]
            )
        return
    for table, column, sequence in await sequences(bulk):
        highest = max(last.get(table, 0), await bulk.number(f'SELECT max("{column}") FROM "{table}"'))
        await bulk.fetch(f"SELECT setval('{sequence}', {max(highest, 1)}, {'true' if highest else 'false'})")


async def _compare(bulk: Bulk, backup: Backup, sums: Mapping[str, str]) -> None:
    for table, count in backup.end.rows.items():
        loaded = await bulk.number(f'SELECT count(*) FROM "{table}"')
        if loaded != count:
            raise BackupRefused(f"table {table} came to {loaded} rows, the backup says {count}")
    for name, sql in sums.items():
        if name in backup.beginning.sums and (loaded := await bulk.number(sql)) != backup.beginning.sums[name]:
            raise BackupRefused(f"{name} came to {loaded}, the backup says {backup.beginning.sums[name]}")


async def _check_foreign_keys(bulk: Bulk) -> None:
    """PostgreSQL has checked them when they were made again."""
    if bulk.dialect == "sqlite":
        broken = await bulk.fetch("PRAGMA foreign_key_check")
        if broken:
            raise BackupRefused(f"{len(broken)} rows would point to nothing, first in table {broken[0][0]}")
