"""Imports, with every check and all that follows from the rows, against the bare insertion of the same rows."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import asyncpg

from dashboard.imports.importing import import_folder
from tests.bench.bench import Bench
from tests.bench.cabinets import NAMES
from tests.bench.exports import invoice_heavy, usage_heavy
from tests.bench.figures import Goal, Line, Ratio
from tests.support.databases import Databases, operator_of

# The files of an export as tables, in an order in which none points to what is not there yet.
TABLES = ("customer", "account", "contract", "service", "invoice", "invoice_line", "payment", "usage_interval")
GOAL = Goal("≥", 0.10)
CHUNK = 20_000


def measure_imports(bench: Bench) -> None:
    """Rows a second, the database being fresh every time; "bare" is one transaction of ``executemany`` (SQLite) or
    ``COPY`` (PostgreSQL) into tables with the same keys, indexes and references."""
    made: dict[str, Callable[[Path, int], int]] = {"usage": usage_heavy, "invoices": invoice_heavy}
    folders = {kind: bench.folder / f"export-{kind}" for kind in made}
    rows = {kind: make(folders[kind], bench.sizes.import_rows) for kind, make in made.items()}
    for dialect in bench.dialects:
        for kind, folder in folders.items():
            _measure(bench, bench.databases(dialect), kind, folder, rows[kind])


def _measure(bench: Bench, databases: Databases, kind: str, folder: Path, rows: int) -> None:
    imported: list[float] = []
    bare: list[float] = []
    for _ in range(bench.sizes.import_rounds):
        source, target = databases.empty(), databases.empty()
        began = perf_counter()
        asyncio.run(import_folder(folder, url=source, operator=operator_of("telecom")))
        imported.append(rows / (perf_counter() - began))
        copied, seconds = copy_bare(databases, source, target)
        assert copied == rows, f"{copied} rows copied, {rows} imported"
        bare.append(rows / seconds)
        for url in (source, target):
            drop(databases, url)
    part = f"Import, {bench.sizes.import_rows:,} rows"
    how = "executemany" if databases.dialect == "sqlite" else "COPY"
    ratio = Ratio.of(imported, bare)
    name = NAMES[databases.dialect]
    bench.report.add(Line(part, name, f"bare {how}, heavy in {kind}", median(bare), "rows/s"))
    bench.report.add(
        Line(part, name, f"import, heavy in {kind}", median(imported), "rows/s", ratio=ratio, goal=GOAL,
             judged=ratio.median)
    )  # fmt: skip


def copy_bare(databases: Databases, source: str, target: str) -> tuple[int, float]:
    """The rows of an imported database once more, into an empty one: how many, and the seconds the writing took."""
    if databases.dialect == "sqlite":
        return _copy_sqlite(source.removeprefix("sqlite://"), target.removeprefix("sqlite://"))
    return asyncio.run(_copy_postgres(source, target))


def _copy_sqlite(source: str, target: str) -> tuple[int, float]:
    count, seconds = 0, 0.0
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target, isolation_level=None)) as new:
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "cache_size = -16000"):
            new.execute(f"PRAGMA {pragma}")
        new.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            cursor = old.execute(f"SELECT * FROM {table}")
            places = ", ".join("?" * len(cursor.description))
            while rows := cursor.fetchmany(CHUNK):
                began = perf_counter()
                new.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
                seconds += perf_counter() - began
                count += len(rows)
        began = perf_counter()
        new.execute("COMMIT")
        seconds += perf_counter() - began
    return count, seconds


async def _copy_postgres(source: str, target: str) -> tuple[int, float]:
    count, seconds = 0, 0.0

    async def timed(work: Callable[[], Awaitable[Any]]) -> None:
        nonlocal seconds
        began = perf_counter()
        await work()
        seconds += perf_counter() - began

    old, new = await asyncpg.connect(source), await asyncpg.connect(target)
    try:
        transaction = new.transaction()
        await transaction.start()
        async with old.transaction():
            for table in TABLES:
                cursor = await old.cursor(f"SELECT * FROM {table}")
                while rows := await cursor.fetch(CHUNK):
                    records = [tuple(each.values()) for each in rows]
                    columns = list(rows[0].keys())
                    await timed(lambda: new.copy_records_to_table(table, records=records, columns=columns))  # noqa: B023
                    count += len(records)
        await timed(transaction.commit)
    finally:
        await old.close()
        await new.close()
    return count, seconds


def drop(databases: Databases, url: str) -> None:
    """Gives the room of a database back."""
    if databases.dialect == "sqlite":
        for path in Path(url.removeprefix("sqlite://")).parent.glob(Path(url).name + "*"):
            path.unlink()
        return

    async def dropped() -> None:
        connection = await asyncpg.connect(databases.url("postgres"))
        try:
            await connection.execute(f"DROP DATABASE {url.partition('?')[0].rpartition('/')[2]}")
        finally:
            await connection.close()

    asyncio.run(dropped())
