"""Looking into a database from outside: everything that stands in it, and single answers."""

from __future__ import annotations

from typing import Any

from components.data.bulk import Bulk, open_bulk
from dashboard.schema import config

_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgres": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


async def ask(url: str, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a SELECT; days as ISO text from both databases."""
    async with open_bulk(config(url)) as bulk:
        return await _rows(bulk, sql, **values)


async def contents(url: str, *without: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but those named."""
    async with open_bulk(config(url)) as bulk:
        names = sorted(row[0] for row in await bulk.fetch(_TABLES[bulk.dialect]))
        return {
            name: sorted(await _rows(bulk, f'SELECT * FROM "{name}"'), key=repr)
            for name in names
            if name not in without
        }


async def _rows(bulk: Bulk, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    return [
        tuple(str(value) if hasattr(value, "isoformat") else value for value in row)
        for row in await bulk.fetch(sql, **values)
    ]
