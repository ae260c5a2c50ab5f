"""What is refused before a handler sees it is refused with a page too: a foreign host, a body too large."""

from __future__ import annotations

import json

import pytest

from components.data.database import counting
from components.web.errors import ELSEWHERE, TEXTS
from tests.components.web.test_headers import _guarded as guarded
from tests.support.cast import AIGERIM
from tests.support.client import BASE, Answer, Cabinet, Client

LIMIT = 256 * 1024
FORM = {"content-type": "application/x-www-form-urlencoded"}
SAME = {"x-request-id": "one-and-the-same"}
FOREIGN = {"host": "evil.example", **SAME}


async def _too_large(browser: Client, headers: dict[str, str], announced: bool) -> Answer:
    if announced:
        return await browser.send("POST", "/sign-in", b"", {**FORM, **headers, "content-length": str(LIMIT + 1)})
    return await browser.send("POST", "/sign-in", headers={**FORM, **headers}, chunks=[b"a" * 64 * 1024] * 5)


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "counted"])
@pytest.mark.parametrize("login", [AIGERIM, ""], ids=["signed in", "visitor"])
async def test_a_body_too_large_is_answered_with_a_page(cabinet: Cabinet, login: str, announced: bool) -> None:
    """Abuse case T01."""
    browser = await cabinet.sign_in(login) if login else cabinet.visitor()
    page = await _too_large(browser, SAME, announced)
    part = await _too_large(browser, {"hx-request": "true", **SAME}, announced)
    for answer in (page, part):
        assert answer.status == 413
        guarded(answer)
        shown = answer.page.one("#error")
        assert (shown.one("h1").text, shown.one(".error-message").text) == TEXTS[413]
        assert shown.one(".error-id code").text == "one-and-the-same"
        assert shown.one(".actions a")["href"] == "/"
    assert page.page.has(".bar") is bool(login)
    assert "<html" not in part.text


@pytest.mark.parametrize("length", ["262145", "9" * 18])
async def test_a_body_that_says_it_is_too_large_costs_a_visitor_nothing_of_the_database(
    cabinet: Cabinet, length: str
) -> None:
    async with counting() as counted:
        answer = await cabinet.visitor().send("POST", "/sign-in", b"", {**FORM, "content-length": length})
    assert answer.status == 413
    assert not counted.statements


@pytest.mark.parametrize("length", ["", "x", "-1", "1e9", "٣٠٠٠٠٠", "9" * 400])
async def test_a_length_that_is_no_number_is_not_believed_and_the_body_counted(cabinet: Cabinet, length: str) -> None:
    headers = {**FORM} if not length.isascii() else {**FORM, "content-length": length}
    answer = await cabinet.visitor().send("POST", "/sign-in", headers=headers, chunks=[b"a" * 64 * 1024] * 5)
    assert answer.status == 413


async def test_a_foreign_host_is_answered_with_a_page_that_leads_to_our_own(cabinet: Cabinet) -> None:
    """Abuse case L07."""
    aigerim = await cabinet.sign_in(AIGERIM)
    page = await aigerim.get("/invoices", headers=FOREIGN)
    part = await aigerim.get("/invoices", headers=FOREIGN, fragment=True)
    for answer in (page, part):
        assert answer.status == 400
        guarded(answer)
        shown = answer.page.one("#error")
        assert shown.one("h1").text == ELSEWHERE[0]
        assert shown.one(".error-message").text == f"Nothing was changed. You find us at {BASE}."
        assert shown.one(".actions a")["href"] == f"{BASE}/"
        assert shown.one(".error-id code").text == "one-and-the-same"
        assert "evil.example" not in answer.text
        assert not answer.all_headers("set-cookie")
    assert page.page.one("html")["lang"] == "en"


async def test_under_a_foreign_host_nobodys_data_is_shown_whatever_the_cookie(cabinet: Cabinet) -> None:
    """Abuse cases L07 and T03: a name that leads here (DNS rebinding) shows a page of no one."""
    aigerim = await cabinet.sign_in(AIGERIM)
    async with counting() as counted:
        page = (await aigerim.get("/invoices", headers=FOREIGN)).page
    assert not counted.statements
    assert not page.has(".bar")
    assert not page.has("form")
    assert not page.has("[name=csrf_token]")


async def test_the_refusals_page_has_its_style_under_any_name(cabinet: Cabinet) -> None:
    visitor = cabinet.visitor()
    page = (await visitor.get("/sign-in", headers=FOREIGN)).page
    needed = [each["href"] for each in page.all("link")] + [each["src"] for each in page.all("script")]
    assert needed
    for address in needed:
        assert (await visitor.get(address, headers=FOREIGN)).status == 200, address


async def test_one_of_two_hosts_is_not_enough(cabinet: Cabinet) -> None:
    from components.web.limits import HostCheck

    check = HostCheck(cabinet.app, ["127.0.0.1"], (), "/static/")
    ours, foreign = (b"host", b"127.0.0.1:8000"), (b"host", b"evil.example")
    for named, expected in (([ours], True), ([ours, foreign], False), ([foreign, ours], False), ([], False)):
        assert check._ours({"type": "http", "path": "/", "headers": named}) is expected


TAKEN = {
    "application/json": "application/json",
    "application/problem+json, application/json": "application/json",
    "application/json, text/html;q=0": "application/json",
    "text/plain": "text/plain; charset=utf-8",
    "text/csv": "text/plain; charset=utf-8",
    "application/json, text/plain, */*": "text/html; charset=utf-8",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "text/html; charset=utf-8",
    "text/css,*/*;q=0.1": "text/html; charset=utf-8",
    "": "text/html; charset=utf-8",
    ",;": "text/html; charset=utf-8",
    "x" * 5000: "text/plain; charset=utf-8",
}


@pytest.mark.parametrize("accept", TAKEN)
async def test_who_takes_no_pages_is_told_the_same_in_a_form_they_take(cabinet: Cabinet, accept: str) -> None:
    visitor = cabinet.visitor()
    answers = {
        400: await visitor.get("/sign-in", headers={"accept": accept, **FOREIGN}),
        404: await visitor.get("/nowhere", headers={"accept": accept, **SAME}),
        413: await _too_large(visitor, {"accept": accept, **SAME}, True),
    }
    for status, answer in answers.items():
        assert answer.status == status
        guarded(answer)
        assert answer.header("content-type") == TAKEN[accept]
        assert "Accept" in answer.header("vary").split(", ")
        title = ELSEWHERE[0] if status == 400 else TEXTS[status][0]
        if "json" in TAKEN[accept]:
            said = json.loads(answer.text)
            assert (said["status"], said["title"], said["request_id"]) == (status, title, "one-and-the-same")
            assert said["message"].startswith("Nothing was changed") or status == 404
        elif "plain" in TAKEN[accept]:
            assert answer.text.startswith(f"{title}\n")
            assert answer.text.endswith("\none-and-the-same\n")


async def test_a_visitor_can_change_the_language_of_an_error_page(cabinet: Cabinet) -> None:
    """The page brings the cookie that its form is bound to."""
    visitor = cabinet.visitor()
    page = (await visitor.get("/nowhere")).page
    token = page.all("[name=csrf_token]")[0]["value"]
    assert (await visitor.post("/language", {"language": "ru"}, token=token)).status == 303
