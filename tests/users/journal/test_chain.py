"""The chain of seals: every row gets one, and one changed byte is found, whoever changed it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from components.data import clock
from components.data.bulk import open_bulk
from components.data.database import database, fetch
from components.jobs.handlers import HANDLERS
from dashboard import working
from dashboard.backups import make_backup, restore_backup
from dashboard.schema import config
from tests.support.cast import GULNAR, IRINA, VIKTOR
from tests.support.databases import Databases
from tests.support.fresh import fresh_url
from tests.users.journal.rows import act_of, around_the_guards, operators_act, seal_all
from users.journal.chain import OF_ACCOUNT, OPERATOR, Kept, beginning, canonical, chain_of, linked
from users.journal.exporting import Exported, Unreadable, last_seal, last_seals, read_seals
from users.journal.models import JournalRow, JournalSeal
from users.journal.verifying import SOON, verify
from users.parties.models import Account


@pytest.fixture
async def opened(own_url: str) -> AsyncIterator[str]:
    async with database(config(own_url)):
        yield own_url


async def chain_4445() -> int:
    return (await Account.get(number="4445")).id


async def ten_sealed() -> list[JournalRow]:
    """Ten rows of one account in their chain, and two of the operator's."""
    made = [await act_of(IRINA, before={"n": each}, after={"n": each + 1}) for each in range(10)]
    await operators_act()
    await operators_act(account_id=await chain_4445())
    assert await seal_all() == 12
    assert (await verify()).whole
    return made


async def kinds(chain: int | None = None, exported: list[Exported] | None = None) -> list[tuple[str, int]]:
    """What is found, and the row or (where there is none) the seal it is about."""
    verdict = await verify(chain, exported or [])
    return [(each.kind, each.row_id or each.number) for each in verdict.faults]


# Sealing


async def test_each_row_has_one_seal_in_the_chain_it_belongs_to(opened: str) -> None:
    made = await ten_sealed()
    chain = await chain_4445()
    assert await JournalSeal.filter(chain=chain).order_by("number").values_list("number", "row_id") == [
        (place, row.id) for place, row in enumerate(made, 1)
    ]
    assert await JournalSeal.filter(chain=OPERATOR).count() == 2, "an import's row is the operator's, of any account"
    assert await seal_all() == 0


@pytest.mark.parametrize(
    ("account", "user", "actor", "own"),
    [
        (None, None, "somebody", True),
        (None, 7, "somebody@x.example", True),
        (3, None, "kabinet import", True),
        (3, None, "staff@operator.example", True),
        (3, 7, "kabinet user", True),
        (3, 7, "kabinet", False),
        (3, 7, "somebody@x.example", False),
    ],
)
async def test_what_nobody_of_the_account_did_is_in_the_operators_chain(
    opened: str, account: int | None, user: int | None, actor: str, own: bool
) -> None:
    row = Kept(1, clock.now(), account, user, actor, "a.b", "", None, None, "", "")
    assert chain_of(row) == (OPERATOR if own else account)
    told = await fetch(
        "SELECT CASE WHEN " + OF_ACCOUNT + " THEN 1 ELSE 0 END AS own FROM "
        "(SELECT CAST(:account AS BIGINT) AS account_id, CAST(:user AS BIGINT) AS user_id,"
        " CAST(:actor AS VARCHAR(254)) AS actor) j",
        account=account,
        user=user,
        actor=actor,
    )
    assert told[0]["own"] == (not own), "the database goes by the same rule"


async def test_rows_are_sealed_some_at_a_time_until_none_is_left(opened: str) -> None:
    for _ in range(7):
        await act_of(IRINA)
    assert await seal_all(at_most=3) == 7
    assert (await verify()).whole


def test_the_worker_seals_at_least_every_minute() -> None:
    assert working
    assert (HANDLERS.by_name["journal.seal"].every or 999) <= 30  # it looks at the schedule every 30 s
    assert HANDLERS.by_name["journal.seal_late"].every == 86_400


async def test_a_row_that_comes_late_with_a_smaller_id_is_sealed_too(opened: str, monkeypatch: Any) -> None:
    """An import takes its ids, and commits after pages that came meanwhile."""
    for number in (200, 201, 150, 151):
        await act_of(IRINA, id=number)
        assert await seal_all() == 1
    assert await JournalSeal.all().order_by("number").values_list("row_id", flat=True) == [200, 201, 150, 151]
    monkeypatch.setattr("users.journal.sealing.WINDOW", 20)
    for number in (185, 170, 160):  # only the first is among the latest twenty; it shows that there may be more
        await act_of(IRINA, id=number)
    assert await seal_all() == 3
    assert (await verify()).whole


