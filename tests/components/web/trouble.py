"""Trouble made on purpose: a page's own read that fails."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest

from billing.invoices import pages


def broken(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """From now on the list of invoices fails with this error."""

    async def fail(*_: Any) -> NoReturn:
        raise error

    monkeypatch.setattr(pages, "list_invoices", fail)
