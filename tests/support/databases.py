"""Databases for tests: migrated once, filled once, then copied."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

import asyncpg

from components.data.migrating import migrate
from components.data.operator import Operator, load_operator
from dashboard.imports.importing import import_folder
from dashboard.schema import config

SAMPLES = Path(__file__).parents[2] / "dashboard" / "imports" / "samples"
Dialect = Literal["sqlite", "postgres"]
Result = TypeVar("Result")


def operator_of(sample: str) -> Operator:
    """The operator whose export ``sample`` is."""
    return load_operator(SAMPLES / sample / "operator.toml")


def elsewhere(work: Coroutine[Any, Any, Result]) -> Result:
    """Runs ``work`` in a thread and a loop of its own, so that a test's loop may be running already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@dataclass
class Databases:
    """Hands out databases of one kind. ``place``: a folder of files, or the folder of the server's socket."""

    dialect: Dialect
    place: str
    _numbers: count[int] = field(default_factory=count)
    _templates: dict[str, str] = field(default_factory=dict)

    def empty(self) -> str:
        """The URL of a migrated database without a row."""
        return self._copy("empty")

    def filled(self, sample: str) -> str:
        """The URL of a database with a sample export in it."""
        return self._copy(sample)

    def prepared(self, kind: str, source: str, work: Callable[[str], Coroutine[Any, Any, None]]) -> str:
        """The URL of a database that ``work`` made out of a copy of ``source``; the work is done once."""
        if kind not in self._templates:
            self._copy(source)
            self._make(kind, source, work)
        return self._copy(kind)

    def _make(self, kind: str, source: str | None, work: Callable[[str], Coroutine[Any, Any, None]]) -> None:
        """A template counts once its work is done; one whose work failed is taken away, and made anew."""
        name = f"template_{kind}"
        self._create(name, self._templates[source] if source else None)
        try:
            elsewhere(work(self.url(name)))
        except BaseException:
            self.drop(self.url(name))
            raise
        self._templates[kind] = name

    def drop(self, url: str) -> None:
        """Takes a database away once its test is over: hundreds of copies would fill the disk's cache."""
        if self.dialect == "postgres":
            name = urlsplit(url).path.removeprefix("/")
            elsewhere(_administer(self.place, f"DROP DATABASE {name} WITH (FORCE)"))
        else:
            for suffix in ("", "-wal", "-shm"):
                Path(url.removeprefix("sqlite://") + suffix).unlink(missing_ok=True)

    def url(self, name: str) -> str:
        if self.dialect == "sqlite":
            return f"sqlite://{self.place}/{name}.db"
        return f"postgres://postgres@/{name}?host={self.place}"

    def create_bare(self, name: str, locale: str = "") -> None:
        """A database without a schema, for those who migrate it themselves. A SQLite file makes itself."""
        self._create(name, None, locale)

    def _copy(self, kind: str) -> str:
        if kind not in self._templates:
            if kind == "empty":
                self._make(kind, None, _migrate)
            else:
                self._copy("empty")
                self._make(kind, "empty", lambda url: _fill(url, kind))
        name = f"test_{next(self._numbers)}"
        self._create(name, self._templates[kind])
        return self.url(name)

    def _create(self, name: str, template: str | None, locale: str = "") -> None:
        if self.dialect == "postgres":
            source = f" TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
            if locale:
                source = f" TEMPLATE template0 ENCODING 'UTF8' LOCALE '{locale}'"
            elsewhere(_administer(self.place, f"CREATE DATABASE {name}{source}"))
        elif template:
            source, target = Path(self.place, f"{template}.db"), Path(self.place, f"{name}.db")
            with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
                old.backup(new)


async def _administer(socket: str, statement: str) -> None:
    connection = await asyncpg.connect(host=socket, user="postgres", database="postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _migrate(url: str) -> None:
    await migrate(config(url))


async def _fill(url: str, sample: str) -> None:
    await import_folder(SAMPLES / sample, url=url, operator=operator_of(sample))
