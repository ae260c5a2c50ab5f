"""An export handed over in parts, in any order, with drafts in between, ends where the whole one ends."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings

from tests.dashboard.usage.test_rollups import naive, stored
from tests.support.contents import ask
from tests.support.databases import Databases
from tests.support.exports import OPERATOR, bring
from tests.support.partial_exports import Story, stories
from tests.support.standing import standing

CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


async def _ends_alike(story: Story, parts: str, whole: str) -> None:
    with TemporaryDirectory() as folder:
        for export in story.exports():
            await bring(export.write(Path(folder)), parts)
        await bring(story.whole().write(Path(folder)), whole)
        assert not (await bring(Path(folder), parts)).changed
    assert await standing(parts) == await standing(whole)
    intervals = await ask(parts, "SELECT service_id, started_at, seconds, incoming, outgoing FROM usage_interval")
    in_bytes = {row[0] for row in await ask(parts, "SELECT id FROM service WHERE unit = 'bytes'")}
    assert await stored(parts) == naive(intervals, in_bytes, OPERATOR.zone)  # type: ignore[arg-type]
    for balance, brought_forward, due, entries, open_sum in await ask(
        parts,
        "SELECT p.balance, p.brought_forward, p.due,"
        " (SELECT COALESCE(SUM(e.amount), 0) FROM ledger_entry e"
        " WHERE e.account_id = p.account_id AND e.book = 'customer'),"
        " (SELECT COALESCE(SUM(i.open), 0) FROM invoice i WHERE i.account_id = p.account_id)"
        " FROM account_position p",
    ):
        assert balance == entries
        assert due == brought_forward + open_sum == max(0, -balance)


@settings(max_examples=20, deadline=None, suppress_health_check=CHECKS)
@given(story=stories())
def test_parts_end_where_the_whole_ends(story: Story, sqlite_databases: Databases) -> None:
    asyncio.run(_ends_alike(story, sqlite_databases.empty(), sqlite_databases.empty()))


@settings(max_examples=5, deadline=None, suppress_health_check=CHECKS)
@given(story=stories())
def test_parts_end_where_the_whole_ends_on_postgres(
    story: Story, sqlite_databases: Databases, postgres_databases: Databases
) -> None:
    asyncio.run(_ends_alike(story, postgres_databases.empty(), sqlite_databases.empty()))
