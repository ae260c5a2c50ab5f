"""The ledger after an import: double entry, in balance, and never changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from billing.ledger.posting import Postings
from components.data.bulk import open_bulk
from dashboard.schema import config
from tests.support.contents import ask, contents
from tests.support.databases import Databases

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("sample", ["telecom", "insurer", "housing"])
async def test_every_transaction_sums_to_zero(sample: str, filled: Callable[[str], str]) -> None:
    rows = await ask(
        filled(sample),
        "SELECT t.source_key, COUNT(e.id), SUM(e.amount) FROM ledger_transaction t"
        " LEFT JOIN ledger_entry e ON e.transaction_id = t.id GROUP BY t.id, t.source_key",
    )
    assert rows
    assert [key for key, entries, total in rows if entries < 2 or total != 0] == []


async def test_payment_notices_and_empty_openings_post_nothing(filled_url: str) -> None:
    kinds = await ask(filled_url, "SELECT kind, COUNT(*) FROM ledger_transaction GROUP BY kind ORDER BY kind")
    documents = dict(await ask(filled_url, "SELECT kind, COUNT(*) FROM invoice GROUP BY kind"))
    notices = documents.pop("payment_notice")
    assert notices > 400
    assert dict(kinds) == {**documents, "payment": 497, "opening": 1}


async def test_an_invoice_owes_revenue_and_vat_and_a_payment_is_cash(filled_url: str) -> None:
    entries = (
        "SELECT e.book, e.amount FROM ledger_transaction t JOIN ledger_entry e ON e.transaction_id = t.id"
        " WHERE t.source_key = :key ORDER BY e.book"
    )
    assert await ask(filled_url, entries, key="invoice:СФ-2024-000001:1") == [
        ("customer", -2788800),
        ("revenue", 2490000),
        ("vat", 298800),
    ]
    assert await ask(filled_url, entries, key="payment:P0000001:1") == [
        ("cash", -2788800),
        ("customer", 2788800),
    ]
    assert await ask(filled_url, entries, key="opening:4445") == [
        ("customer", 1538580),
        ("opening", -1538580),
    ]


async def test_without_vat_there_is_no_entry_of_vat(filled: Callable[[str], str]) -> None:
    books = await ask(filled("insurer"), "SELECT DISTINCT book FROM ledger_entry ORDER BY book")
    assert books == [("cash",), ("customer",), ("revenue",)]


async def test_an_opening_balance_stands_before_all_else(filled_url: str) -> None:
    rows = await ask(
        filled_url,
        "SELECT o.occurred_on, MIN(t.occurred_on) FROM ledger_transaction o"
        " JOIN ledger_transaction t ON t.account_id = o.account_id AND t.kind <> 'opening'"
        " WHERE o.kind = 'opening' GROUP BY o.occurred_on",
    )
    assert rows == [("2022-01-05", "2024-10-31")]


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["ledger_transaction", "ledger_entry", "journal"])
async def test_the_database_refuses_to_change_the_past(table: str, statement: str, filled_url: str) -> None:
    async with open_bulk(config(filled_url)) as bulk:
        if table == "journal":
            await bulk.execute("INSERT INTO journal (at, actor, act) SELECT :at, 'a test', 'test.done'", at=AT)
        with pytest.raises(Exception, match="append-only"):
            await bulk.execute(statement.format(table))


async def test_posting_the_same_revision_twice_is_refused(filled_url: str) -> None:
    """A source key is unique for ever: whoever posts anew raises the revision first."""
    before = await contents(filled_url)
    async with open_bulk(config(filled_url)) as bulk:
        await bulk.execute("CREATE TEMP TABLE again AS SELECT * FROM payment WHERE number = 'P0000001'")
        postings = Postings(bulk)
        await postings.stage()
        await postings.payments("again")
        assert await postings.number() == (1, 1)
        with pytest.raises(Exception, match=r"(?i)unique"):
            async with bulk.transaction():
                await postings.write(AT)
    assert await contents(filled_url) == before


async def test_each_revision_undoes_the_one_before(filled_url: str) -> None:
    for _ in range(3):
        async with open_bulk(config(filled_url)) as bulk:
            await bulk.execute("UPDATE invoice SET revision = revision + 1 WHERE number = 'СФ-2024-000001'")
            await bulk.execute("CREATE TEMP TABLE again AS SELECT * FROM invoice WHERE number = 'СФ-2024-000001'")
            postings = Postings(bulk)
            await postings.stage()
            await postings.documents("again")
            assert await postings.number() == (1, 1)
            async with bulk.transaction():
                await postings.write(AT)
    rows = await ask(
        filled_url,
        "SELECT t.source_key, t.occurred_on, SUM(e.amount) FROM ledger_transaction t"
        " JOIN ledger_entry e ON e.transaction_id = t.id AND e.book = 'customer'"
        " WHERE t.source_key LIKE 'invoice:СФ-2024-000001:%' GROUP BY t.id, t.source_key, t.occurred_on"
        " ORDER BY t.id",
    )
    assert [(key.removeprefix("invoice:СФ-2024-000001:"), amount) for key, _, amount in rows] == [
        ("1", -2788800),
        ("1:reversed", 2788800),
        ("2", -2788800),
        ("2:reversed", 2788800),
        ("3", -2788800),
        ("3:reversed", 2788800),
        ("4", -2788800),
    ]
    assert len({on for _, on, _ in rows}) == 1


async def test_an_account_without_a_day_opens_with_its_first_row(database_url: str) -> None:
    async with open_bulk(config(database_url)) as bulk:
        await bulk.execute("INSERT INTO customer (number, kind, name) VALUES ('C', 'person', 'Bolat')")
        await bulk.execute(
            "INSERT INTO account (number, customer_id, currency, opening_balance) "
            "SELECT n.number, c.id, 'KZT', -700 FROM customer c,"
            " (SELECT 'A' AS number UNION ALL SELECT 'B') n"
        )
        await bulk.execute(
            "INSERT INTO payment (number, account_id, paid_at, paid_on, amount, currency) "
            "SELECT 'P', id, :at, :day, 100, 'KZT' FROM account WHERE number = 'A'",
            at=AT,
            day=date(2026, 3, 1),
        )
        postings = Postings(bulk)
        await postings.stage()
        await postings.openings("account", "invoice", "payment", date(2026, 11, 20))
        assert await postings.number() == (2, 0)
        async with bulk.transaction():
            await postings.write(AT)
    rows = await ask(database_url, "SELECT source_key, occurred_on FROM ledger_transaction ORDER BY 1")
    assert rows == [("opening:A", "2026-03-01"), ("opening:B", "2026-11-20")]


async def test_working_postings_out_keeps_nobody_from_writing(sqlite_databases: Databases) -> None:
    """All but the last step is done without SQLite's one write lock: another process takes it in between."""
    url = sqlite_databases.filled("telecom")
    with closing(sqlite3.connect(url.removeprefix("sqlite://"), isolation_level=None, timeout=0)) as other:
        async with open_bulk(config(url)) as bulk:
            await bulk.execute("CREATE TEMP TABLE again AS SELECT * FROM payment")
            await bulk.execute("UPDATE again SET revision = 2")
            postings = Postings(bulk)
            await postings.stage()
            other.execute("BEGIN IMMEDIATE")
            await postings.payments("again")
            other.execute("ROLLBACK")
            assert await postings.number() == (497, 497)
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
            async with bulk.transaction():
                await postings.write(AT)
    assert await ask(url, "SELECT COUNT(*) FROM ledger_transaction WHERE reverses_id IS NOT NULL") == [(497,)]
    assert await ask(url, "SELECT SUM(amount) FROM ledger_entry") == [(0,)]
