"""The stored projection: right for every account, and untouched where nothing changed."""

from __future__ import annotations

from datetime import UTC, datetime

from billing.allocation.storing import refresh_accounts
from components.data.bulk import open_bulk
from dashboard.schema import config
from tests.support.contents import ask, contents

LATER = datetime(2027, 1, 1, tzinfo=UTC)


async def _refresh(url: str, sql: str = "SELECT id FROM account") -> None:
    async with open_bulk(config(url)) as bulk:
        await bulk.execute(f"CREATE TEMP TABLE chosen AS {sql}")
        async with bulk.transaction():
            await refresh_accounts(bulk, "chosen", LATER)


async def test_working_it_out_again_writes_nothing(filled_url: str) -> None:
    before = await contents(filled_url)
    await _refresh(filled_url)
    assert await contents(filled_url) == before


async def test_a_projection_that_was_lost_is_built_again(filled_url: str) -> None:
    before = await contents(filled_url, "allocation", "account_position")
    positions = "SELECT account_id, balance, brought_forward, due, due_on FROM account_position ORDER BY 1"
    shares = (
        "SELECT invoice_id, payment_id, correction_id, amount, allocated_on, direct FROM allocation"
        " ORDER BY invoice_id, payment_id, correction_id, amount, allocated_on"
    )
    expected = (await ask(filled_url, positions), await ask(filled_url, shares))
    async with open_bulk(config(filled_url)) as bulk:
        await bulk.execute("DELETE FROM allocation")
        await bulk.execute("DELETE FROM account_position")
        await bulk.execute("UPDATE invoice SET open = 7, corrected = 7, paid_on = NULL, answered_by_id = NULL")
    await _refresh(filled_url)
    assert (await ask(filled_url, positions), await ask(filled_url, shares)) == expected
    assert await contents(filled_url, "allocation", "account_position") == before


async def test_only_the_accounts_asked_for_are_touched(filled_url: str) -> None:
    async with open_bulk(config(filled_url)) as bulk:
        await bulk.execute("UPDATE invoice SET open = 7")
    await _refresh(filled_url, "SELECT id FROM account WHERE number = '4485'")
    rows = await ask(
        filled_url,
        "SELECT a.number, COUNT(*) FROM invoice i JOIN account a ON a.id = i.account_id"
        " WHERE i.open = 7 GROUP BY a.number",
    )
    assert len(rows) == 12
    assert "4485" not in dict(rows)


async def test_the_shares_of_a_document_come_to_what_was_paid(filled_url: str) -> None:
    rows = await ask(
        filled_url,
        "SELECT i.number, i.total - i.open, COALESCE(SUM(s.amount), 0) FROM invoice i"
        " LEFT JOIN allocation s ON s.invoice_id = i.id WHERE i.kind <> 'payment_notice' AND i.total > 0"
        " GROUP BY i.id, i.number, i.total, i.open",
    )
    assert rows
    assert [row for row in rows if row[1] != row[2]] == []


async def test_a_document_paid_twice_and_returned_keeps_its_first_day(filled_url: str) -> None:
    """ПП 000777 came twice and was sent back once."""
    rows = await ask(
        filled_url,
        "SELECT p.amount, p.paid_on, i.paid_on, i.open FROM payment p JOIN invoice i ON i.id = p.invoice_id"
        " WHERE p.reference LIKE '%000777' ORDER BY p.paid_on",
    )
    assert rows
    assert all(row[3] == 0 for row in rows)
