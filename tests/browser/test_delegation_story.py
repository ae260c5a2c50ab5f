"""Aigerim lets a finance employee in, who lets a child in; what is cut above is gone below on the next click.

Told with the mouse, with the keyboard alone on a phone, and with no script at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser import keys
from tests.browser.cabinets import Cabinet
from tests.browser.conftest import WIDE, OpenAs
from tests.browser.pages import PHONE
from tests.browser.people import AIGERIM
from tests.browser.watching import Complaints

PASSWORD = "seven quiet mountains"


@dataclass(frozen=True)
class Hand:
    """How somebody presses what they mean: with a mouse, or by the keys alone."""

    name: str
    phone: bool = False
    keys: bool = False
    script: bool = True

    @property
    def viewport(self) -> ViewportSize:
        return PHONE if self.phone else WIDE

    def press(self, what: Locator) -> None:
        if self.keys:
            keys.press(what)
        else:
            what.click()

    def tick(self, what: Locator, on: bool = True) -> None:
        if what.is_checked() == on:
            return
        if self.keys:
            keys.tick(what)
        else:
            what.set_checked(on)
        expect(what).to_be_checked(checked=on)

    def write(self, what: Locator, text: str) -> None:
        if self.keys:
            keys.write(what, text)
        else:
            what.fill(text)


HANDS = (
    Hand("mouse"),
    Hand("keys on a phone", phone=True, keys=True),
    Hand("no script", script=False),
)


@pytest.fixture(params=HANDS, ids=[each.name for each in HANDS])
def hand(request: pytest.FixtureRequest) -> Hand:
    found = request.param
    assert isinstance(found, Hand)
    return found


@pytest.fixture
def window(open_as: OpenAs, hand: Hand) -> Callable[..., Page]:
    def opened(person: object = None) -> Page:
        return open_as(AIGERIM if person else None, fresh=True, viewport=hand.viewport, java_script_enabled=hand.script)

    return opened


@pytest.fixture
def aigerim(window: Callable[..., Page], hand: Hand, cabinet: Cabinet) -> Iterator[Page]:
    """She takes everybody out again in the end, so that each telling begins alike."""
    page = window(AIGERIM)
    yield page
    page.goto("/users?q=madina")
    if page.get_by_role("link", name="Madina Ibraeva").count():
        page.get_by_role("link", name="Madina Ibraeva", exact=True).click()
        page.goto(f"{page.url}/removal?way=branch")
        page.locator("button.danger").click()
        expect(page.get_by_text("Madina Ibraeva was removed").first).to_be_visible()


def fill_in(hand: Hand, page: Page, email: str, first: str, last: str) -> None:
    hand.write(page.get_by_role("textbox", name="E-mail"), email)
    hand.write(page.get_by_label("First name"), first)
    hand.write(page.get_by_label("Last name"), last)
    hand.write(page.get_by_label("Position"), "Accountant")
    hand.tick(page.get_by_label("I set it and pass it on myself"))
    hand.write(page.get_by_label("Their password"), PASSWORD)
    hand.write(page.get_by_label("The same again"), PASSWORD)
    hand.tick(page.get_by_label("Only these"))
    hand.tick(page.get_by_role("checkbox", name="4445/10"))


def come_in(hand: Hand, page: Page, email: str) -> None:
    """Reads the letter, confirms, signs in."""
    page.goto(f"/demo/inbox?to={email}")
    link = page.locator('a[href*="/invitations/"]').first
    for _ in range(20):
        if link.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    hand.press(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are invited")
    hand.press(page.get_by_role("button", name="Confirm and come in"))
    expect(page.get_by_text("Your address is confirmed.")).to_be_visible()
    expect(page.get_by_label("Account number or e-mail")).to_have_value(email)
    hand.write(page.get_by_label("Password", exact=True), PASSWORD)
    hand.press(page.get_by_role("main").get_by_role("button", name="Sign in"))
    expect(page.locator("body.framed")).to_be_attached()


def sections(page: Page) -> list[str]:
    return page.locator(".nav .nav-text").all_text_contents()


def test_a_tree_that_cannot_be_climbed(
    hand: Hand, aigerim: Page, window: Callable[..., Page], complaints: Complaints
) -> None:
    mark = {"mouse": "m", "keys on a phone": "k", "no script": "n"}[hand.name]
    parent, child = f"{mark}.ibraeva@customer1.example", f"{mark}.child@customer1.example"
    aigerim.goto("/users")
    hand.press(aigerim.get_by_role("link", name="Add user"))
    fill_in(hand, aigerim, parent, "Madina", "Ibraeva")
    hand.tick(aigerim.get_by_role("radio", name="Finance"))
    if hand.script:
        expect(aigerim.get_by_label("See documents")).to_be_checked()
        expect(aigerim.get_by_label("Change the DNS filter")).not_to_be_checked()
    hand.press(aigerim.locator("#member-form button[type=submit]"))
    expect(aigerim.get_by_text(f"The invitation was sent to {parent}.")).to_be_visible()
    expect(aigerim.get_by_role("link", name="see the inbox")).to_be_visible()
    address = aigerim.url.split("?")[0]

    madina = window()
    come_in(hand, madina, parent)
    madina.goto("/invoices")
    expect(madina.locator("tr.row").first).to_be_visible()
    for place in ("/invoices", "/contracts", "/payments"):  # the overview: test_pages_person.py
        madina.goto(place)
        assert "4445/11" not in madina.content(), place
    assert "4445/10" in madina.locator(".bar").inner_text()
    assert "Users" not in sections(madina)

    aigerim.goto(f"{address}#change")
    hand.tick(aigerim.get_by_label("May add users"))
    hand.press(aigerim.get_by_role("button", name="Save changes"))
    expect(aigerim.get_by_text("Saved. It counts from their next click on.")).to_be_visible()

    madina.reload()
    assert "Users" in sections(madina)
    madina.goto("/users/new")
    expect(madina.get_by_label("Change the DNS filter")).to_be_disabled()
    expect(madina.get_by_label("All contracts, also future ones")).to_be_disabled()
    fill_in(hand, madina, child, "Arman", "Child")
    hand.tick(madina.get_by_label("See documents"))
    hand.tick(madina.get_by_label("May add users"))
    hand.press(madina.locator("#member-form button[type=submit]"))
    expect(madina.get_by_text(f"The invitation was sent to {child}.")).to_be_visible()

    arman = window()
    come_in(hand, arman, child)
    arman.goto("/users")
    assert "Ibraeva" not in arman.content()
    assert "Sadykova" not in arman.content()
    complaints.expect("status of 404", "status of 403")
    for way in ("", "/removal", "/place"):
        arman.goto(address + way)
        expect(arman.get_by_text("There is no such page")).to_be_visible()
    arman.goto("/users/new")
    expect(arman.get_by_label("See payments")).to_be_disabled()
    arman.goto("/invoices")
    expect(arman.locator("tr.row").first).to_be_visible()

    aigerim.goto(f"{address}#change")
    hand.tick(aigerim.get_by_role("radio", name="One by one"))
    hand.tick(aigerim.get_by_label("See documents"), on=False)
    hand.press(aigerim.get_by_role("button", name="Save changes"))
    expect(aigerim.get_by_text("Saved. It counts from their next click on.")).to_be_visible()

    arman.goto("/invoices")
    expect(arman.locator("tr.row")).to_have_count(0)
    assert "Invoices" not in sections(arman)
    aigerim.goto("/users?q=arman")
    hand.press(aigerim.get_by_role("link", name="Arman Child", exact=True))
    why = aigerim.locator(".why-line", has_text="See documents")
    expect(why).to_contain_text("given, but Madina Ibraeva does not have it")


def test_the_button_says_whom_it_adds_and_a_role_ticks_its_boxes(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto("/users/new")
    button = page.locator("#member-form button[type=submit]")
    expect(button).to_have_text("Add user")
    page.get_by_label("First name").fill("Madina")
    page.get_by_label("Last name").fill("Ibraeva")
    expect(button).to_have_text("Add Madina Ibraeva")
    expect(page.get_by_label("Their password")).to_be_hidden()
    expect(page.get_by_role("checkbox", name="4445/10")).to_be_hidden()
    page.get_by_role("radio", name="Viewer").check()
    expect(page.get_by_label("See usage")).to_be_checked()
    page.get_by_label("See usage").uncheck()
    expect(page.get_by_role("radio", name="One by one")).to_be_checked()
    expect(page.get_by_label("See documents")).to_be_checked()
