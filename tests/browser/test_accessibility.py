"""axe finds nothing: on every page, in both themes, wide and narrow, in two languages."""

from __future__ import annotations

from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDE, OpenAs
from tests.browser.pages import PHONE, PLACES, Place
from tests.browser.watching import Complaints

RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# Each language meets each width and each theme; each width meets each theme.
SIGHTS = {
    "en": ((WIDE, "dark"), (PHONE, "light")),
    "ru": ((WIDE, "light"), (PHONE, "dark")),
}


@cache
def axe() -> Axe:
    return Axe()


def found(page: Page) -> str:
    """What axe finds wrong, a paragraph each; nothing: all is well."""
    results = axe().run(page, options=RULES)
    return results.generate_report() if results.violations_count else ""


@pytest.mark.parametrize("language", SIGHTS)
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_nothing_stands_in_anybody_s_way(open_as: OpenAs, complaints: Complaints, place: Place, language: str) -> None:
    if place.complaint:
        complaints.expect(place.complaint)
    page = open_as(place.person, locale=language, reduced_motion="reduce")  # colours that are on their way fail
    page.goto(place.address)
    expect(page.locator("html")).to_have_attribute("lang", language)
    if place.chart:
        expect(page.locator("#usage-chart svg.main-svg").first).to_be_visible()
    for size, scheme in SIGHTS[language]:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        assert not found(page), (size, scheme)
