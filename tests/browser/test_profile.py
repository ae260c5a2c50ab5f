"""One's own name, language and appearance."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenAs
from tests.browser.people import GULNAR, VIKTOR

DARK = "rgb(15, 20, 21)"
LIGHT = "rgb(252, 252, 251)"


def save(page: Page) -> None:
    page.locator("#profile-form button[type=submit]").click()
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
    same_in_every_language = r"Kim|Head of IT|English|Magyar|Arqa Telecom|e-mail|E-mail|SMS|UTC|\S+@\S+"
    assert re.findall("[A-Za-z]{3,}", re.sub(same_in_every_language, "", words)) == []

    page.get_by_label("Имя").fill("Viktor")
    page.get_by_label("Как в браузере").check()
    save(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_dark_by_choice_and_by_the_system(open_as: OpenAs) -> None:
    page = open_as(GULNAR, color_scheme="light")
    page.goto("/profile")
    background = "getComputedStyle(document.body).backgroundColor"
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
    expect(page.get_by_role("heading", level=1)).to_have_text("Войти")
    expect(page.locator("main [name=next]")).to_have_value("/invoices")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Войти")
