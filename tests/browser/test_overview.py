"""What an owner sees first, and the choices of the top bar."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenAs
from tests.browser.people import AIGERIM, CLOSED, IN_DEBT, IRINA, MARKUP


def bar(page: Page, label: str) -> str:
    """What the top bar says of the account, the contract or the balance."""
    shown = page.locator(".bar .choice-box, .bar .bar-figure").filter(has_text=label)
    return " ".join(shown.inner_text().split()[1:])


def choose(page: Page, what: str, value: str) -> None:
    page.locator(".bar .choice summary").filter(has_text=what).click()
    page.locator(f".bar .choice button[value='{value}']").click()


def test_the_owner_of_4445_owes_nothing(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto("/")
    assert bar(page, "Account") == "4445"
    assert bar(page, "Contract") == "4445/10, 4445/11"
    assert bar(page, "Balance") == "1,425.00 KZT"
    expect(page.locator(".balance")).to_have_text("1,425.00 KZT")
    expect(page.locator(".lead")).to_contain_text("You owe nothing")
    expect(page.locator(".bar-due")).to_have_count(0)
    expect(page.get_by_role("heading", name="To pay")).to_have_count(0)
    expect(page.locator(".service-item")).to_have_count(4)
    expect(page.locator(".service-item .sparkline polyline")).to_have_count(4)


def test_a_debt_stands_in_its_documents(open_as: OpenAs) -> None:
    page = open_as(IN_DEBT)
    page.goto("/")
    assert bar(page, "Balance") == "−85,724.00 KZT"
    documents = page.get_by_role("table", name="Unpaid documents")
    expect(documents.locator("tbody tr")).to_have_count(4)
    expect(documents.locator("tfoot")).to_contain_text("85,724.00")
    documents.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="How it was paid")).to_be_visible()
    expect(page.get_by_text("Still to pay")).to_be_visible()


def test_a_closed_account_says_so_and_opens_its_documents(open_as: OpenAs) -> None:
    page = open_as(CLOSED)
    page.goto("/")
    expect(page.locator(".notice-line.neutral")).to_contain_text("30 Jun 2026")
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Invoices").click()
    page.locator(".row-link").first.click()
    expect(page.get_by_role("heading", name="What it is for")).to_be_visible()


def test_the_other_account_and_back(open_as: OpenAs) -> None:
    page = open_as(AIGERIM, fresh=True)
    page.goto("/invoices/СФ-2026-000157")
    choose(page, "Account", "4446")
    expect(page.get_by_role("heading", level=1)).to_have_text("Invoices")  # the document is the other account's
    assert bar(page, "Account") == "4446"
    assert bar(page, "Contract") == "4446/10"
    expect(page.locator(".tab[aria-current] .tab-count")).not_to_have_text("")
    assert "4445/1" not in page.locator("main").inner_text()
    choose(page, "Account", "4445")
    assert bar(page, "Account") == "4445"
    assert bar(page, "Balance") == "1,425.00 KZT"


def test_a_chosen_contract_narrows_every_list(open_as: OpenAs) -> None:
    page = open_as(AIGERIM, fresh=True)
    page.goto("/services")
    expect(page.locator("tr.row")).to_have_count(4)
    choose(page, "Contract", "4445/11")
    expect(page.locator("tr.row")).to_have_count(2)
    expect(page.get_by_role("heading", level=2).filter(has_text="4445/11")).to_be_visible()
    page.goto("/invoices")
    assert set(page.locator(".invoices td.i-contract").all_inner_texts()) == {"4445/11"}
    page.goto("/")
    expect(page.locator(".service-item")).to_have_count(2)
    page.goto("/services")
    choose(page, "Contract", "")
    expect(page.locator("tr.row")).to_have_count(4)


def test_whoever_may_not_see_the_balance_sees_none(open_as: OpenAs) -> None:
    page = open_as(IRINA)
    page.goto("/")
    assert bar(page, "Contract") == "4445/10"
    expect(page.locator(".bar-figure, .balance, .l-balance")).to_have_count(0)
    expect(page.get_by_role("navigation", name="Sections").get_by_role("link", name="Services")).to_have_count(0)
    page.goto("/invoices")
    contracts = page.locator(".invoices td.i-contract").all_inner_texts()
    assert contracts
    assert set(contracts) == {"4445/10"}


def test_a_name_with_markup_shows_as_typed(open_as: OpenAs) -> None:
    page = open_as(MARKUP)
    for address in ("/", "/invoices/КСФ-2026-000003"):
        page.goto(address)
        expect(page.locator("main")).to_contain_text("=СУММ(A1) <b>Тест</b> ТОО")
        expect(page.locator("main b", has_text=re.compile("^Тест$"))).to_have_count(0)
