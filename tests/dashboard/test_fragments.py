"""One handler, two answers: what HTMX gets is in the page letter for letter, for every page that has a fragment."""

from __future__ import annotations

import re

import pytest

from tests.support.cast import AIGERIM, GULNAR, IRINA, MARAT, TIMUR, VIKTOR
from tests.support.client import Cabinet

ADDRESSES = {
    "/services/S900001": (AIGERIM, "usage"),
    "/services/S900001?from=2026-06-01&to=2026-06-30&step=hour": (VIKTOR, "usage"),
    "/services/S900001?from=2026-06-01&to=2026-06-30&step=day": (AIGERIM, "usage"),
    "/services/S000003?from=2026-01-01&to=2026-12-31&step=month": (AIGERIM, "usage"),
    "/services/S900001?from=2026-06-30&to=2026-06-01": (AIGERIM, "usage"),
    "/services/S900001?from=1999-06-30&to=1999-07-01": (AIGERIM, "usage"),
    "/invoices": (AIGERIM, "invoices-list"),
    "/invoices?kind=correction": (GULNAR, "invoices-list"),
    "/invoices?state=overdue": (MARAT, "invoices-list"),
    "/invoices?q=no+such": (IRINA, "invoices-list"),
    "/invoices?from=x": (TIMUR, "invoices-list"),
    "/payments": (AIGERIM, "payments-list"),
    "/payments?from=2026-01-01&to=2026-12-31": (GULNAR, "payments-list"),
    "/payments?from=x": (IRINA, "payments-list"),
    "/journal": (AIGERIM, "journal-list"),
    "/journal?from=x": (AIGERIM, "journal-list"),
    "/journal/verification": (AIGERIM, "journal-verification"),
    "/profile": (AIGERIM, "profile-form"),
    "/profile?saved=1": (AIGERIM, "profile-form"),
    "/users": (AIGERIM, "users-list"),
    "/users?view=table&sort=-number": (VIKTOR, "users-list"),
    "/users?q=no+such": (GULNAR, "users-list"),
    "/users/new": (GULNAR, "member-form"),
    "/users/13": (GULNAR, "person"),
    "/users/15/removal?way=branch": (AIGERIM, "removal"),
    "/users/13/place?to=18": (AIGERIM, "place"),
}


@pytest.mark.parametrize("address", ADDRESSES)
async def test_the_fragment_is_in_the_page_letter_for_letter(cabinet: Cabinet, address: str) -> None:
    login, root = ADDRESSES[address]
    browser = await cabinet.sign_in(login)
    page, fragment = await browser.get(address), await browser.get(address, fragment=True)
    assert page.status == fragment.status
    assert fragment.text.strip() in page.text
    assert "<html" in page.text
    assert "<html" not in fragment.text
    assert "HX-Request" in fragment.header("vary")
    roots = [child for child in fragment.page.children if not isinstance(child, str)]
    assert [each.get("id") for each in roots] == [root]
    target = roots[0].get("hx-target")
    assert target in ("", f"#{root}"), "a fragment replaces its own root and nothing else"


@pytest.mark.parametrize(
    "address", ["/", "/contracts", "/contracts/4445%2F10", "/services", "/invoices/СФ-2026-000157"]
)
async def test_a_page_without_a_fragment_comes_whole(cabinet: Cabinet, address: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    assert "<html" in (await aigerim.get(address, fragment=True)).text


@pytest.mark.parametrize("header", ["HX-History-Restore-Request", "HX-Boosted"])
@pytest.mark.parametrize("address", ["/invoices", "/payments", "/services/S900001", "/profile"])
async def test_going_back_and_boosted_links_get_the_whole_page(cabinet: Cabinet, address: str, header: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get(address, fragment=True, headers={header: "true"})
    assert "<html" in answer.text


@pytest.mark.parametrize("address", sorted({address.partition("?")[0] for address in ADDRESSES}))
async def test_what_htmx_asks_for_works_without_it_too(cabinet: Cabinet, address: str) -> None:
    """Every hx-get stands on a link or a form that goes to the same place by itself."""
    aigerim = await cabinet.sign_in(AIGERIM)
    page = (await aigerim.get(address)).page
    for each in page.all("[hx-get]"):
        assert each["hx-get"] == (each["action"] if each.tag == "form" else each["href"])
    assert not page.all("[hx-post]")


@pytest.mark.parametrize("path", ["/contracts/9", "/services/9", "/invoices/9", "/nowhere"])
async def test_an_error_comes_as_page_and_as_fragment(cabinet: Cabinet, path: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    same = {"x-request-id": "one-and-the-same"}
    page, fragment = await aigerim.get(path, headers=same), await aigerim.get(path, fragment=True, headers=same)
    assert (page.status, fragment.status) == (404, 404)
    assert fragment.page.one("#error h1").text == "There is no such page"
    assert _even(fragment.text) in _even(page.text)


def _even(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
