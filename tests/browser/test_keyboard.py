"""With the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import WIDE, OpenAs, Visit
from tests.browser.keys import see
from tests.browser.pages import PHONE, PLACES, Place
from tests.browser.people import AIGERIM

# What can be used: everything interactive that is shown and not under a closed menu.
USABLE = """() => Array.from(document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']"
)).filter(part => part.checkVisibility({visibilityProperty: true}) && part.tabIndex >= 0 && !part.disabled
    && (part.type !== "radio" || part.checked)).length"""
# A field that takes the focus by itself does so some time after the page has come.
SETTLED = """() => {
    const part = document.querySelector("[autofocus]");
    return part === null || document.activeElement === part;
}"""
FROM_THE_TOP = (
    """() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute("tabindex"); }"""
)
# The part that has the focus: whether it is a new one (a date has several stops).
FOCUSED = """() => {
    const part = document.activeElement;
    if (part === document.body) return "nowhere";
    const place = part.dataset.seen === undefined ? "new" : part === window.__last ? "same" : "seen";
    part.dataset.seen = "";
    window.__last = part;
    return place;
}"""
ON_A_PHONE = ("users", "users as a table", "new user", "user", "removal", "move", "ownership", "password")


@pytest.mark.parametrize(
    ("place", "viewport"),
    [
        *(pytest.param(place, WIDE, id=name) for name, place in PLACES.items()),
        *(pytest.param(PLACES[name], PHONE, id=f"{name} on a phone") for name in ON_A_PHONE),
    ],
)
def test_tab_reaches_everything_and_shows_where_it_is(visit: Visit, place: Place, viewport: ViewportSize) -> None:
    page = visit(place, viewport=viewport)
    page.wait_for_function(SETTLED)
    page.evaluate(FROM_THE_TOP)
    usable, reached = page.evaluate(USABLE), 0
    assert usable > 5
    while True:
        page.keyboard.press("Tab")
        part = page.evaluate(FOCUSED)
        if part in ("nowhere", "seen"):
            break
        see(page)
        reached += part == "new"
    assert reached >= usable


def test_the_skip_link_leads_past_the_menus(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto("/invoices")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".tab").first).to_be_focused()


def test_a_menu_opens_with_enter_and_closes_with_escape(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto("/payments")
    for menu in (page.locator(".bar .choice-menu").first, page.locator(".person"), page.locator(".period-menu")):
        menu.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(menu).to_have_attribute("open", "")
        page.keyboard.press("Tab")
        expect(menu.locator(":is(a, button, input)").locator("visible=true").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(menu).not_to_have_attribute("open", "")
        expect(menu.locator("summary")).to_be_focused()


def test_a_menu_closes_when_one_tabs_on(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto("/payments")
    page.locator(".person summary").focus()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.locator(".person")).not_to_have_attribute("open", "")


def type_to(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_filters_a_row_and_the_way_back(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto("/invoices")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("КСФ-2026-000009")
    page.keyboard.press("Enter")
    expect(page.locator("tr.row")).to_have_count(1)
    type_to(page, "Tab", "Tab")  # past the button
    expect(page.get_by_role("link", name="КСФ-2026-000009")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("КСФ-2026-000009")


def test_dates_by_keyboard(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto("/services/S900001")
    page.locator(".period-title").focus()
    page.keyboard.press("Enter")
    page.get_by_label("From").focus()  # its parts stand as Chromium's own language has them: month first
    page.keyboard.type("06152026")
    page.get_by_label("To", exact=True).focus()
    page.keyboard.type("06212026")
    page.keyboard.press("Enter")
    expect(page.locator("tr.reading")).to_have_count(7)
    expect(page.locator(".period-title")).to_contain_text("15–21 Jun 2026")
