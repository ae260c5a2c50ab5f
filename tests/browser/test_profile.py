"""One's own name, language and appearance."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenAs
from tests.browser.people import GULNAR, VIKTOR

DARK = "rgb(15, 20, 21)"
LIGHT = "rgb(252, 252, 251)"


def save(page: Page) -> None:
    page.locator(".profile button[type=submit]").click()
    expect(page.locator(".form-saved")).to_be_visible()


def test_name_and_language(open_as: OpenAs) -> None:
    page = open_as(VIKTOR)
    page.goto("/profile")
    expect(page.get_by_label("First name")).to_have_value("Viktor")
    page.get_by_label("First name").fill("Виктор")
    page.get_by_label("Русский").check()
    save(page)
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.get_by_role("heading", level=1)).to_have_text("Мой профиль")
    expect(page.locator(".person-name")).to_have_text("Виктор Kim")
    words = page.locator("body").inner_text()
    own = re.compile(r"Kim|Head of IT|English|Magyar|Arqa Telecom|\S+@\S+|[A-Z]{3}\b")
    assert not re.search(r"[A-Za-z]{3,}", own.sub("", words)), own.sub("", words)

    page.get_by_label("Имя").fill("Viktor")
    page.get_by_label("Как просит браузер").check()
    save(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_dark_by_choice_and_by_the_system(open_as: OpenAs) -> None:
    page = open_as(GULNAR, color_scheme="light")
    page.goto("/profile")
    background = "document.body && getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == LIGHT
    page.get_by_label("Dark").check()
    save(page)
    assert page.evaluate(background) == DARK
    page.goto("/invoices")
    assert page.evaluate(background) == DARK
    page.goto("/profile")
    page.get_by_label("As the system shows").check()
    save(page)
    assert page.evaluate(background) == LIGHT
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) == DARK


def test_the_language_of_somebody_not_signed_in(open_as: OpenAs) -> None:
    page = open_as(None)
    page.goto("/sign-in?next=/invoices")
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Вход")
    expect(page.locator("[name=next]")).to_have_count(2)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Вход")
