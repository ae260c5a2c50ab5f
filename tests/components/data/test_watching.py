"""Statements are counted for whoever asks, and a slow one is logged: its text, its time, the request, no value."""

from __future__ import annotations

import asyncio

import pytest
import structlog
from structlog.testing import capture_logs

from components.data import watching
from components.data.database import database, execute, fetch, transaction
from dashboard.schema import config
from users.parties.models import Customer


async def test_every_way_to_send_a_statement_counts(database_url: str) -> None:
    async with database(config(database_url)):
        count = watching.tally()
        await fetch("SELECT 1 AS one")
        await execute("UPDATE customer SET name = :name", name="Zere")
        async with transaction():
            await fetch("SELECT 2 AS two")
        assert count.statements == 3
        await Customer.create(number="C1", kind="person", name="Zere")
        await Customer.filter(number="C1").first()
        assert count.statements == 5
        assert count.seconds > 0


async def test_each_request_counts_its_own(database_url: str) -> None:
    async def request(statements: int) -> int:
        count = watching.tally()
        for _ in range(statements):
            await fetch("SELECT 1 AS one")
        return count.statements

    async with database(config(database_url)):
        counted = await asyncio.gather(*(asyncio.create_task(request(each)) for each in (1, 2, 3)))
    assert counted == [1, 2, 3]


async def test_a_slow_statement_is_logged_without_its_values(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_slow_seconds", 1e-9)
    async with database(config(database_url)):
        with (
            structlog.contextvars.bound_contextvars(request="r-4445"),
            capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged,
        ):
            await fetch("SELECT number\n  FROM customer WHERE name = :name", name="Zere")
    (line,) = logged
    assert (line["event"], line["log_level"], line["request"]) == ("slow query", "warning", "r-4445")
    assert line["sql"].startswith("SELECT number FROM customer WHERE name = ")
    assert line["ms"] >= 0
    assert "Zere" not in str(line)


@pytest.mark.parametrize("threshold", [0, 60_000])
async def test_a_quick_one_is_not(database_url: str, threshold: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_slow_seconds", 0.0)
    watching.log_slower_than(threshold)
    async with database(config(database_url)):
        with capture_logs() as logged:
            await fetch("SELECT 1 AS one")
    assert logged == []
