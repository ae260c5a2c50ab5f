"""Bringing a database to the newest schema without losing a row, while it is in use.

On SQLite a changed column rebuilds its table: with foreign keys enforced the drop would cascade into the children,
and indexes and triggers are gone with it. So there all migrations run in one transaction with enforcement off; the
lost indexes and triggers are made again, keys and row counts are checked, and only then does anything count. Who
reads meanwhile sees what was there before; who writes waits.

On PostgreSQL each migration is a transaction of its own. One that waits for a table would make everybody queue
behind it, so it waits a few seconds only, lets the others pass and tries again. On both, a second migration waits for
the first and then finds nothing to do.
"""

from __future__ import annotations

import asyncio
import fcntl
import pkgutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.exceptions import OperationalError
from tortoise.migrations.api import migrate as run_migrations
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.schema_editor import BaseSchemaEditor, SqliteSchemaEditor

from components.data.bulk import connect
from components.data.database import connection, fetch, transaction
from components.data.sqlite import statements

LOCK_KEY = 4_445_001  # any number, the same for every process of one installation
LOCK_SECONDS = 3  # how long a migration waits for a table, and everybody else behind it
TRIES = 20
PAUSE = 1.0  # seconds in which the others pass

Note = Callable[[str, str, str], object]


class MigrationFailed(RuntimeError):
    """The migration that failed left nothing behind; the text says why."""


async def migrate(config: dict[str, Any], upto: str | None = None) -> list[str]:
    """Applies what is missing and returns the names applied; raises MigrationFailed, the data kept.

    ``upto`` (``label.name``) is the last one to apply; without it, all.
    """
    applied: list[str] = []

    def note(event: str, _label: str, name: str) -> None:
        if event == "apply_done":
            applied.append(name)

    run = _run_sqlite if "file_path" in _credentials(config) else _run_postgres
    async with only_migration(config):
        for left in range(TRIES, 0, -1):
            already = len(applied)
            try:
                await run(config, note, upto)
                break
            except Exception as error:
                if run is _run_sqlite:
                    del applied[already:]
                if not _is_busy(error):
                    raise
                if left == 1:
                    raise MigrationFailed("somebody holds the tables; try again at a quieter time") from error
                await asyncio.sleep(PAUSE)
    return applied


@asynccontextmanager
async def only_migration(config: dict[str, Any]) -> AsyncIterator[None]:
    """Waits until no other migration runs, and keeps others waiting meanwhile."""
    credentials = _credentials(config)
    if "file_path" in credentials:
        path = Path(credentials["file_path"])
        with path.with_name(path.name + ".migrating").open("w") as handle:
            await asyncio.to_thread(fcntl.flock, handle, fcntl.LOCK_EX)
            yield
        return
    lock = await connect(credentials)
    try:
        await lock.execute("SELECT pg_advisory_lock($1)", LOCK_KEY)
        yield
    finally:
        await lock.close()


