"""Chromium, the servers it talks to, and the people who use it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, ViewportSize, expect, sync_playwright

from tests.browser.cabinets import Cabinet, running
from tests.browser.pages import Place
from tests.browser.people import Person
from tests.browser.watching import Complaints

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDE: ViewportSize = {"width": 1440, "height": 900}
PATIENCE = 10_000  # milliseconds; a busy machine is slow, a right answer still comes


class Visit(Protocol):
    """``visit(place)``: the place, in a window shared by all who ask alike; its complaint is announced."""

    def __call__(self, place: Place, *, viewport: ViewportSize = WIDE, **options: Any) -> Page: ...


class OpenAs(Protocol):
    """``open_as(AIGERIM)``: a window of hers; ``open_as(None)``: nobody's. Options as of a browser context."""

    def __call__(self, person: Person | None, *, fresh: bool = False, **options: Any) -> Page: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without one the stories are skipped, but not where ``CI`` is true."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no Chromium is installed")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def cabinets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Cabinet]]:
    """``cabinets("housing")``: the server of that operator, started when first asked for."""
    started: dict[str, Cabinet] = {}
    with ExitStack() as servers:

        def cabinet(operator: str) -> Cabinet:
            if operator not in started:
                started[operator] = servers.enter_context(running(operator, tmp_path_factory.mktemp(operator)))
            return started[operator]

        yield cabinet


@pytest.fixture(scope="session")
def cabinet(cabinets: Callable[[str], Cabinet]) -> Cabinet:
    """The telecom operator's, where the cast lives."""
    return cabinets("telecom")


@pytest.fixture(scope="session")
def signed_in() -> dict[Person, StorageState]:
    """The cookies of those who have signed in once in this session."""
    return {}


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Fails the test when the browser complained of anything that the story did not announce."""
    heard = Complaints()
    yield heard
    verdict = heard.verdict()
    assert not verdict, "the browser complained:\n" + "\n".join(verdict)


@pytest.fixture(scope="session")
def open_window(
    browser: Browser, cabinets: Callable[[str], Cabinet], signed_in: dict[Person, StorageState]
) -> Callable[..., BrowserContext]:
    """A new window for a person. The sign-in is done once and shared, or anew with ``fresh``."""

    def window(person: Person | None, *, fresh: bool = False, **options: Any) -> BrowserContext:
        cabinet = cabinets(person.operator if person else "telecom")
        state = None if person is None or fresh else signed_in.get(person)
        if person and state is None:
            state = _sign_in(browser, cabinet, person)
            if not fresh:
                signed_in[person] = state
        settings = {"base_url": cabinet.base_url, "viewport": WIDE, "locale": "en-GB", "storage_state": state}
        context = browser.new_context(**settings | options)
        _be_patient(context)
        return context

    return window


@pytest.fixture
def open_as(open_window: Callable[..., BrowserContext], complaints: Complaints) -> Iterator[OpenAs]:
    """Windows of the test's own; ``fresh`` for stories that choose an account or sign out."""
    with ExitStack() as windows:

        def opened(person: Person | None, *, fresh: bool = False, **options: Any) -> Page:
            context = windows.enter_context(open_window(person, fresh=fresh, **options))
            complaints.listen(context)
            return context.new_page()

        yield opened


@pytest.fixture(scope="session")
def shared_pages() -> Iterator[dict[object, Page]]:
    pages: dict[object, Page] = {}
    yield pages
    for page in pages.values():
        page.context.close()


@pytest.fixture
def visit(
    open_window: Callable[..., BrowserContext], shared_pages: dict[object, Page], complaints: Complaints
) -> Iterator[Visit]:
    """For tests that go over every place: a window is opened once, and what it has loaded it keeps."""
    listening: list[BrowserContext] = []

    def visited(place: Place, *, viewport: ViewportSize = WIDE, **options: Any) -> Page:
        key = (place.person, *sorted(options.items()))
        if key not in shared_pages:
            shared_pages[key] = open_window(place.person, **options).new_page()
        page = shared_pages[key]
        if place.complaint:
            complaints.expect(place.complaint)
        complaints.listen(page.context)
        listening.append(page.context)
        page.set_viewport_size(viewport)
        page.goto(place.address)
        if place.chart and options.get("java_script_enabled", True):
            expect(page.locator("#usage-chart svg.main-svg").first).to_be_visible()
        return page

    yield visited
    for context in listening:
        complaints.leave(context)


def _be_patient(context: BrowserContext) -> None:
    context.set_default_timeout(PATIENCE)
    context.set_default_navigation_timeout(2 * PATIENCE)


def _sign_in(browser: Browser, cabinet: Cabinet, person: Person) -> StorageState:
    with browser.new_context(base_url=cabinet.base_url, locale="en-GB") as context:
        _be_patient(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("[name=login]", person.login)
        page.fill("[name=password]", cabinet.password)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return context.storage_state()
