"""Bringing a database to the newest schema without losing a row.

On SQLite a changed column rebuilds its table: with foreign keys enforced the drop would cascade into the children,
and indexes and triggers are gone with it. So there we migrate with enforcement off, make the lost indexes and
triggers again, keep a copy of the file until all is checked, and put it back if a check fails. On PostgreSQL an
advisory lock makes a second migration wait for the first.
"""

from __future__ import annotations

import fcntl
import pkgutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.exceptions import OperationalError
from tortoise.migrations.api import migrate as run_migrations

from components.data.database import fetch

LOCK_KEY = 4_445_001  # any number, the same for every process of one installation


class MigrationFailed(RuntimeError):
    """The database was put back as it was; the text says why."""


async def migrate(config: dict[str, Any]) -> list[str]:
    """Applies what is missing and returns the names applied; raises MigrationFailed, the data kept."""
    applied: list[str] = []

    def note(event: str, _label: str, name: str) -> None:
        if event == "apply_done":
            applied.append(name)

    credentials = config["connections"]["default"]["credentials"]
    if "file_path" in credentials:
        await _migrate_sqlite(config, Path(credentials["file_path"]), note)
    else:
        await _migrate_postgres(config, credentials, note)
    return applied


async def _run(config: dict[str, Any], note: Any) -> None:
    try:
        await run_migrations(config=config, progress=note)
    finally:
        await Tortoise.close_connections()


async def _migrate_postgres(config: dict[str, Any], credentials: dict[str, Any], note: Any) -> None:
    names = ("host", "port", "user", "password", "database", "ssl")
    lock = await asyncpg.connect(**{name: credentials[name] for name in names if credentials.get(name)})
    try:
        await lock.execute("SELECT pg_advisory_lock($1)", LOCK_KEY)
        await _run(config, note)
    finally:
        await lock.close()


async def _migrate_sqlite(config: dict[str, Any], path: Path, note: Any) -> None:
    with _only_one(path):
        if _is_new(path):
            await _run(config, note)
            return
        copy = path.with_name(path.name + ".before-migration")
        copy.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        before, kept = _row_counts(path), _indexes_and_triggers(path)
        unenforced = deepcopy(config)
        unenforced["connections"]["default"]["credentials"]["foreign_keys"] = "OFF"
        try:
            await _run(unenforced, note)
            _put_back(path, kept)
            _check(path, before)
        except BaseException:
            with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(path)) as target:
                source.backup(target)
            raise
        finally:
            copy.unlink(missing_ok=True)


def _is_new(path: Path) -> bool:
    return not path.exists() or path.stat().st_size == 0


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    with path.with_name(path.name + ".migrating").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _indexes_and_triggers(path: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        ).fetchall()


def _put_back(path: Path, kept: list[tuple[str, str, str]]) -> None:
    """A rebuilt table has lost its indexes, and the triggers that make it append-only; nothing said so."""
    still_there = {name for name, _, _ in _indexes_and_triggers(path)}
    with closing(sqlite3.connect(path)) as db, db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for name, table, sql in kept:
            if name not in still_there and table in tables:
                db.execute(sql)


def _row_counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as db:
        names = [
            name
            for (name,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
        ]
        return {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def _check(path: Path, before: dict[str, int]) -> None:
    with closing(sqlite3.connect(path)) as db:
        broken = db.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise MigrationFailed(f"{len(broken)} rows would point to nothing, first in table {broken[0][0]}")
    after = _row_counts(path)
    lost = [name for name, count in before.items() if name in after and after[name] < count]
    if lost:
        raise MigrationFailed("rows would be lost in " + ", ".join(sorted(lost)))


async def pending(config: dict[str, Any]) -> list[str]:
    """Names of the migrations that the open database still lacks; all of them where it has no schema yet."""
    on_disk = {
        f"{label}.{module.name}"
        for label, app in config["apps"].items()
        for module in pkgutil.iter_modules(import_module(app["migrations"]).__path__)
    }
    try:
        done = {f"{found['app']}.{found['name']}" for found in await fetch("SELECT app, name FROM tortoise_migrations")}
    except OperationalError:
        done = set()
    return sorted(on_disk - done)
