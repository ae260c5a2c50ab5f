"""Everything works where no script runs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cabinets import Cabinet
from tests.browser.conftest import OpenAs, Visit
from tests.browser.pages import PLACES, Place
from tests.browser.people import AIGERIM


@pytest.fixture
def plain(open_as: OpenAs) -> Callable[[str], Page]:
    def page(address: str) -> Page:
        opened = open_as(AIGERIM, java_script_enabled=False)
        opened.goto(address)
        return opened

    return page


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_every_page_says_what_it_says_with_script(visit: Visit, place: Place) -> None:
    with_script, without = (said(visit(place, java_script_enabled=script)) for script in (True, False))
    if place.chart:  # its letters only a script can draw; the figures below it stand there without
        assert without[-20:] == with_script[-20:]
    else:
        assert without == with_script


def said(page: Page) -> list[str]:
    """The words of a page, less the number of the answer."""
    return re.sub(r"[0-9a-f]{16,}", "", page.locator("main").text_content() or "").split()


def test_signing_in_choosing_and_signing_out(open_as: OpenAs, cabinet: Cabinet) -> None:
    page = open_as(None, java_script_enabled=False)
    page.goto("/invoices?kind=correction")
    page.get_by_label("Account number or e-mail").fill("4525")
    page.get_by_label("Password", exact=True).fill(cabinet.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("tr.row")).to_have_count(1)
    page.locator(".bar .choice summary").first.click()
    page.locator(".bar button[value='4526']").click()
    expect(page.locator(".bar .choice-text").first).to_have_text("4526")
    page.get_by_role("button", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator(".person summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_every_filter_of_the_invoices(plain: Callable[[str], Page]) -> None:
    page = plain("/invoices")
    page.get_by_role("link", name="Invoices 50").click()
    page.get_by_role("combobox", name="Contract").select_option("4445/11")
    page.get_by_role("combobox", name="State").select_option("paid")
    page.get_by_role("combobox", name="Order").select_option("issued")
    page.get_by_role("searchbox").fill("2026")
    page.locator(".period-title").click()
    page.get_by_label("From").fill("2026-02-01")
    page.get_by_label("To", exact=True).fill("2026-04-30")
    page.locator("#invoices-show").click()
    expect(page.locator("tr.row")).to_have_count(3)
    expect(page.locator("td.i-contract").first).to_have_text("4445/11")
    expect(page.locator("td.i-day").first).to_have_text("28 Feb")
    page.get_by_role("link", name="Clear filters").click()
    page.get_by_role("link", name="Older").click()
    expect(page.get_by_role("link", name="To the newest")).to_be_visible()


def test_every_filter_of_the_payments(plain: Callable[[str], Page]) -> None:
    page = plain("/payments")
    page.locator(".period-title").click()
    page.get_by_role("link", name="This year").click()
    expect(page.locator("td.p-amount:not(.p-fill)")).to_have_count(27)  # the total among them
    page.get_by_role("combobox", name="Way of payment").select_option("card")
    page.get_by_role("searchbox").fill("ПП 0914")
    page.locator("#payments-show").click()
    expect(page.locator("td.p-day")).to_have_count(1)
    assert "from=2026-01-01" in page.url


def test_usage_by_every_step_and_for_every_period(plain: Callable[[str], Page]) -> None:
    page = plain("/services/S900001?from=2026-06-01&to=2026-06-30")
    page.get_by_role("link", name="Hour").click()
    expect(page.locator("tr.reading")).to_have_count(24 * 21 + 12)
    page.get_by_role("link", name="Month").click()
    expect(page.locator("tr.reading")).to_have_count(1)
    page.get_by_role("link", name="Period after").click()
    expect(page.locator(".period-title")).to_contain_text("July")


def test_profile(plain: Callable[[str], Page]) -> None:
    page = plain("/profile")
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Save profile").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_label("As the system shows").check()
    page.get_by_role("button", name="Save profile").click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")
