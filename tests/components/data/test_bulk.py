"""Set-based work: the same promises from both databases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from components.data.bulk import Bulk, as_day, open_bulk
from components.data.database import database, rows
from dashboard.schema import config
from users.journal.models import JournalRow
from users.parties.models import Customer


@dataclass
class _Moment:
    at: datetime


COLUMNS = {"name": "text", "amount": "whole", "on": "day", "at": "moment", "good": "flag"}
AT = datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5)))
INSERT = (
    "INSERT INTO customer (number, kind, name, birth_date, declaration) SELECT :number, 'person', 'Aigul', :day, :flag"
)


async def test_what_is_copied_comes_back(database_url: str) -> None:
    async with open_bulk(config(database_url)) as bulk:
        await bulk.stage("coming", COLUMNS)  # type: ignore[arg-type]
        many = [(f"n{i}", i * 10**12, date(2026, 1, 1), AT, i % 2 == 0) for i in range(5000)]
        await bulk.copy("coming", COLUMNS, [*many, (None,) * 5])  # type: ignore[arg-type]
        await bulk.analyze("coming")
        assert await bulk.number("SELECT COUNT(*) FROM coming") == 5001
        found = [row async for row in bulk.stream("SELECT name, amount, good FROM coming ORDER BY amount")]
        assert (None, None, None) in found
        assert [tuple(row) for row in found if row[0]] == [(name, n, good) for name, n, _, _, good in many]


async def test_days_and_moments_are_stored_as_the_models_store_them(database_url: str) -> None:
    """What one writes the other finds: through Tortoise's model, and through a typed read."""
    async with open_bulk(config(database_url)) as bulk:
        await bulk.execute(INSERT, number="C1", day=date(1979, 3, 14), flag=True)
        await bulk.execute("INSERT INTO journal (at, actor, act) SELECT :at, 'a test', 'test.done'", at=AT)
        day = (await bulk.fetch("SELECT birth_date FROM customer"))[0][0]
        assert as_day(day) == date(1979, 3, 14)
    async with database(config(database_url)):
        found = await Customer.get(birth_date=date(1979, 3, 14))
        assert (found.number, found.declaration) == ("C1", True)
        assert await rows(_Moment, "SELECT at FROM journal WHERE at = :at", at=AT) == [_Moment(AT.astimezone(UTC))]


async def test_a_transaction_is_all_or_nothing(database_url: str) -> None:
    async with open_bulk(config(database_url)) as bulk:
        with pytest.raises(ZeroDivisionError):
            await _add_and_fail(bulk)
        assert await bulk.number("SELECT COUNT(*) FROM customer") == 0
        async with bulk.transaction():
            assert await bulk.execute(INSERT, number="C2", day=None, flag=None) == 1
        assert await bulk.number("SELECT COUNT(*) FROM customer") == 1


async def _add_and_fail(bulk: Bulk) -> None:
    async with bulk.transaction():
        await bulk.execute(INSERT, number="C1", day=None, flag=None)
        raise ZeroDivisionError


async def test_staging_leaves_the_database_to_others(database_url: str) -> None:
    """While one connection stages, another writes."""
    async with open_bulk(config(database_url)) as staging, open_bulk(config(database_url)) as writing:
        await staging.stage("coming", COLUMNS)  # type: ignore[arg-type]
        await staging.copy("coming", COLUMNS, [("a", 1, None, None, None)])  # type: ignore[arg-type]
        assert await writing.execute(INSERT, number="C1", day=None, flag=None) == 1
        await staging.copy("coming", COLUMNS, [("b", 2, None, None, None)])  # type: ignore[arg-type]
        assert await staging.number("SELECT COUNT(*) FROM customer") == 1


async def test_foreign_keys_are_enforced(database_url: str) -> None:
    async with open_bulk(config(database_url)) as bulk:
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            await bulk.execute(
                "INSERT INTO account (number, customer_id, currency, opening_balance) VALUES ('A', 99, 'KZT', 0)"
            )


async def test_json_is_written_as_json(database_url: str) -> None:
    async with open_bulk(config(database_url)) as bulk:
        await bulk.execute(
            f"INSERT INTO journal (at, actor, act, \"after\") SELECT :at, 'a test', 'test.done', {bulk.json(':told')}",
            at=AT,
            told='{"name": "Әлия"}',
        )
    async with database(config(database_url)):
        assert (await JournalRow.get(act="test.done")).after == {"name": "Әлия"}
