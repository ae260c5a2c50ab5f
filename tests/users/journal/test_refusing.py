"""Abuse case A01: whoever asks for another account's thing gets 404 and leaves a trace, and fills nothing with it."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from structlog.testing import capture_logs
from tortoise.exceptions import OperationalError

from tests.support.cast import AIGERIM, IRINA, MARAT, SAULE
from tests.support.client import Cabinet
from users.journal.models import JournalRow
from users.journal.refusing import ACT, MOST

FOREIGN = (
    "/contracts/4445/10",
    "/services/S900001",
    "/services/S900001/usage.csv",
    "/invoices/СФ-2026-000157",
    "/invoices/СФ-2026-000157.pdf",
    "/users/13",
    "/users/13/removal",
    "/users/13/place",
)


@pytest.mark.parametrize("fragment", [False, True], ids=["page", "fragment"])
@pytest.mark.parametrize("path", FOREIGN)
async def test_who_asks_for_anothers_thing_is_in_the_journal(own_cabinet: Cabinet, path: str, fragment: bool) -> None:
    marat = await own_cabinet.sign_in(MARAT)
    with capture_logs() as logged:
        answer = await marat.get(path + "?q=not-for-the-journal", fragment=fragment)
    assert answer.status == 404
    row = await JournalRow.get(act=ACT)
    account = await row.account
    assert account is not None
    assert (account.number, row.target, row.address) == (MARAT, path, marat.source)
    assert row.actor
    assert row.request_id == answer.header("x-request-id")
    assert len([line for line in logged if line["event"] == "out of reach"]) == 1


async def test_a_thing_that_is_not_there_leaves_the_same_trace(own_cabinet: Cabinet) -> None:
    """Else the time of the answer would tell which numbers there are."""
    marat = await own_cabinet.sign_in(MARAT)
    await marat.get("/invoices/СФ-2026-000157")
    await marat.get("/invoices/СФ-2026-999999")
    targets = await JournalRow.filter(act=ACT).order_by("id").values_list("target", flat=True)
    assert targets == ["/invoices/СФ-2026-000157", "/invoices/СФ-2026-999999"]


async def test_a_colleagues_contract_beyond_ones_reach_is_noted_on_the_account(own_cabinet: Cabinet) -> None:
    irina = await own_cabinet.sign_in(IRINA)
    await irina.get("/contracts/4445%2F11")
    row = await JournalRow.get(act=ACT)
    assert (row.actor, row.target) == (IRINA, "/contracts/4445/11")


async def test_a_choice_of_anothers_account_is_noted_too(own_cabinet: Cabinet) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    assert (await aigerim.post("/choice", {"account": MARAT})).status == 404
    assert (await JournalRow.get(act=ACT)).target == "/choice"


async def test_what_was_to_be_done_to_anothers_people_is_noted_too(own_cabinet: Cabinet) -> None:
    marat = await own_cabinet.sign_in(MARAT)
    asked = ("/users/13", "/users/13/suspension", "/users/13/removal", "/ownership/1", "/users/removals/1/restoration")
    for path in asked:
        answer = await marat.post(path, {"way": "branch", "answer": "accept", "role": "viewer"})
        assert answer.status == 404
    rows = await JournalRow.filter(act=ACT).order_by("id").values_list("target", flat=True)
    assert tuple(rows) == asked


async def test_a_stranger_who_goes_on_asking_fills_the_log_and_not_the_database(
    own_cabinet: Cabinet, at_noon: time_machine.Traveller
) -> None:
    marat = await own_cabinet.sign_in(MARAT)
    with capture_logs() as logged:
        for number in range(3 * MOST):
            assert (await marat.get(f"/invoices/СФ-2026-9{number:05}")).status == 404
    assert await JournalRow.filter(act=ACT).count() == MOST
    assert len([line for line in logged if line["event"] == "out of reach"]) == 3 * MOST
    irina = await own_cabinet.sign_in(IRINA)
    await irina.get("/contracts/4445%2F11")
    assert await JournalRow.filter(act=ACT, actor=IRINA).exists(), "abuse case L09: each is counted alone"
    at_noon.shift(timedelta(minutes=11))
    await marat.get("/invoices/СФ-2026-000157")
    assert await JournalRow.filter(act=ACT).exclude(actor=IRINA).count() == MOST + 1, "later it counts again"
    aigerim = await own_cabinet.sign_in(AIGERIM)
    await aigerim.get("/contracts/4485%2F10")
    assert await JournalRow.filter(act=ACT, target="/contracts/4485/10").exists(), "each for themselves"


@pytest.mark.parametrize("path", ["/invoices/%00", "/contracts/a%09b%7f", "/services/" + "x" * 5000, "/services/%ff"])
async def test_any_address_can_be_noted(own_cabinet: Cabinet, path: str) -> None:
    """Abuse cases X05 and X07: no control character gets in, and nothing breaks."""
    marat = await own_cabinet.sign_in(MARAT)
    assert (await marat.send("GET", path)).status == 404
    assert (await JournalRow.get(act=ACT)).target.isprintable()


async def test_what_is_not_behind_the_gate_or_not_allowed_at_all_is_no_row(own_cabinet: Cabinet) -> None:
    saule = await own_cabinet.sign_in(SAULE)
    for path in ("/nowhere", "/static/none.css", "/metrics", "/invoices/СФ-2026-000165"):
        await saule.get(path)
        await own_cabinet.visitor().get(path)
    assert not await JournalRow.filter(act=ACT).exists()


async def test_a_database_that_takes_no_rows_does_not_change_the_answer(
    own_cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: Any, **__: Any) -> None:
        raise OperationalError(sqlite3.OperationalError("database or disk is full"))

    marat = await own_cabinet.sign_in(MARAT)
    monkeypatch.setattr(JournalRow, "create", full)
    with capture_logs() as logged:
        assert (await marat.get("/invoices/СФ-2026-000157")).status == 404
    assert {"out of reach", "not journalled"} <= {line["event"] for line in logged}
