"""What stands around every page: the bar, the sections, the operator's contacts."""

from __future__ import annotations

import pytest

from tests.support.cast import AIGERIM, DIAS, GULNAR, IRINA, SAULE, TIMUR, VIKTOR
from tests.support.client import Cabinet

PAGES = (
    "/",
    "/contracts",
    "/contracts/4445%2F10",
    "/services",
    "/services/S900001",
    "/invoices",
    "/invoices/СФ-2026-000157",
    "/payments",
    "/profile",
    "/nowhere",
    "/invoices?from=x",
)


@pytest.mark.parametrize("path", PAGES)
async def test_the_bar_and_the_contacts_stand_on_every_page(cabinet: Cabinet, path: str) -> None:
    page = (await (await cabinet.sign_in(AIGERIM)).get(path)).page
    assert page.one(".bar .bar-balance").text == "Balance 1,425.00 KZT"
    assert "4445" in page.all(".bar .choice-box")[0].text
    contacts = page.one(".contacts").text
    for each in ("Алматы", "+7 727 000 10 01", "Астана", "Атырау", "Костанай", "Уральск", "help@arqa.example"):
        assert each in contacts
    assert page.one(".contacts [href=tel:+77270001001]").text == "+7 727 000 10 01"


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere"])
async def test_visitors_read_the_contacts_too(cabinet: Cabinet, path: str) -> None:
    page = (await cabinet.visitor().get(path)).page
    assert "+7 727 000 10 01" in page.one(".contacts").text
    assert not page.has(".bar-balance")


async def test_the_bar_names_account_and_contracts(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in(AIGERIM)).get("/")).page
    values = [box.one(".choice-text").text for box in page.all(".bar .choice-box")]
    assert values[0] == "4445"
    assert "4445/10" in values[1]
    offered = [button["value"] for button in page.all(".bar button[name=account]")]
    assert offered == ["4445", "4446"]
    assert [button["value"] for button in page.all(".bar button[name=contract]")] == ["", "4445/10", "4445/11"]


async def test_who_has_one_contract_within_reach_has_nothing_to_choose(cabinet: Cabinet) -> None:
    for login in (IRINA, DIAS):
        page = (await (await cabinet.sign_in(login)).get("/")).page
        assert not page.all(".bar button[name=contract]")
        assert "4445/11" not in page.text


SECTIONS = {
    AIGERIM: {"/", "/services", "/contracts", "/invoices", "/payments", "/users", "/journal", "/profile"},
    GULNAR: {"/", "/contracts", "/invoices", "/payments", "/users", "/profile"},
    IRINA: {"/", "/contracts", "/invoices", "/payments", "/profile"},
    TIMUR: {"/", "/invoices", "/payments", "/profile"},
    VIKTOR: {"/", "/services", "/contracts", "/users", "/profile"},
    DIAS: {"/", "/services", "/profile"},
    SAULE: {"/", "/profile"},
}


@pytest.mark.parametrize("login", SECTIONS)
async def test_the_sections_are_those_one_may_see(cabinet: Cabinet, login: str) -> None:
    page = (await (await cabinet.sign_in(login)).get("/")).page
    assert {link["href"] for link in page.all("nav.nav a")} == SECTIONS[login]


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/", "/"),
        ("/invoices/СФ-2026-000157", "/invoices"),
        ("/services/S900001", "/services"),
        ("/profile", "/profile"),
    ],
)
async def test_where_one_is_is_marked_once(cabinet: Cabinet, path: str, section: str) -> None:
    page = (await (await cabinet.sign_in(AIGERIM)).get(path)).page
    assert [link["href"] for link in page.all("nav.nav a[aria-current=page]")] == [section]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "ru", "kk", "hu"])
async def test_every_page_opens_in_every_language(cabinet: Cabinet, path: str, language: str) -> None:
    answer = await (await cabinet.sign_in(AIGERIM, language=language)).get(path)
    assert answer.status in (200, 404, 422)
    assert answer.page.one("html")["lang"] == language
    assert answer.page.one("h1").text


@pytest.mark.parametrize("path", PAGES)
async def test_ids_are_unique_and_labels_find_their_fields(cabinet: Cabinet, path: str) -> None:
    page = (await (await cabinet.sign_in(AIGERIM)).get(path)).page
    ids = [each["id"] for each in page.walk() if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    for each in page.walk():
        for name in ("for", "aria-labelledby", "aria-describedby"):
            assert set(each.get(name).split()) <= set(ids), f"{name}={each.get(name)}"
    assert len(page.all("h1")) == len(page.all("main")) == 1


async def test_the_form_for_a_choice_comes_back_to_this_page(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in(AIGERIM)).get("/invoices?kind=invoice&q=сф")).page
    backs = {field["value"] for field in page.all("[name=next]")}
    assert backs == {"/invoices?kind=invoice&q=%D1%81%D1%84"}
