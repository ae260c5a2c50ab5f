"""The top bar's choices: which account, which contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from components.data.database import transaction
from tests.support.cast import AIGERIM, DIAS, GULNAR, MARAT, NOON
from tests.support.client import Cabinet
from users.hierarchy.models import Membership
from users.hierarchy.placing import enter, regrant
from users.parties.models import Account
from users.permissions.rights import EVERYTHING
from users.sessions.models import Session


async def test_aigerim_turns_to_her_other_account(own_cabinet: Cabinet) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    answer = await aigerim.post("/choice", {"account": "4446", "next": "/invoices?kind=invoice"})
    assert (answer.status, answer.header("location")) == (303, "/invoices")
    page = await aigerim.get("/invoices")
    assert page.main.one(".lead").text.endswith("4446")
    assert (await aigerim.get("/invoices/СФ-2026-000157")).status == 404, "that one belongs to 4445"


async def test_what_was_open_of_the_first_account_is_left_behind(own_cabinet: Cabinet) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    answer = await aigerim.post("/choice", {"account": "4446", "next": "/services/S900001?step=hour"})
    assert answer.header("location") == "/services"


@pytest.mark.parametrize("number", ["4485", "9999", "", "4445/10"])
async def test_no_account_but_ones_own(own_cabinet: Cabinet, number: str) -> None:
    """A foreign one and none at all answer alike, and nothing changes (abuse case A03)."""
    aigerim = await own_cabinet.sign_in(AIGERIM)
    before = await Session.all().values()
    assert (await aigerim.post("/choice", {"account": number})).status == 404
    assert await Session.all().values() == before


@pytest.mark.parametrize(
    "shut",
    [
        {"suspended": True},
        {"valid_until": NOON.date() - timedelta(days=1)},
        {"valid_from": NOON.date() + timedelta(days=1)},
    ],
    ids=["suspended", "over", "not yet"],
)
async def test_a_place_that_is_shut_is_no_choice(own_cabinet: Cabinet, shut: dict[str, Any]) -> None:
    """Abuse case D13: suspended on one account, a person goes on with the other and can't turn back."""
    marat = await own_cabinet.sign_in(MARAT)
    owner = await Membership.get(account__number=MARAT, owner=True).select_related("user")
    account = await Account.get(number=AIGERIM)
    async with transaction():
        place = await enter(account.id, owner.email, EVERYTHING, user_id=owner.user.id)
        await regrant(place, replace(EVERYTHING, **shut))
    assert AIGERIM not in (await marat.get("/profile")).page.one(".bar").text
    assert (await marat.post("/choice", {"account": AIGERIM})).status == 404
    async with transaction():
        await regrant(place, EVERYTHING)
    assert (await marat.post("/choice", {"account": AIGERIM})).status == 303
    assert (await marat.get("/users")).status == 200
    async with transaction():
        await regrant(place, replace(EVERYTHING, **shut))
    assert (await marat.get("/users")).status == 303, "turned to it, the next click is the last"


async def test_gulnar_has_one_account_and_nothing_to_choose(cabinet: Cabinet) -> None:
    gulnar = await cabinet.sign_in(GULNAR)
    page = (await gulnar.get("/")).page
    assert not page.all(".bar button[name=account]")
    assert (await gulnar.post("/choice", {"account": "4446"})).status == 404


async def test_choosing_a_contract_narrows_the_lists(own_cabinet: Cabinet) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    answer = await aigerim.post("/choice", {"contract": "4445/11", "next": "/services"})
    assert (answer.status, answer.header("location")) == (303, "/services")
    services = (await aigerim.get("/services")).main
    assert [each.text.split(" ")[0] for each in services.all("section h2")] == ["4445/11"]
    documents = (await aigerim.get("/invoices")).main
    assert {cell.text for cell in documents.all("tbody .i-contract")} == {"4445/11"}
    assert (await aigerim.get("/invoices/СФ-2026-000157")).status == 200, "a filter is no right"
    await aigerim.post("/choice", {"contract": ""})
    assert len((await aigerim.get("/services")).main.all("section h2")) == 2


@pytest.mark.parametrize("number", ["4485/10", "9999/1", "4446/10"])
async def test_no_contract_but_one_within_reach(own_cabinet: Cabinet, number: str) -> None:
    """Abuse case A03."""
    aigerim = await own_cabinet.sign_in(AIGERIM)
    assert (await aigerim.post("/choice", {"contract": number})).status == 404


async def test_dias_cannot_choose_a_contract_outside_his_reach(own_cabinet: Cabinet) -> None:
    dias = await own_cabinet.sign_in(DIAS)
    assert (await dias.post("/choice", {"contract": "4445/11"})).status == 404
    assert (await Session.get()).contract_id is None  # type: ignore[attr-defined]


@pytest.mark.parametrize("asked", ["//evil.example", "https://evil.example", "/\\evil.example"])
@pytest.mark.parametrize("choice", [{"account": "4446"}, {"contract": "4445/10"}], ids=["account", "contract"])
async def test_a_choice_never_leaves_the_site(own_cabinet: Cabinet, choice: dict[str, str], asked: str) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    assert (await aigerim.post("/choice", {**choice, "next": asked})).header("location") == "/"


async def test_a_visitor_chooses_a_language_and_keeps_it(cabinet: Cabinet) -> None:
    visitor = cabinet.visitor()
    answer = await visitor.post("/language", {"language": "kk", "next": "/sign-in"})
    assert (answer.status, answer.header("location")) == (303, "/sign-in")
    assert (await visitor.get("/sign-in")).page.one("html")["lang"] == "kk"


async def test_a_language_we_do_not_speak_changes_nothing(cabinet: Cabinet) -> None:
    visitor = cabinet.visitor()
    answer = await visitor.post("/language", {"language": "xx\r\nset-cookie: a=b", "next": "//evil.example"})
    assert answer.header("location") == "/"
    assert not [line for line in answer.all_headers("set-cookie") if "language" in line]
