"""Invoices and payments: what is filtered, searched and paged changes in place, and stands in the address."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenAs
from tests.browser.figures import amount
from tests.browser.people import AIGERIM, TIMUR


@pytest.fixture
def invoices(open_as: OpenAs) -> Page:
    page = open_as(AIGERIM)
    page.goto("/invoices")
    page.evaluate("window.__same = 1")
    return page


def asked(page: Page) -> dict[str, str]:
    """What the address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query, keep_blank_values=True).items()}


def still_the_same_page(page: Page) -> bool:
    return page.evaluate("window.__same") == 1


def test_kinds(invoices: Page) -> None:
    kinds = invoices.get_by_role("navigation", name="Kinds of documents")
    for tab, kind, rows in (("Corrections", "correction", 3), ("One-off", "one_off", 4)):
        kinds.get_by_role("link", name=tab).click()
        expect(kinds.locator("[aria-current]")).to_contain_text(tab)
        expect(invoices.locator("tr.row")).to_have_count(rows)
        assert asked(invoices)["kind"] == kind
        expect(kinds.get_by_role("link", name=tab)).to_be_focused()
    assert still_the_same_page(invoices)


def test_pickers_and_search_narrow_together(invoices: Page) -> None:
    invoices.get_by_role("combobox", name="Contract").select_option("4445/11")
    expect(invoices).to_have_url(re.compile("contract="))
    invoices.get_by_role("combobox", name="State").select_option("paid")
    expect(invoices).to_have_url(re.compile("state=paid"))
    invoices.get_by_role("combobox", name="Order").focus()
    invoices.get_by_role("combobox", name="Order").select_option("-total")
    expect(invoices).to_have_url(re.compile("sort=-total"))
    expect(invoices.get_by_role("combobox", name="Order")).to_be_focused()
    search = invoices.get_by_role("searchbox")
    search.fill("2026-0000")
    search.press("Enter")
    expect(invoices).to_have_url(re.compile("q=2026-0000"))
    expect(search).to_be_focused()
    assert asked(invoices) == {"contract": "4445/11", "state": "paid", "sort": "-total", "q": "2026-0000"}
    assert set(invoices.locator("td.i-contract").all_inner_texts()) == {"4445/11"}
    assert all("2026-0000" in number for number in invoices.locator("td.i-number a").all_inner_texts())
    totals = [amount(text.split("\n")[0]) for text in invoices.locator(".row .i-total").all_inner_texts()]
    assert totals == sorted(totals, reverse=True)
    invoices.get_by_role("link", name="Clear filters").click()
    expect(invoices.get_by_role("combobox", name="State")).to_have_value("")
    expect(search).to_have_value("")
    assert asked(invoices) == {}
    assert still_the_same_page(invoices)


def test_pages_and_back(invoices: Page) -> None:
    first = invoices.locator("td.i-number a").first.inner_text()
    invoices.get_by_role("link", name="Older").click()
    expect(invoices.locator("td.i-number a").first).not_to_have_text(first)
    assert still_the_same_page(invoices)
    assert "after" in asked(invoices)
    older = invoices.locator("td.i-number a").first.inner_text()
    invoices.reload()
    expect(invoices.locator("td.i-number a").first).to_have_text(older)
    invoices.get_by_role("link", name="To the newest").click()
    expect(invoices.locator("td.i-number a").first).to_have_text(first)
    invoices.go_back()
    expect(invoices.locator("td.i-number a").first).to_have_text(older)


def test_nothing_found_says_what_to_do(invoices: Page) -> None:
    invoices.get_by_role("searchbox").fill("no such number")
    invoices.keyboard.press("Enter")
    expect(invoices.locator(".empty-title")).to_be_visible()
    expect(invoices.locator("table.invoices")).to_have_count(0)
    expect(invoices.get_by_role("link", name="Clear filters")).to_have_count(0)  # the one way out stands there
    invoices.locator(".empty a").click()
    expect(invoices.locator("table.invoices")).to_be_visible()


def test_a_correction_and_its_original_lead_to_each_other(invoices: Page) -> None:
    invoices.get_by_role("link", name="Corrections").click()
    row = invoices.locator("tr.row", has_text="КСФ-2026-000009")
    expect(row.get_by_role("link", name="СФ-2026-000073", exact=True)).to_be_visible()
    row.get_by_role("link", name="КСФ-2026-000009").click()
    expect(invoices.get_by_role("heading", level=1)).to_contain_text("КСФ-2026-000009")
    invoices.locator(".head-facts").get_by_role("link", name="СФ-2026-000073").click()
    expect(invoices.get_by_role("heading", level=1)).to_contain_text("Invoice СФ-2026-000073")
    corrections = invoices.get_by_role("region", name="Corrections")
    expect(corrections).to_contain_text("−2,888.40")
    corrections.get_by_role("link", name="КСФ-2026-000009").click()
    expect(invoices.get_by_role("heading", level=1)).to_contain_text("КСФ-2026-000009")


def test_a_click_anywhere_on_a_row_opens_its_document(invoices: Page) -> None:
    invoices.locator("tr.row td.i-day").first.click()
    expect(invoices.get_by_role("heading", level=1)).to_contain_text("СИ-2026-000174")


def test_payments_of_a_year(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto("/payments")
    page.locator(".period-title").click()
    page.locator(".period-presets").get_by_role("link", name="This year").click()
    expect(page.locator(".payments tbody tr:not(.month)")).to_have_count(26)
    assert asked(page) == {"from": "2026-01-01", "to": "2026-12-31"}
    page.get_by_role("link", name="Period before").click()
    expect(page.locator(".payments tbody tr:not(.month)")).to_have_count(25)
    assert asked(page) == {"from": "2025-01-01", "to": "2025-12-31"}
    page.get_by_role("combobox", name="Way of payment").select_option("card")
    expect(page).to_have_url(re.compile("method=card"))
    expect(page.locator(".p-method").filter(has_text="Card").first).to_be_visible()
    assert all("Card" in method for method in page.locator("td.p-method").all_inner_texts())
    assert asked(page) == {"from": "2025-01-01", "to": "2025-12-31", "method": "card"}


def test_documents_of_one_year_only(open_as: OpenAs) -> None:
    page = open_as(TIMUR)
    page.goto("/invoices")
    months = page.locator(".i-month").all_inner_texts()
    assert months
    assert all(month.endswith("2025") for month in months)