def _credentials(config: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = config["connections"]["default"]["credentials"]
    return found


def _is_busy(error: BaseException | None) -> bool:
    """Whether a migration only has to try again."""
    while error is not None:
        if isinstance(error, asyncpg.LockNotAvailableError | asyncpg.DeadlockDetectedError):
            return True
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


async def _run_postgres(config: dict[str, Any], note: Note, upto: str | None) -> None:
    patient = deepcopy(config)
    settings = _credentials(patient).setdefault("server_settings", {})
    settings["lock_timeout"] = f"{LOCK_SECONDS}s"
    try:
        await run_migrations(config=patient, target=upto, progress=note)
    finally:
        await Tortoise.close_connections()


async def _run_sqlite(config: dict[str, Any], note: Note, upto: str | None) -> None:
    unenforced = deepcopy(config)
    _credentials(unenforced)["foreign_keys"] = "OFF"
    await Tortoise.init(config=unenforced)
    try:
        async with transaction():
            before = await _row_counts()
            await _apply(unenforced, note, upto)
            await _check(before)
    finally:
        await Tortoise.close_connections()


async def _apply(config: dict[str, Any], note: Note, upto: str | None) -> None:
    label, _, name = (upto or "").partition(".")
    targets = [MigrationTarget(label, name)] if upto else None
    await _Executor(connection(), config["apps"]).migrate(targets, progress=note)


class _Editor(SqliteSchemaEditor):
    """Tortoise's own takes a semicolon in a table's description for the end of a statement, and where it makes a table
    anew it forgets its indexes, what must be unique, and the triggers that make it append-only; nothing says so."""

    async def _remake_table(self, model: Any, *arguments: Any, **named: Any) -> None:
        table = model._meta.db_table
        kept = await _kept(table)
        await super()._remake_table(model, *arguments, **named)
        await _put_back(table, kept)

    async def _run_sql(self, sql: str) -> None:
        for statement in statements(sql):
            await self.client.execute_query(statement)


class _Executor(MigrationExecutor):
    def _schema_editor(self, atomic: bool = True, collect_sql: bool = False) -> BaseSchemaEditor:
        return _Editor(self.connection, atomic=atomic, collect_sql=collect_sql)


async def _query(sql: str) -> list[tuple[Any, ...]]:
    _, found = await connection().execute_query(sql)
    return [tuple(each) for each in found]


@dataclass(frozen=True, slots=True)
class _Kept:
    """An index or a trigger of a table; ``sql`` None: what the table itself says must be unique."""

    name: str
    sql: str | None
    unique: bool
    columns: tuple[str, ...]


async def _kept(table: str) -> list[_Kept]:
    """Everything that hangs on a table. The columns of an index that is worked out by an expression are not known."""
    indexes = await _query(f"SELECT name, \"unique\", origin FROM pragma_index_list('{table}') WHERE origin <> 'pk'")
    found = []
    for name, unique, _origin in indexes:
        columns = tuple(column for (column,) in await _query(f"SELECT name FROM pragma_index_info('{name}')") if column)
        [(sql,)] = await _query(f"SELECT sql FROM sqlite_master WHERE type = 'index' AND name = '{name}'")
        found.append(_Kept(name, sql, bool(unique), columns))
    triggers = await _query(f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'")
    return found + [_Kept(name, sql, False, ()) for name, sql in triggers]


async def _put_back(table: str, kept: list[_Kept]) -> None:
    """What the table has no more, but for what stood on a column that is gone."""
    there = await _kept(table)
    names, unique = {each.name for each in there}, {each.columns for each in there if each.unique}
    columns = {name for (name,) in await _query(f"SELECT name FROM pragma_table_info('{table}')")}
    for each in kept:
        if not set(each.columns) <= columns:
            continue
        if each.sql is not None and each.name not in names:
            await _query(each.sql)
        elif each.sql is None and each.columns not in unique:
            listed = ", ".join(f'"{column}"' for column in each.columns)
            await _query(f'CREATE UNIQUE INDEX "{table}_{"_".join(each.columns)}_unique" ON "{table}" ({listed})')


async def _row_counts() -> dict[str, int]:
    names = await _query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'")
    return {name: (await _query(f'SELECT count(*) FROM "{name}"'))[0][0] for (name,) in names}


async def _check(before: dict[str, int]) -> None:
    broken = await _query("PRAGMA foreign_key_check")
    if broken:
        raise MigrationFailed(f"{len(broken)} rows would point to nothing, first in table {broken[0][0]}")
    after = await _row_counts()
    lost = [name for name, count in before.items() if name in after and after[name] < count]
    if lost:
        raise MigrationFailed("rows would be lost in " + ", ".join(sorted(lost)))


def shipped(config: dict[str, Any], label: str) -> list[str]:
    """Names of the migrations that this version brings, in their order."""
    package = import_module(config["apps"][label]["migrations"])
    return sorted(module.name for module in pkgutil.iter_modules(package.__path__))


async def pending(config: dict[str, Any]) -> list[str]:
    """Names of the migrations that the open database still lacks; all of them where it has no schema yet."""
    on_disk = {f"{label}.{name}" for label in config["apps"] for name in shipped(config, label)}
    try:
        done = {f"{found['app']}.{found['name']}" for found in await fetch("SELECT app, name FROM tortoise_migrations")}
    except OperationalError:
        done = set()
    return sorted(on_disk - done)