async def test_the_seals_are_append_only(opened: str) -> None:
    await ten_sealed()
    async with open_bulk(config(opened)) as bulk:
        for statement in ("DELETE FROM journal_seal", "UPDATE journal_seal SET hash = 'x'"):
            with pytest.raises(Exception, match="append-only"):
                await bulk.execute(statement)


async def test_transactions_that_overlap_are_all_sealed(postgres_url: str) -> None:
    """On PostgreSQL rows become visible in the order of commits, not of ids."""
    connections = [await asyncpg.connect(postgres_url) for _ in range(8)]
    try:
        async with database(config(postgres_url)):
            begun = []
            for each in connections:
                running = each.transaction()
                await running.start()
                await each.execute(_PLAIN)
                begun.append(running)
            for place in (5, 1, 7, 0, 6, 2, 4, 3):
                await begun[place].commit()
                assert await seal_all() == 1
            verdict = await verify()
            assert (verdict.rows, verdict.whole) == (8, True)
    finally:
        for each in connections:
            await each.close()


_PLAIN = "INSERT INTO journal (at, actor, act) VALUES (now(), 'a test', 'test.done')"


@pytest.fixture
def postgres_url(postgres_databases: Databases) -> str:
    return postgres_databases.empty()


async def test_workers_that_seal_at_once_make_one_chain(own_url: str) -> None:
    """Two workers, and pages that write meanwhile, each on a connection of its own."""
    async with database(config(own_url)):
        for _ in range(60):
            await act_of(IRINA)
        for _ in range(20):
            await operators_act()
    code = (
        "import asyncio, sys; from tests.users.journal.test_chain import seal_for_a_while as s;"
        " asyncio.run(s(sys.argv[1]))"
    )

    crew = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", code, own_url, stderr=asyncio.subprocess.PIPE)
        for _ in range(2)
    ]
    async with database(config(own_url)):
        for _ in range(60):
            await act_of(VIKTOR)
            await asyncio.sleep(0.01)
        for each in crew:
            _, error = await each.communicate()
            assert each.returncode == 0, error.decode()
        await seal_all()
        verdict = await verify()
    assert (verdict.rows, verdict.faults) == (140, [])


async def seal_for_a_while(url: str) -> None:
    async with database(config(url)):
        for _ in range(60):
            await seal_all(at_most=7)
            await asyncio.sleep(0.01)


# Verifying


ONE_BYTE = {
    "act": "UPDATE journal SET act = 'profile.changee' WHERE id = {id}",
    "actor": "UPDATE journal SET actor = 'mallory@x.example' WHERE id = {id}",
    "target": "UPDATE journal SET target = '' WHERE id = {id}",
    "before": """UPDATE journal SET "before" = '{{"n": 8}}' WHERE id = {id}""",
    "before as a text": """UPDATE journal SET "before" = '{{"n": "4"}}' WHERE id = {id}""",
    "after": """UPDATE journal SET "after" = NULL WHERE id = {id}""",
    "address": "UPDATE journal SET address = '192.0.2.8' WHERE id = {id}",
    "request": "UPDATE journal SET request_id = 'x' WHERE id = {id}",
    "user": "UPDATE journal SET user_id = (SELECT max(id) FROM person) WHERE id = {id}",
    "account": "UPDATE journal SET account_id = (SELECT max(id) FROM account) WHERE id = {id}",
    "no account": "UPDATE journal SET account_id = NULL WHERE id = {id}",
    "at": "UPDATE journal SET at = '2026-11-20 07:00:00.000001+00:00' WHERE id = {id}",
    "sealed at": "UPDATE journal_seal SET sealed_at = '2026-11-20 07:00:00.000001+00:00' WHERE row_id = {id}",
}


@pytest.mark.parametrize("what", ONE_BYTE)
async def test_one_changed_byte_is_found_and_the_row_is_named(opened: str, what: str) -> None:
    made = await ten_sealed()
    await around_the_guards(opened, ONE_BYTE[what].format(id=made[4].id))
    assert await kinds() == [("row", made[4].id)]
    assert await kinds(await chain_4445()) == [("row", made[4].id)]
    assert (await verify(OPERATOR)).whole


async def test_a_changed_row_at_the_end_is_found_too(opened: str) -> None:
    made = await ten_sealed()
    await around_the_guards(opened, f"UPDATE journal SET act = 'x' WHERE id IN ({made[8].id}, {made[9].id})")
    assert await kinds() == [("row", made[8].id), ("row", made[9].id)]


