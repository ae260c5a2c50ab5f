"""Addresses with a query: links that change one thing and keep the rest."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode


def with_query(path: str, values: Mapping[str, str | None]) -> str:
    """``path`` and the non-empty values as its query, in their order."""
    kept = [(name, value) for name, value in values.items() if value]
    return path + ("?" + urlencode(kept) if kept else "")


def segment(text: str) -> str:
    """One path segment, percent-encoded: slashes and spaces of a printed number included."""
    return quote(text, safe="")
