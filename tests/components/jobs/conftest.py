"""A database with a table for effects: what handlers leave behind, so that it can be counted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from components.data.database import database, execute
from dashboard.schema import config
from tests.components.jobs.effects import EFFECTS


@pytest.fixture
async def opened(database_url: str) -> AsyncIterator[dict[str, Any]]:
    """An open database; its configuration."""
    chosen = config(database_url)
    async with database(chosen):
        await execute(EFFECTS)
        yield chosen
