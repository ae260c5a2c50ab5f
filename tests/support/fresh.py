"""Databases in which nothing is yet, not even a schema."""

from __future__ import annotations

from itertools import count

from tests.support.databases import Databases

_NUMBERS = count()


def fresh_url(databases: Databases) -> str:
    """The URL of a database without a schema."""
    name = f"fresh_{next(_NUMBERS)}"
    databases._create(name, None)
    return databases.url(name)
