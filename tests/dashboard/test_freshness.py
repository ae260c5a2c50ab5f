"""Figures older than the operator allows say so on every page, to whoever sees some, at no query of the page."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from components.data.database import counting, execute
from tests.support.cast import AIGERIM, GULNAR, IMPORTED, SAULE, VIKTOR
from tests.support.client import Cabinet, open_cabinet

PAGES = ("/", "/invoices", "/payments", "/contracts", "/services", "/profile")
NOTICE = "The figures are of 20 November 2026, 03:30; newer ones have not come yet."


def _later(hours: float) -> time_machine.travel:
    return time_machine.travel(IMPORTED + timedelta(hours=hours), tick=True)


@pytest.mark.parametrize(("hours", "shown"), [(47.9, False), (48.1, True)])
async def test_after_two_days_every_page_says_so(hours: float, shown: bool, own_url: str) -> None:
    with _later(hours):
        async with open_cabinet(own_url) as cabinet:
            aigerim = await cabinet.sign_in(AIGERIM)
            for path in PAGES:
                answer = await aigerim.get(path)
                assert answer.status == 200
                assert (NOTICE in answer.text) is shown, path


async def test_the_operator_decides_how_old(own_url: str) -> None:
    with _later(31):
        async with open_cabinet(own_url) as cabinet:
            cabinet.app.state.operator = cabinet.app.state.operator.model_copy(update={"data_age_hours": 30})
            assert NOTICE in (await (await cabinet.sign_in(AIGERIM)).get("/invoices")).text


@pytest.mark.parametrize(("person", "told"), [(GULNAR, True), (VIKTOR, True), (SAULE, False)])
async def test_who_sees_no_figures_is_not_told(person: str, told: bool, own_url: str) -> None:
    with _later(100):
        async with open_cabinet(own_url) as cabinet:
            assert ("newer ones have not come yet" in (await (await cabinet.sign_in(person)).get("/")).text) is told


async def test_nobody_is_told_before_signing_in(own_url: str) -> None:
    with _later(100):
        async with open_cabinet(own_url) as cabinet:
            assert "newer ones" not in (await cabinet.visitor().get("/sign-in")).text


async def test_the_notice_goes_with_the_next_import_and_costs_no_query(own_url: str) -> None:
    with _later(100):
        async with open_cabinet(own_url) as cabinet:
            aigerim = await cabinet.sign_in(AIGERIM)
            async with counting() as counted:
                assert NOTICE in (await aigerim.get("/invoices")).text
            assert len(counted.statements) <= 3
            assert not any("import_run" in each for each in counted.statements)
            await execute("UPDATE import_run SET finished_at = :at", at=IMPORTED + timedelta(hours=99))
            await cabinet.app.state.freshness.look()
            assert "newer ones" not in (await aigerim.get("/invoices")).text


async def test_nothing_imported_yet_is_not_old(empty_cabinet: Cabinet) -> None:
    assert empty_cabinet.app.state.freshness.imported_at is None


async def test_what_is_known_stays_while_the_database_is_away(own_cabinet: Cabinet) -> None:
    freshness = own_cabinet.app.state.freshness
    known = freshness.imported_at
    await execute("DROP TABLE import_run")
    await freshness.look()
    assert freshness.imported_at == known == IMPORTED