async def test_a_seal_s_changed_hash_is_told_from_a_changed_row(opened: str) -> None:
    made = await ten_sealed()
    await around_the_guards(opened, f"UPDATE journal_seal SET hash = '{'0' * 64}' WHERE row_id = {made[4].id}")
    assert await kinds() == [("seal", made[4].id)]


async def test_a_deleted_row_is_missed(opened: str) -> None:
    made = await ten_sealed()
    await around_the_guards(opened, f"DELETE FROM journal WHERE id = {made[4].id}")
    assert await kinds() == [("row gone", made[4].id)]


async def test_a_deleted_seal_is_missed(opened: str) -> None:
    made = await ten_sealed()
    await around_the_guards(opened, f"DELETE FROM journal_seal WHERE row_id = {made[4].id}")
    assert await kinds() == [("seal gone", 5)]


async def test_a_row_deleted_with_its_seal_is_missed_and_renumbering_does_not_hide_it(opened: str) -> None:
    made = await ten_sealed()
    chain, gone = await chain_4445(), made[4].id
    await around_the_guards(
        opened, f"DELETE FROM journal_seal WHERE row_id = {gone}", f"DELETE FROM journal WHERE id = {gone}"
    )
    assert await kinds() == [("seal gone", 5)]
    for number in range(6, 11):
        await around_the_guards(
            opened, f"UPDATE journal_seal SET number = {number - 1} WHERE chain = {chain} AND number = {number}"
        )
    assert [kind for kind, _ in await kinds()] == ["row"] * 5


async def test_a_row_put_in_later_without_a_seal_is_found_after_some_minutes(opened: str) -> None:
    await ten_sealed()
    row = await act_of(IRINA, at=clock.now() - SOON - timedelta(seconds=1))
    await act_of(IRINA)
    assert await kinds() == await kinds(await chain_4445()) == [("unsealed", row.id)]
    assert await kinds(OPERATOR) == []


async def test_a_row_that_claims_to_be_older_than_those_sealed_before_it_is_found(opened: str) -> None:
    """It was not there when they were sealed."""
    await ten_sealed()
    row = await act_of(IRINA, at=clock.now() - timedelta(hours=3))
    await act_of(IRINA)
    await seal_all()
    assert await kinds() == [("late", row.id)]


async def test_two_rows_exchanged_are_two_changed_rows(opened: str) -> None:
    made = await ten_sealed()
    one, other = made[3].id, made[6].id
    await around_the_guards(
        opened,
        f"UPDATE journal_seal SET row_id = 999999 WHERE row_id = {one}",
        f"UPDATE journal_seal SET row_id = {one} WHERE row_id = {other}",
        f"UPDATE journal_seal SET row_id = {other} WHERE row_id = 999999",
    )
    assert {kind for kind, _ in await kinds()} == {"row"}


# The last seal, kept elsewhere


async def test_a_tail_that_was_cut_off_is_found_by_a_seal_kept_elsewhere(opened: str) -> None:
    await ten_sealed()
    chain = await chain_4445()
    taken = await last_seal(chain)
    assert taken
    assert (taken.account, taken.number) == ("4445", 10)
    kept = read_seals(taken.line)
    assert kept == [taken]
    await act_of(IRINA)
    await seal_all()
    assert await kinds(chain, kept) == [], "the chain has gone on since, which is as it should be"
    rows = f"SELECT row_id FROM journal_seal WHERE chain = {chain} AND number > 7"
    cut = [int(each["row_id"]) for each in await fetch(rows)]
    listed = ", ".join(str(each) for each in cut)
    await around_the_guards(
        opened, f"DELETE FROM journal_seal WHERE row_id IN ({listed})", f"DELETE FROM journal WHERE id IN ({listed})"
    )
    assert (await verify(chain)).whole, "by itself a shorter chain is a whole one"
    assert await kinds(chain, kept) == [("cut", 10)]
    for _ in range(5):
        await act_of(IRINA)
    await seal_all()
    assert [kind for kind, _ in await kinds(chain, kept)] == ["other"]


async def test_a_chain_made_anew_is_found_by_a_seal_kept_elsewhere(opened: str) -> None:
    made = await ten_sealed()
    kept = await last_seals()
    assert len(kept) == 2
    await around_the_guards(
        opened, "DELETE FROM journal_seal", f"UPDATE journal SET act = 'nothing.happened' WHERE id = {made[4].id}"
    )
    await seal_all()
    assert (await verify()).whole
    assert [kind for kind, _ in await kinds(None, kept)] == ["other", "other"]
    await around_the_guards(opened, "DELETE FROM journal_seal")
    assert [kind for kind, _ in await kinds(None, kept)] == ["cut", "cut"]


