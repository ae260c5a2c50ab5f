"""Counted tries are forgotten two days later."""

from __future__ import annotations

import time_machine

from components.data.database import database, fetch
from components.data.throttle import Limit, count, forget
from dashboard.schema import config

LIMIT = Limit("sign-in", 5, 600)


async def test_tries_of_two_days_ago_are_forgotten(database_url: str, at_noon: time_machine.Traveller) -> None:
    async with database(config(database_url)):
        await count((LIMIT, "old"))
        at_noon.shift(100_000)
        await count((LIMIT, "newer"))
        at_noon.shift(100_000)
        await forget(older_than=172_800)
        assert [found["key"] for found in await fetch("SELECT key FROM attempt")] == ["sign-in:newer"]
