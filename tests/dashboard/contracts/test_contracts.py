"""Contracts, in force and past."""

from __future__ import annotations

import pytest

from tests.support import sample
from tests.support.cast import AIGERIM, GULNAR, IRINA
from tests.support.client import Cabinet

PRINTED = "КТС-КТС-14 4455/2/ ДП-11"


def _of(account: str) -> set[str]:
    return {each["contract_number"] for each in sample.rows("contracts") if each["account_number"] == account}


@pytest.mark.parametrize("account", [AIGERIM, "4455", "4505"])
async def test_an_owner_sees_all_contracts_of_the_account(cabinet: Cabinet, account: str) -> None:
    owner = await cabinet.sign_in(account)
    main = (await owner.get("/contracts")).main
    assert {link.text for link in main.all(".row-link")} == _of(account)
    for link in main.all(".row-link"):
        answer = await owner.get(link["href"])
        assert answer.status == 200
        assert link.text in answer.main.one("h1").text


async def test_irina_sees_her_contract(cabinet: Cabinet) -> None:
    irina = await cabinet.sign_in(IRINA)
    assert [link.text for link in (await irina.get("/contracts")).main.all(".row-link")] == ["4445/10"]


@pytest.mark.parametrize(
    "path",
    [
        "/contracts/%D0%9A%D0%A2%D0%A1-%D0%9A%D0%A2%D0%A1-14%204455%2F2%2F%20%D0%94%D0%9F-11",
        "/contracts/%D0%9A%D0%A2%D0%A1-%D0%9A%D0%A2%D0%A1-14%204455/2/%20%D0%94%D0%9F-11",
    ],
    ids=["encoded slashes", "plain slashes"],
)
async def test_a_number_with_slashes_spaces_and_cyrillic_opens(cabinet: Cabinet, path: str) -> None:
    owner = await cabinet.sign_in("4455")
    answer = await owner.get(path)
    assert answer.status == 200
    assert PRINTED in answer.main.one("h1").text


async def test_both_ways_to_write_an_address_are_one_page(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    encoded, plain = await aigerim.get("/contracts/4445%2F10"), await aigerim.get("/contracts/4445/10")
    assert encoded.main.text == plain.main.text


async def test_the_documents_of_a_contract_are_one_click_away(cabinet: Cabinet) -> None:
    owner = await cabinet.sign_in("4455")
    main = (await owner.get(f"/contracts/{PRINTED}")).main
    link = next(each for each in main.all("a") if each["href"].startswith("/invoices?"))
    shown = (await owner.get(link["href"])).main
    assert shown.one("#f-contract [selected]")["value"] == PRINTED
    assert shown.has("table.invoices")


async def test_an_ended_contract_says_so_and_keeps_its_documents(cabinet: Cabinet) -> None:
    owner = await cabinet.sign_in("4505")
    main = (await owner.get("/contracts/4505/10")).main
    assert "This contract ended on 30 June 2026. Its documents stay here." in main.text
    link = next(each for each in main.all("a") if each["href"].startswith("/invoices?"))
    numbers = [each.text for each in (await owner.get(link["href"])).main.all("tbody .row-link")]
    assert numbers
    assert (await owner.get(f"/invoices/{numbers[0]}")).status == 200


async def test_in_force_and_past_stand_apart(cabinet: Cabinet) -> None:
    past = (await (await cabinet.sign_in("4505")).get("/contracts")).main
    assert all("Ended" in row.text for row in past.all("tr.row"))
    in_force = (await (await cabinet.sign_in(AIGERIM)).get("/contracts")).main
    assert all("In force" in row.text for row in in_force.all("tr.row"))


async def test_services_of_a_contract_show_to_who_may_see_services(cabinet: Cabinet) -> None:
    services = {each["name"] for each in sample.rows("services") if each["contract_number"] == "4445/10"}
    aigerim = (await (await cabinet.sign_in(AIGERIM)).get("/contracts/4445/10")).main
    assert services == {link.text for link in aigerim.all("a") if link["href"].startswith("/services/")}
    gulnar = (await (await cabinet.sign_in(GULNAR)).get("/contracts/4445/10")).main
    assert not [link for link in gulnar.all("a") if "/services" in link["href"]]


async def test_an_account_without_contracts_says_so(empty_cabinet: Cabinet) -> None:
    newcomer = await empty_cabinet.sign_in("5555")
    answer = await newcomer.get("/contracts")
    assert answer.status == 200
    assert answer.main.has(".empty-title")
    assert not answer.main.has("table")