@pytest.mark.parametrize("text", ["", "\n", "{}", "x", "[1]", "1", '{"chain": 1, "number": 0, "hash": ""}', "null"])
def test_a_file_that_holds_no_seal_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_seals(text)


# What is hashed


def test_a_row_without_a_line_is_hashed_as_it_was_before_rows_had_one() -> None:
    """So what was sealed before still verifies."""
    at = datetime(2026, 11, 20, 7, 0, 0, 5, UTC)
    row = Kept(1, at, 2, 3, "a", "b", "c", '{"a": 1}', None, "192.0.2.7", "r")
    hashed = linked(beginning(2), 2, 1, at, row)
    assert hashed == "9ebb71d1122ab7b18d2683ff7a13b696f047b95f234946bf26ddcba76d725ff2"
    assert linked(beginning(2), 2, 1, at, replace(row, line="")) != hashed


@pytest.mark.parametrize("changed", ["NULL", "'7.8.'", "''"])
async def test_another_place_of_who_did_it_is_found(opened: str, changed: str) -> None:
    """Who may see the acts of the removed hangs on it."""
    await act_of(IRINA, line="5.8.")
    row = await act_of(IRINA, line="5.9.")
    await act_of(IRINA)
    await seal_all()
    assert (await verify()).whole
    await around_the_guards(opened, f"UPDATE journal SET line = {changed} WHERE id = {row.id}")
    assert await kinds() == [("row", row.id)]


# Both kinds of database


def test_what_is_hashed_is_the_same_however_the_database_writes_it() -> None:
    at = datetime(2026, 11, 20, 7, 0, 0, 5, UTC)
    texts = [
        '{"b": [1, 2.5, null, true], "a": {"z": "Ә", "y": 1e3}}',
        '{ "a": {"y": 1000.0, "z": "\\u04d8"}, "b": [1.0, 2.50, null, true] }',
    ]
    forms = {canonical(1, 1, at, Kept(1, at, 2, 3, "a", "b", "c", text, None, "", "")) for text in texts}
    assert len(forms) == 1
    assert b'"at":"2026-11-20T07:00:00.000005Z"' in forms.pop()


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "1e99999999", "9" * 5_000, '"\\ud800"', "NaN"])
def test_json_that_somebody_has_broken_breaks_nothing(text: str) -> None:
    at = clock.now()
    assert canonical(1, 1, at, Kept(1, at, 2, 3, "a", "b", "c", text, None, "", ""))


async def test_a_chain_restored_into_the_other_database_verifies(
    databases: Databases, opened: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    chain = await chain_4445()
    told = {"z": "Őз «\\» \n 🙂", "a": [1, 2.5, -0.1, 1e-9, 10**18, None, True, {"k": ""}], "big": 1e22, "whole": 3.0}
    await act_of(IRINA, before=told, after={}, at=datetime(2026, 11, 20, 7, tzinfo=UTC))
    await act_of(GULNAR, target='=1+1 "quoted"', at=datetime(2026, 11, 20, 7, 0, 0, 120000, UTC))
    async with open_bulk(config(opened)) as bulk:
        await bulk.execute(
            'INSERT INTO journal (at, account_id, actor, act, "after") '
            f"SELECT :at, {chain}, 'kabinet import', 'account.updated', {bulk.json(':told')}",
            at=datetime(2026, 11, 20, 7, 1, tzinfo=UTC),
            told=json.dumps(told),
        )
    assert await seal_all() == 3
    kept = await last_seals()
    await make_backup(tmp_path / "backup", opened)
    others: Any = request.getfixturevalue("postgres_databases" if databases.dialect == "sqlite" else "sqlite_databases")
    other = fresh_url(others)
    await restore_backup(tmp_path / "backup", other, replace=False)
    code = (
        "import asyncio, sys; from tests.users.journal.test_chain import verified as v;"
        " sys.stdout.write(asyncio.run(v(sys.argv[1], sys.argv[2])))"
    )

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, other, "".join(each.line for each in kept), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert out.decode() == "3 [] 4 []", "before and after the row of the restore was sealed"


async def verified(url: str, kept: str) -> str:
    async with database(config(url)):
        before = await verify(None, read_seals(kept))
        await seal_all()
        after = await verify(None, read_seals(kept))
    return f"{before.rows} {before.faults} {after.rows} {after.faults}"
