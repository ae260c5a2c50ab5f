"""A sign-in about to end: told in time, prolonged by a button, and nothing typed is lost over it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from components.data.database import database, execute
from dashboard.schema import config
from tests.browser.cabinets import Cabinet
from tests.browser.conftest import OpenAs
from tests.browser.people import GULNAR, VIKTOR
from tests.support.databases import elsewhere

MINUTE = 60_000


def _opened(open_as: OpenAs) -> Page:
    page = open_as(GULNAR, fresh=True)
    page.clock.install()
    page.goto("/profile")
    return page


async def _end_all(url: str, email: str) -> None:
    async with database(config(url)):
        await execute(
            "UPDATE session SET expires_at = created_at WHERE user_id = (SELECT id FROM person WHERE email = :email)",
            email=email,
        )


def _sign_in(page: Page, cabinet: Cabinet, login: str) -> None:
    page.get_by_label("Account number or e-mail").fill(login)
    page.get_by_label("Password", exact=True).fill(cabinet.password)
    page.get_by_role("button", name="Sign in").click()


def test_two_minutes_before_it_is_told_and_prolonged(open_as: OpenAs) -> None:
    page = _opened(open_as)
    dialog = page.get_by_role("dialog", name="Your sign-in is about to end")
    page.clock.fast_forward(57 * MINUTE)
    page.clock.run_for(2000)
    expect(dialog).to_be_hidden()
    page.clock.fast_forward(90_000)
    page.clock.run_for(2000)
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("It ends at ")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    with page.expect_response("**/profile/sessions/extension") as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 204
    expect(dialog).to_be_hidden()
    page.clock.fast_forward(57 * MINUTE)
    page.clock.run_for(2000)
    expect(dialog).to_be_hidden()


def test_escape_puts_it_away_for_good_until_it_is_over(open_as: OpenAs) -> None:
    page = _opened(open_as)
    page.clock.fast_forward(59 * MINUTE)
    page.clock.run_for(2000)
    page.keyboard.press("Escape")
    page.clock.run_for(5000)
    expect(page.locator("#ending")).to_be_hidden()
    page.clock.fast_forward(2 * MINUTE)
    page.clock.run_for(2000)
    over = page.get_by_role("dialog", name="Your sign-in has ended")
    expect(over).to_be_visible()
    page.keyboard.press("Escape")
    expect(over).to_be_visible()
    expect(over.get_by_role("link", name="Sign in anew")).to_have_attribute("href", "/sign-in?next=%2Fprofile")


def test_what_was_typed_comes_back_after_the_new_sign_in(open_as: OpenAs, cabinet: Cabinet) -> None:
    page = open_as(GULNAR, fresh=True)
    page.goto("/profile")
    page.get_by_label("First name").fill("Half a na")
    page.get_by_label("Dark").check()
    elsewhere(_end_all(cabinet.database_url, GULNAR.login))
    page.get_by_role("button", name="Save profile").click()
    expect(page).to_have_url(f"{cabinet.base_url}/sign-in?next=/profile")
    _sign_in(page, cabinet, GULNAR.login)
    expect(page).to_have_url(f"{cabinet.base_url}/profile")
    expect(page.get_by_label("First name")).to_have_value("Half a na")
    expect(page.get_by_label("Dark")).to_be_checked()
    expect(page.get_by_text("What you had typed before you signed in anew is here again")).to_be_visible()
    page.reload()
    expect(page.get_by_label("First name")).to_have_value("Gulnar")


def test_somebody_else_in_the_same_tab_gets_nothing_of_it(open_as: OpenAs, cabinet: Cabinet) -> None:
    page = open_as(GULNAR, fresh=True)
    page.goto("/profile")
    page.get_by_label("First name").fill("Hers alone")
    elsewhere(_end_all(cabinet.database_url, GULNAR.login))
    page.goto("/profile")
    _sign_in(page, cabinet, VIKTOR.login)
    expect(page.get_by_label("First name")).to_have_value("Viktor")
    assert "Hers alone" not in page.content()


def test_passwords_are_kept_nowhere(open_as: OpenAs) -> None:
    page = open_as(GULNAR, fresh=True)
    page.goto("/profile/security")
    page.get_by_label("Your current password").fill("never in a store")
    page.get_by_label("New password", exact=True).fill("never in a store")
    kept = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "never in a store" not in kept


def test_signing_out_leaves_nothing_behind(open_as: OpenAs) -> None:
    page = open_as(GULNAR, fresh=True)
    page.goto("/profile")
    page.get_by_label("First name").fill("Half a na")
    assert "Half a na" in page.evaluate("JSON.stringify({...sessionStorage})")
    page.locator(".person summary").click()
    page.locator(".person").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert "Half a na" not in page.evaluate("JSON.stringify({...sessionStorage})")
