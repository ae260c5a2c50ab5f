"""The list of services, and what a service's page says besides its usage."""

from __future__ import annotations

import pytest

from tests.support import sample
from tests.support.cast import AIGERIM, DIAS, GULNAR, VIKTOR
from tests.support.client import Cabinet
from tests.support.grants import grant
from users.permissions.permission import Permission


def _of(*contracts: str) -> set[str]:
    return {each["service_id"] for each in sample.rows("services") if each["contract_number"] in contracts}


async def _numbers(cabinet: Cabinet, login: str) -> set[str]:
    main = (await (await cabinet.sign_in(login)).get("/services")).main
    return {link["href"].rpartition("/")[2] for link in main.all(".row-link")}


@pytest.mark.parametrize(
    ("login", "contracts"),
    [
        (AIGERIM, ("4445/10", "4445/11")),
        (VIKTOR, ("4445/10", "4445/11")),
        (DIAS, ("4445/10",)),
        ("4455", ("4455/10", "КТС-КТС-14 4455/2/ ДП-11")),
        ("4505", ("4505/10", "4505/11")),
    ],
)
async def test_the_list_has_what_is_within_reach(cabinet: Cabinet, login: str, contracts: tuple[str, ...]) -> None:
    assert await _numbers(cabinet, login) == _of(*contracts)


async def test_services_stand_under_their_contract(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    main = (await aigerim.get("/services")).main
    groups = {
        block.one("h2 a").text: {link["href"].rpartition("/")[2] for link in block.all(".row-link")}
        for block in main.all("section.block")
    }
    assert groups == {"4445/10": _of("4445/10"), "4445/11": _of("4445/11")}


async def test_who_may_not_see_contracts_gets_no_link_to_them(cabinet: Cabinet) -> None:
    dias = await cabinet.sign_in(DIAS)
    for path in ("/services", "/services/S900001"):
        main = (await dias.get(path)).main
        assert "4445/10" in main.text
        assert not [link for link in main.all("a") if not link.get("href") or "/contracts" in link["href"]]


async def test_a_suspended_service_says_so(cabinet: Cabinet) -> None:
    owner = await cabinet.sign_in("4475")
    page = (await owner.get("/services/S000014")).main
    assert page.one(".notice-line").text == "This service has been suspended since 12 October 2026."
    assert "Suspended" in page.one(".head-facts").text
    row = next(
        row for row in (await owner.get("/services")).main.all("tr.row") if row.one("a")["href"] == "/services/S000014"
    )
    assert "Suspended" in row.one(".s-state").text


async def test_an_ended_service_keeps_its_figures(cabinet: Cabinet) -> None:
    owner = await cabinet.sign_in("4505")
    main = (await owner.get("/services/S000022")).main
    assert "This service ended on 30 June 2026. Its figures stay here." in main.text
    assert main.has("#usage-figure")
    assert main.has("tr.reading")


async def test_what_is_known_of_it_stands_in_its_head(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    head = (await aigerim.get("/services/S900001")).main.one("header.head").text
    for each in ("Магистральный канал (измеренный ряд)", "S900001", "Премиум 1000", "Active", "198.51.100.0/24"):
        assert each in head
    assert "189,000.00" in head


async def test_an_account_without_services_says_so(empty_cabinet: Cabinet) -> None:
    newcomer = await empty_cabinet.sign_in("5555")
    answer = await newcomer.get("/services")
    assert answer.status == 200
    assert answer.main.one(".empty-title").text == "No services on this account."


async def test_a_service_that_nothing_was_measured_of_says_so(own_cabinet: Cabinet) -> None:
    from dashboard.services.models import Service
    from users.parties.models import Contract

    contract = await Contract.get(number="4445/10")
    await Service.create(
        number="S-NEW", contract=contract, kind="internet", name="Новый", unit="bytes", status="active"
    )
    aigerim = await own_cabinet.sign_in(AIGERIM)
    answer = await aigerim.get("/services/S-NEW")
    assert answer.status == 200
    assert answer.main.one(".empty-title").text == "Nothing has been measured for this service yet."
    assert (await aigerim.get("/services/S-NEW/usage.csv")).text == "started_at,seconds,incoming,outgoing\n"


async def test_gulnar_keeps_books_and_has_no_business_with_services(cabinet: Cabinet) -> None:
    gulnar = await cabinet.sign_in(GULNAR)
    assert (await gulnar.get("/services")).status == 403
    assert not (await gulnar.get("/")).main.has(".service-list")


async def test_who_sees_services_but_not_usage_sees_no_figure(own_cabinet: Cabinet) -> None:
    await grant(DIAS, permissions=frozenset({Permission.SERVICES_VIEW}))
    dias = await own_cabinet.sign_in(DIAS)
    page = await dias.get("/services/S900001")
    assert page.status == 200
    assert not page.main.has("#usage")
    assert not (await dias.get("/services")).main.has(".sparkline polyline")
    assert (await dias.get("/services/S900001/usage.csv")).status == 403
