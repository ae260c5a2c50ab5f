"""Taking a backup of a database in use: one moment of it, whatever is written meanwhile, in flat memory.

The database itself writes each row as a line of JSON, so both kinds come out the same and one restores into the
other. How the file is laid out: ``components.data.backup_file``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import aclosing
from importlib.metadata import version
from pathlib import Path

from components.data import clock
from components.data.backup_file import BackupRefused, Beginning, End, Writer, writing
from components.data.bulk import Bulk
from components.data.tables import MIGRATIONS, ColumnKind, Table, UnknownColumn, applied_migrations, tables

BATCH = 500  # rows joined before they are written
HEAVY = 20  # rows read at a time where a column may hold a whole file


async def back_up(bulk: Bulk, path: Path, left_out: Collection[str], sums: Mapping[str, str]) -> End:
    """Writes every table but those ``left_out`` to ``path``; how many rows there were.

    ``sums`` are named SELECTs of one figure each, noted in the file and compared at a restore. Raises
    BackupRefused for a database that can't be backed up; OSError, with nothing left behind, for a full disk.
    """
    try:
        found = await tables(bulk)
    except UnknownColumn as error:
        raise BackupRefused(str(error)) from None
    if MIGRATIONS not in found:
        raise BackupRefused("the database has no schema yet; there is nothing to back up")
    kept = [each for name, each in sorted(found.items()) if name != MIGRATIONS and name not in left_out]
    async with bulk.snapshot():
        await _hold(bulk, kept)
        beginning = Beginning(
            kabinet=version("kabinet"),
            created_at=clock.now().isoformat(timespec="seconds"),
            dialect=bulk.dialect,
            migrations=await applied_migrations(bulk),
            left_out=sorted(set(left_out) & set(found)),
            sums={name: await bulk.number(sql) for name, sql in sums.items()},
        )
        end = End()
        with writing(path) as writer:
            writer.begin(beginning)
            for table in kept:
                end.rows[table.name] = await _write_table(bulk, writer, table)
            end.last_ids = await last_ids(bulk)
            writer.finish(end)
    return end


async def _hold(bulk: Bulk, kept: list[Table]) -> None:
    """A migration that rewrote a table meanwhile would show it empty to us; on SQLite it can't."""
    if bulk.dialect == "postgres":
        await bulk.execute(f"LOCK TABLE {', '.join(each.name for each in kept)} IN ACCESS SHARE MODE")


async def _write_table(bulk: Bulk, writer: Writer, table: Table) -> int:
    writer.table(table.name, list(table.columns))
    chunk = HEAVY if "bytes" in table.columns.values() else 2_000
    count, batch = 0, list[str]()
    async with aclosing(bulk.stream(_row_as_json(bulk, table), chunk=chunk)) as rows:
        async for (line,) in rows:
            batch.append(line)
            if len(batch) >= min(BATCH, chunk):
                writer.lines("\n".join([*batch, ""]).encode())
                count += len(batch)
                batch.clear()
    if batch:
        writer.lines("\n".join([*batch, ""]).encode())
    return count + len(batch)


def _row_as_json(bulk: Bulk, table: Table) -> str:
    """SQL that makes of each row an array of texts, whole numbers and truth values."""
    if bulk.dialect == "sqlite":
        parts = [
            f'CASE WHEN "{n}" IS NOT NULL THEN hex("{n}") END' if k == "bytes" else f'"{n}"'
            for n, k in table.columns.items()
        ]
        return f'SELECT json_array({", ".join(parts)}) FROM "{table.name}"'
    parts = [_POSTGRES.get(kind, '"{}"').format(name) for name, kind in table.columns.items()]
    return f'SELECT CAST(json_build_array({", ".join(parts)}) AS text) FROM "{table.name}"'


_POSTGRES: dict[ColumnKind, str] = {
    "moment": """to_char("{}" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"+00:00"')""",
    "json": 'CAST("{}" AS text)',
    "bytes": """encode("{}", 'hex')""",
}


async def last_ids(bulk: Bulk) -> dict[str, int]:
    """The highest number that each table has ever given to a row of its own."""
    if bulk.dialect == "sqlite":
        return {str(name): int(seq) for name, seq in await bulk.fetch("SELECT name, seq FROM sqlite_sequence")}
    found = {}
    for table, _, sequence in await sequences(bulk):
        ((last, used),) = await bulk.fetch(f"SELECT last_value, is_called FROM {sequence}")
        found[table] = last if used else 0
    return found


async def sequences(bulk: Bulk) -> list[tuple[str, str, str]]:
    """PostgreSQL's table, column and sequence, for each column that numbers its rows."""
    return [
        (table, column, sequence)
        for table, column, sequence in await bulk.fetch(
            "SELECT c.relname, a.attname, pg_get_serial_sequence(quote_ident(c.relname), a.attname) FROM pg_class c "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind IN ('r', 'p')"
            f" AND c.relname <> '{MIGRATIONS}'"
            " AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL ORDER BY 1"
        )
    ]
