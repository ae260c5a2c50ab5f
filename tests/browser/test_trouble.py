"""When something is not there, not allowed, or does not work."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenAs
from tests.browser.people import AIGERIM, SAULE
from tests.browser.watching import Complaints


@pytest.mark.parametrize("address", ["/nowhere", "/invoices/СФ-2026-000045", "/contracts/4455/10", "/services/S000005"])
def test_what_is_unknown_or_another_customer_s(open_as: OpenAs, complaints: Complaints, address: str) -> None:
    complaints.expect("status of 404")
    page = open_as(AIGERIM)
    page.goto(address)
    expect(page.locator(".error-status")).to_have_text("404")
    expect(page.locator(".error-id")).to_be_visible()
    page.locator(".error-page .button.main").click()
    expect(page.locator(".balance")).to_be_visible()


def test_what_is_not_allowed(open_as: OpenAs, complaints: Complaints) -> None:
    complaints.expect("status of 403")
    page = open_as(SAULE)
    page.goto("/invoices")
    expect(page.locator(".error-status")).to_have_text("403")
    sections = page.get_by_role("navigation", name="Sections").get_by_role("link")
    assert sections.all_inner_texts() == ["Overview", "My profile"]
    sections.first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.fixture
def payments(open_as: OpenAs) -> Page:
    page = open_as(AIGERIM)
    page.goto("/payments")
    return page


def failing(page: Page, status: int) -> None:
    def answer(route: Route) -> None:
        if "hx-request" in route.request.headers:
            route.fulfill(status=status, body="<p>no</p>")
        else:
            route.continue_()

    page.route("**/payments?**", answer)


@pytest.mark.parametrize("status", [500, 503])
def test_a_part_that_fails_says_so_and_leaves_the_rest(payments: Page, complaints: Complaints, status: int) -> None:
    complaints.expect(f"status of {status}", f"Response Status Error Code {status}")
    failing(payments, status)
    before = payments.locator(".payments").inner_text()
    payments.get_by_role("combobox", name="Way of payment").select_option("card")
    toast = payments.locator("#trouble")
    expect(toast).to_contain_text("did not work on our side")
    assert payments.locator(".payments").inner_text() == before
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_be_hidden()


def test_without_a_connection(payments: Page, complaints: Complaints) -> None:
    complaints.expect("net::ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    payments.context.set_offline(True)
    payments.get_by_role("searchbox").fill("ПП")
    payments.keyboard.press("Enter")
    expect(payments.locator("#trouble")).to_contain_text("No connection")
    expect(payments.get_by_role("searchbox")).to_have_value("ПП")
    payments.context.set_offline(False)
    payments.get_by_role("searchbox").press("Enter")
    expect(payments.locator("#trouble")).to_be_hidden()
    payments.wait_for_url("**q=**")


def test_signed_out_meanwhile_leads_to_the_sign_in(open_as: OpenAs, complaints: Complaints) -> None:
    complaints.expect("status of 401")
    page = open_as(AIGERIM, fresh=True)
    page.goto("/payments")
    page.context.clear_cookies()
    page.get_by_role("combobox", name="Way of payment").select_option("card")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert "next=" in page.url
