"""Whether the database has what the migrations make: every migration, every index, every guard.

What there should be is not listed anywhere: the migrations make a new database, and that is compared.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from components.data.bulk import Bulk, open_bulk
from components.data.migrating import migrate, shipped
from components.data.tables import applied_migrations
from dashboard.doctor.finding import Finding, fault, ok
from dashboard.schema import APP, config

MIGRATE = "run: kabinet migrate"


@dataclass(frozen=True, slots=True)
class Structure:
    """``indexes``: table and columns; ``unique``: those that let nothing in twice; ``guards``: table and act."""

    indexes: frozenset[tuple[str, tuple[str, ...]]]
    unique: frozenset[tuple[str, tuple[str, ...]]]
    guards: frozenset[tuple[str, str]]


async def expected() -> Structure:
    """The structure of a new database."""
    with tempfile.TemporaryDirectory(prefix="kabinet-doctor-") as folder:
        made = config(f"sqlite://{Path(folder) / 'new.db'}")
        await migrate(made)
        async with open_bulk(made) as bulk:
            return await structure(bulk)


async def structure(bulk: Bulk) -> Structure:
    """The structure of an open database."""
    indexes: dict[tuple[str, str], list[str]] = {}
    unique = set()
    for table, index, is_unique, column in await bulk.fetch(_INDEXES[bulk.dialect]):
        indexes.setdefault((table, index), []).append(column or "")
        if is_unique:
            unique.add((table, index))
    return Structure(
        frozenset((table, tuple(columns)) for (table, _), columns in indexes.items()),
        frozenset((key[0], tuple(indexes[key])) for key in unique),
        frozenset(await _guards(bulk)),
    )


async def _guards(bulk: Bulk) -> set[tuple[str, str]]:
    if bulk.dialect == "sqlite":
        found = await bulk.fetch("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        matches = [re.search(r"BEFORE (UPDATE|DELETE) ON \"?(\w+)", str(sql)) for (sql,) in found]
        return {(match[2], match[1]) for match in matches if match}
    rows = await bulk.fetch(
        "SELECT c.relname, t.tgtype & 16 <> 0, t.tgtype & 8 <> 0 FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgtype & 2 <> 0"
        " AND c.relnamespace = CAST(current_schema() AS regnamespace)"
    )
    return {
        (table, act)
        for table, update, delete in rows
        for act, is_so in (("UPDATE", update), ("DELETE", delete))
        if is_so
    }


_INDEXES = {
    "sqlite": (
        'SELECT m.name, l.name, l."unique", i.name FROM sqlite_master m JOIN pragma_index_list(m.name) l '
        "JOIN pragma_index_info(l.name) i WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' "
        "ORDER BY m.name, l.name, i.seqno"
    ),
    "postgres": (
        "SELECT t.relname, x.relname, i.indisunique, a.attname FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid "
        "JOIN pg_class x ON x.oid = i.indexrelid CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(number, place) "
        "LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number AND k.number > 0 "
        "WHERE i.indisvalid AND t.relnamespace = CAST(current_schema() AS regnamespace)"
        " AND k.place <= i.indnkeyatts ORDER BY t.relname, x.relname, k.place"
    ),
}


async def migrations(bulk: Bulk) -> list[Finding]:
    """Whether the database is of this version."""
    done, known = await applied_migrations(bulk), shipped(config("sqlite://:memory:"), APP)
    missing, unknown = sorted(set(known) - set(done)), sorted(set(done) - set(known))
    if missing:
        return [fault("migrations", f"{len(missing)} missing, the first is {missing[0]}", MIGRATE)]
    if unknown:
        advice = "install the version that made it; this one may write wrongly"
        return [fault("migrations", f"{unknown[-1]} was made by a newer Kabinet", advice)]
    return [ok("migrations", f"all {len(known)}, the last is {known[-1]}")]


async def guards_and_indexes(bulk: Bulk, wanted: Structure) -> list[Finding]:
    """Whether what must only grow is guarded, and what is asked for often can be found."""
    found = await structure(bulk)
    result = []
    open_doors = sorted(f"{table} ({act.lower()})" for table, act in wanted.guards - found.guards)
    if open_doors:
        advice = "restore the triggers as in migration 0002, and find out who removed them"
        result.append(fault("append-only", f"rows can be changed unseen in {', '.join(open_doors)}", advice))
    else:
        tables = sorted({table for table, _ in wanted.guards})
        result.append(ok("append-only", f"the database refuses changes to {', '.join(tables)}"))
    missing = (wanted.indexes - found.indexes) | (wanted.unique - found.unique)
    if missing:
        listed = ", ".join(f"{table} ({', '.join(columns)})" for table, columns in sorted(missing))
        result.append(fault("indexes", f"missing on {listed}", "create them as in dashboard/migrations"))
    else:
        result.append(ok("indexes", f"all {len(wanted.indexes)}"))
    return result


async def soundness(bulk: Bulk) -> list[Finding]:
    """Whether SQLite's file is whole; PostgreSQL looks after its own."""
    if bulk.dialect == "postgres":
        return []
    told = [str(row[0]) for row in await bulk.fetch("PRAGMA quick_check(3)")]
    if told != ["ok"]:
        return [fault("file", "; ".join(told), "stop the cabinet and restore the last backup")]
    return [ok("file", "whole")]
