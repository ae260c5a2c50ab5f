"""Statements, counted for whoever asks and timed: a slow one is logged with its text, never with its values."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import structlog
from tortoise.backends.base.client import BaseDBAsyncClient

log = structlog.get_logger("kabinet")
LONGEST = 2_000  # characters of a statement that are logged


@dataclass(slots=True)
class Tally:
    """How many statements a piece of work has sent, and how long it waited for them."""

    statements: int = 0
    seconds: float = 0.0


_tally: ContextVar[Tally | None] = ContextVar("tally", default=None)
_slow_seconds = 0.0


def tally() -> Tally:
    """Counts from now on what this task and those begun in it send."""
    begun = Tally()
    _tally.set(begun)
    return begun


def log_slower_than(milliseconds: int) -> None:
    """For this process; 0 logs none."""
    global _slow_seconds
    _slow_seconds = milliseconds / 1000


def _sent(query: str, started: float) -> None:
    took = perf_counter() - started
    counted = _tally.get()
    if counted is not None:
        counted.statements += 1
        counted.seconds += took
    if 0 < _slow_seconds <= took:
        log.warning("slow query", ms=round(took * 1000, 1), sql=" ".join(query[:LONGEST].split()))


class Watched(BaseDBAsyncClient):
    """Stands before a client or a transaction of Tortoise's. The time includes that spent waiting for a connection."""

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Any]:
        started = perf_counter()
        try:
            return await super().execute_query(query, values)
        finally:
            _sent(query, started)

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        started = perf_counter()
        try:
            return await super().execute_query_dict(query, values)
        finally:
            _sent(query, started)

    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        started = perf_counter()
        try:
            return await super().execute_insert(query, values)
        finally:
            _sent(query, started)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        started = perf_counter()
        try:
            await super().execute_many(query, values)
        finally:
            _sent(query, started)
