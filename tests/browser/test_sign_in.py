"""Coming in, and leaving nothing behind."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.cabinets import Cabinet
from tests.browser.conftest import OpenAs
from tests.browser.people import AIGERIM
from tests.browser.watching import Complaints


def test_a_wrong_password_then_the_right_one_leads_where_one_was_going(
    open_as: OpenAs, cabinet: Cabinet, complaints: Complaints
) -> None:
    complaints.expect("status of 422")
    page = open_as(None)
    page.goto("/payments?from=2026-01-01&to=2026-12-31")
    expect(page).to_have_url(f"{cabinet.base_url}/sign-in?next=/payments%3Ffrom%3D2026-01-01%26to%3D2026-12-31")

    page.get_by_label("Account number or e-mail").fill("4445")
    page.get_by_label("Password", exact=True).fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("do not go together")
    expect(page.get_by_label("Account number or e-mail")).to_have_value("4445")
    expect(page.get_by_label("Password", exact=True)).to_have_value("")

    page.get_by_label("Password", exact=True).fill(cabinet.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{cabinet.base_url}/payments?from=2026-01-01&to=2026-12-31")
    expect(page.get_by_role("heading", level=1)).to_have_text("Payments")


def test_a_next_address_elsewhere_leads_home(open_as: OpenAs, cabinet: Cabinet) -> None:
    page = open_as(None)
    page.goto("/sign-in?next=//elsewhere.example/")
    page.get_by_label("Account number or e-mail").fill("office1@customer1.example")
    page.get_by_label("Password", exact=True).fill(cabinet.password)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{cabinet.base_url}/")


def test_the_password_can_be_looked_at(open_as: OpenAs) -> None:
    page = open_as(None)
    page.goto("/sign-in")
    password = page.get_by_label("Password", exact=True)
    password.fill("a secret")
    show = page.get_by_role("button", name="Show password")
    show.click()
    expect(password).to_have_attribute("type", "text")
    show.click()
    expect(password).to_have_attribute("type", "password")


def test_after_sign_out_the_back_button_shows_nothing_of_the_account(open_as: OpenAs, cabinet: Cabinet) -> None:
    page = open_as(AIGERIM, fresh=True)
    page.goto("/invoices")
    page.goto("/")
    page.locator(".person summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{cabinet.base_url}/sign-in")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert "1,425" not in page.content()
    page.goto("/invoices")
    expect(page).to_have_url(f"{cabinet.base_url}/sign-in?next=/invoices")
