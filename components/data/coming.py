"""Rows that are worked out ahead of the transaction that writes them.

SQLite has one writer, so a large write gets ready before it takes the lock: what table ``x`` will hold otherwise than
now stands whole, with its id, in the TEMP table ``coming_x``, and the transaction only moves it.
"""

from __future__ import annotations

from collections.abc import Callable

# For a table, the (table, condition) pairs that together hold each of its rows once, as ``x``.
Parts = Callable[[str], tuple[tuple[str, str], ...]]


def coming(table: str) -> str:
    """The name of the TEMP table with the rows about to be written to ``table``."""
    return f"coming_{table}"


def as_it_stands(table: str) -> tuple[tuple[str, str], ...]:
    """The table itself."""
    return ((table, "1 = 1"),)


def as_will_stand(table: str) -> tuple[tuple[str, str], ...]:
    """The table after the write."""
    known = f"NOT EXISTS (SELECT 1 FROM {coming(table)} c WHERE c.id = x.id)"
    return (table, known), (coming(table), "1 = 1")
