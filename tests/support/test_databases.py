"""The tests' own databases: a template that could not be made is not taken for one that was."""

from __future__ import annotations

import pytest

from components.data.database import database, execute, fetch
from dashboard.schema import config
from tests.support.databases import Databases


async def test_a_template_whose_work_failed_is_made_anew(databases: Databases) -> None:
    tried = []

    async def work(url: str) -> None:
        async with database(config(url)):
            await execute("INSERT INTO attempt (key, window_start, count) VALUES ('a', 1, 1)")
        tried.append(url)
        if len(tried) == 1:
            raise RuntimeError("half done")

    with pytest.raises(RuntimeError, match="half done"):
        databases.prepared("half", "empty", work)
    for _ in range(2):
        url = databases.prepared("half", "empty", work)
        async with database(config(url)):
            assert len(await fetch("SELECT key FROM attempt")) == 1
        databases.drop(url)
    assert len(tried) == 2, "and once it is made it is only copied"
