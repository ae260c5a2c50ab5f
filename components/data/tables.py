"""What tables an open database has, and of what kinds their columns are.

Asked of the database itself and not of the models: usage and whatever else is made by SQL counts too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from components.data.bulk import Bulk

MIGRATIONS = "tortoise_migrations"
ColumnKind = Literal["text", "whole", "day", "moment", "flag", "json", "bytes"]

_KINDS: dict[str, ColumnKind] = {
    "bigint": "whole",
    "integer": "whole",
    "int": "whole",
    "smallint": "whole",
    "boolean": "flag",
    "character varying": "text",
    "varchar": "text",
    "character": "text",
    "char": "text",
    "text": "text",
    "date": "day",
    "timestamp with time zone": "moment",
    "timestamp": "moment",
    "jsonb": "json",
    "json": "json",
    "bytea": "bytes",
    "blob": "bytes",
}


class UnknownColumn(RuntimeError):
    """A column of a kind that nothing here knows how to carry from one database to another."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table and its columns in their order; generated columns are left out."""

    name: str
    columns: dict[str, ColumnKind]


async def tables(bulk: Bulk) -> dict[str, Table]:
    """Every table by name, that of the migrations included. Raises UnknownColumn."""
    found: dict[str, dict[str, ColumnKind]] = {}
    for table, column, kind in await bulk.fetch(_COLUMNS[bulk.dialect]):
        plain = str(kind).partition("(")[0].strip().lower()
        if plain not in _KINDS:
            raise UnknownColumn(f"column {column} of table {table} is a {kind}, which a backup can't carry")
        found.setdefault(table, {})[column] = _KINDS[plain]
    return {name: Table(name, columns) for name, columns in found.items()}


async def applied_migrations(bulk: Bulk) -> list[str]:
    """The names of the migrations that the database has, in their order; none where it has no schema."""
    if not await bulk.fetch(_HAS_MIGRATIONS[bulk.dialect]):
        return []
    return [name for (name,) in await bulk.fetch(f"SELECT name FROM {MIGRATIONS} ORDER BY name")]


_COLUMNS = {
    "sqlite": (
        "SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c "
        "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY m.name, c.cid"
    ),
    "postgres": (
        "SELECT c.relname, a.attname, format_type(a.atttypid, NULL) FROM pg_class c "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' "
        "WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind IN ('r', 'p')"
        " AND NOT c.relispartition ORDER BY c.relname, a.attnum"
    ),
}
_HAS_MIGRATIONS = {
    "sqlite": f"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '{MIGRATIONS}'",
    "postgres": f"SELECT 1 FROM pg_class WHERE oid = to_regclass('{MIGRATIONS}')",
}
