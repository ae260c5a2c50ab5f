"""From a small phone to a large screen, and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenAs, Visit
from tests.browser.looking import sticking_out, too_small
from tests.browser.pages import PHONE, PLACES, Place
from tests.browser.people import AIGERIM


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_everything_fits_and_a_finger_meets_what_it_aims_at(visit: Visit, place: Place, language: str) -> None:
    page = visit(place, locale=language)
    for width in (2560, 1440, 1180, 1024, 760, 390, 360, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert sticking_out(page) == [], width
        assert too_small(page, 24 if width >= 760 else 44) == [], width


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_the_drawer_of_a_phone(open_as: OpenAs, script: bool) -> None:
    page = open_as(AIGERIM, viewport=PHONE, java_script_enabled=script)
    page.goto("/")
    sections = page.get_by_role("navigation", name="Sections")
    expect(sections).to_be_hidden()
    page.get_by_role("link", name="Menu", exact=True).click()
    expect(sections).to_be_visible()
    page.get_by_role("link", name="Close menu").click()
    expect(sections).to_be_hidden()
    page.get_by_role("link", name="Menu", exact=True).click()
    if script:
        expect(page.get_by_role("link", name="Close menu")).to_be_focused()
        page.keyboard.press("Escape")
        expect(sections).to_be_hidden()
        expect(page.get_by_role("link", name="Menu", exact=True)).to_be_focused()
        page.keyboard.press("Enter")
        page.mouse.click(380, 400)  # beside it
        expect(sections).to_be_hidden()
        page.get_by_role("link", name="Menu", exact=True).click()
    sections.get_by_role("link", name="Payments").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payments")
    expect(sections).to_be_hidden()


def test_the_menu_folded_to_icons_stays_so(open_as: OpenAs) -> None:
    page = open_as(AIGERIM, fresh=True)
    page.goto("/")
    side = page.locator(".side")
    fold = page.get_by_role("button", name="Fold menu")
    fold.click()
    expect(fold).to_have_attribute("aria-pressed", "true")
    expect(side).to_have_css("width", "64px")
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Payments").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payments")
    expect(side).to_have_css("width", "64px")
    page.get_by_role("button", name="Fold menu").click()
    expect(side).to_have_css("width", "216px")


def shown(page: Page, *selectors: str) -> list[str]:
    return [each for each in selectors if page.locator(each).locator("visible=true").count()]


@pytest.mark.parametrize(
    "name",
    [
        "overview",
        "invoice",
        "invoices",
        "payments",
        "service by day",
        "contracts",
        "users",
        "users as a table",
        "journal",
        "sign-ins",
    ],
)
def test_paper_carries_the_document_only(visit: Visit, name: str) -> None:
    page = visit(PLACES[name])
    around = (".bar", ".side", ".foot", ".filters", ".tabs", ".pager", ".skip", ".crumbs")
    assert ".bar" in shown(page, *around)
    page.emulate_media(media="print")
    assert shown(page, *around) == []
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("table").first).to_be_visible()
    page.set_viewport_size({"width": 690, "height": 1000})  # A4 less its margins
    assert sticking_out(page) == []
    page.emulate_media(media="screen")
