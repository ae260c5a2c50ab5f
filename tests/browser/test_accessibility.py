"""axe finds nothing: on every page, in both themes, wide and narrow, in two languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WIDE, Visit
from tests.browser.looking import axe_finds
from tests.browser.pages import PHONE, PLACES, Place

# Each language meets each width and each theme; each width meets each theme.
SIGHTS = {
    "en": ((WIDE, "dark"), (PHONE, "light")),
    "ru": ((WIDE, "light"), (PHONE, "dark")),
}


@pytest.mark.parametrize("language", SIGHTS)
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_nothing_stands_in_anybody_s_way(visit: Visit, place: Place, language: str) -> None:
    page = visit(place, locale=language, reduced_motion="reduce")  # colours that are on their way fail
    expect(page.locator("html")).to_have_attribute("lang", language)
    for size, scheme in SIGHTS[language]:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        assert not axe_finds(page), (size, scheme)
