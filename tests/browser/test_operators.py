"""The other operators' samples open and read as well as the first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.cabinets import Cabinet
from tests.browser.conftest import WIDE, OpenAs
from tests.browser.looking import axe_finds, sticking_out
from tests.browser.pages import PHONE
from tests.browser.people import Person


@pytest.mark.parametrize(
    ("operator", "language", "name", "sections"),
    [
        (
            "insurer",
            "hu",
            "Tisza Biztosító",
            ["/", "/contracts", "/invoices", "/payments", "/users", "/journal", "/profile"],
        ),
        (
            "housing",
            "ru",
            "УК «Малышева, 51»",
            ["/", "/services", "/contracts", "/invoices", "/payments", "/users", "/journal", "/profile"],
        ),
    ],
)
def test_every_section_of_another_operator(
    open_as: OpenAs,
    cabinets: Callable[[str], Cabinet],
    operator: str,
    language: str,
    name: str,
    sections: list[str],
) -> None:
    owner = Person(cabinets(operator).first_login, operator)
    page = open_as(owner, locale=language, reduced_motion="reduce")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator(".bar .brand")).to_have_text(name)
    links = page.locator(".nav a")
    assert [link.get_attribute("href") for link in links.all()] == sections
    for section in sections:
        page.goto(section)
        assert not axe_finds(page), section
        assert sticking_out(page) == [], section
        page.set_viewport_size(PHONE)
        assert sticking_out(page) == [], section
        page.set_viewport_size(WIDE)
        if section in ("/services", "/contracts", "/invoices"):
            page.locator("main a.row-link").first.click()
            expect(page.locator(f".crumbs a[href='{section}']")).to_be_visible()
            assert sticking_out(page) == [], section


def test_readings_of_a_meter(open_as: OpenAs, cabinets: Callable[[str], Cabinet]) -> None:
    page = open_as(Person(cabinets("housing").first_login, "housing"), locale="ru")
    page.goto("/services")
    page.locator("main a.row-link").first.click()
    expect(page.locator("#usage-chart svg.main-svg").first).to_be_visible()
    expect(page.locator("tr.reading").first).to_be_visible()
    page.locator("#step-month").click()
    expect(page.locator(".segment[aria-current]")).to_have_id("step-month")
