"""Signing in as people do it: the form, the password, the cookie; and what an outsider learns from it: nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from tortoise.exceptions import DBConnectionError

from components.data import clock, throttle
from tests.support.cast import ANNA, GULNAR, NOON, PASSWORD, seated
from tests.support.client import Answer, Cabinet, Client, open_cabinet
from tests.support.databases import Databases
from tests.support.grants import grant
from users.hierarchy.models import User
from users.journal.models import JournalRow
from users.sessions import pages
from users.sessions.models import Session
from users.sessions.signing_in import PER_LOGIN, PER_SOURCE, PER_SOURCE_AND_LOGIN
from users.sessions.tokens import hashed

OWNER = "office1@customer1.example"
AWAY = "We can't reach our data at the moment. Nothing was lost. Please try again in a minute."
WRONG = "The login and the password do not go together. Check both; capital letters count."


async def sign_in(browser: Client, login: str, password: str = PASSWORD, **fields: str) -> Answer:
    return await browser.post("/sign-in", {"login": login, "password": password, **fields})


@pytest.mark.parametrize("login", ["4445", " 4445 ", OWNER, OWNER.upper(), "Office1@Customer1.example", GULNAR])
async def test_by_account_number_or_e_mail_in_any_case(own_cabinet: Cabinet, login: str) -> None:
    browser = own_cabinet.visitor()
    answer = await sign_in(browser, login)
    assert (answer.status, answer.header("location")) == (303, "/")
    page = await browser.get("/")
    assert page.status == 200
    assert page.page.all(".bar .choice-box")[0].text.startswith("Account 4445")


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("4445", PASSWORD.upper()),
        ("4445", f" {PASSWORD}"),
        ("4445", f"{PASSWORD} "),
        ("4445", ""),
        ("", PASSWORD),
        ("", ""),
        ("9999", PASSWORD),
        ("4465", PASSWORD),  # an account without a cabinet
        ("nobody@customer1.example", PASSWORD),
        (ANNA, PASSWORD),  # suspended
        ("' OR 1=1 --", PASSWORD),
        ("4445\x00", PASSWORD + "\x00"),
    ],
)
async def test_what_is_wrong_is_nobodys_business(own_cabinet: Cabinet, login: str, password: str) -> None:
    """Wrong password, unknown login, no cabinet, suspended (D13): one message, one status, nothing that tells."""
    browser = own_cabinet.visitor()
    answer = await sign_in(browser, login, password)
    assert answer.status == 422
    assert answer.page.one(".form-error").text == WRONG
    assert "kabinet_session" not in browser.cookies
    assert not await Session.exists()
    assert answer.page.one("#f-login")["value"] == login.strip().replace("\x00", "")
    assert answer.page.one("#f-password").get("value") == ""


async def test_an_unknown_login_costs_the_work_of_a_known_one(
    own_cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the time it takes would tell which logins there are."""
    from users.sessions import passwords, signing_in

    checked: list[str | None] = []

    async def fits(password: str, known: str | None) -> bool:
        checked.append(known)
        return False

    monkeypatch.setattr(signing_in, "fits", fits)
    for login in ("4445", "9999", "nobody@customer1.example"):
        await sign_in(own_cabinet.visitor(), login)
    assert len(checked) == 3
    assert checked[0] is not None
    assert checked[1:] == [None, None]
    monkeypatch.undo()
    assert await passwords.fits("a password that nobody has, only its cost counts", None) is False


async def test_the_language_of_the_form_is_the_readers(own_cabinet: Cabinet) -> None:
    answer = await sign_in(own_cabinet.visitor(language="ru"), "4445", "wrong")
    assert answer.page.one("html")["lang"] == "ru"
    assert answer.page.one(".form-error").text != WRONG


async def test_an_account_number_opens_that_account(own_cabinet: Cabinet) -> None:
    """Aigerim owns 4445 and 4446; by e-mail she gets the first."""
    for login, account in (("4446", "4446"), ("4445", "4445"), (OWNER, "4445")):
        browser = own_cabinet.visitor()
        await sign_in(browser, login)
        assert (await browser.get("/invoices")).main.one(".lead").text.endswith(account)


async def test_an_account_number_is_its_owners_alone(own_cabinet: Cabinet) -> None:
    """Gulnar has another password; with it the account's number opens nothing."""
    from users.sessions.passwords import hash_password

    await User.filter(email=GULNAR).update(password_hash=await hash_password("gulnar's own"))
    assert (await sign_in(own_cabinet.visitor(), "4445", "gulnar's own")).status == 422
    assert (await sign_in(own_cabinet.visitor(), GULNAR, "gulnar's own")).status == 303


async def test_a_person_switched_off_does_not_get_in(own_cabinet: Cabinet) -> None:
    await User.filter(email=OWNER).update(active=False)
    assert (await sign_in(own_cabinet.visitor(), "4445")).status == 422


@pytest.mark.parametrize(
    "period",
    [{"valid_until": NOON.date() - timedelta(days=1)}, {"valid_from": NOON.date() + timedelta(days=1)}],
    ids=["over", "not yet begun"],
)
async def test_a_seat_counts_within_its_period(own_cabinet: Cabinet, period: dict[str, object]) -> None:
    """Abuse case D13."""
    await grant(GULNAR, **period)
    assert (await sign_in(own_cabinet.visitor(), GULNAR)).status == 422


async def test_a_seat_counts_on_its_first_and_last_day(own_cabinet: Cabinet) -> None:
    await grant(GULNAR, valid_from=NOON.date(), valid_until=NOON.date())
    assert (await sign_in(own_cabinet.visitor(), GULNAR)).status == 303


# Tries


async def test_after_eight_wrong_tries_one_waits(own_cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only from there and for that login: nobody can lock another person out from elsewhere (abuse case L09)."""
    from users.sessions import signing_in

    real = signing_in.fits

    async def fits(password: str, known: str | None) -> bool:
        return password == PASSWORD and await real(password, known)

    monkeypatch.setattr(signing_in, "fits", fits)
    guesser = own_cabinet.visitor("198.51.100.7")
    for _ in range(PER_SOURCE_AND_LOGIN.tries):
        assert (await sign_in(guesser, "4445", "guess")).status == 422
    stopped = await sign_in(guesser, "4445")
    assert stopped.status == 429
    seconds = int(stopped.header("retry-after"))
    assert 0 < seconds <= PER_SOURCE_AND_LOGIN.seconds
    assert "Too many tries. Please wait" in stopped.page.one(".form-error").text
    assert stopped.page.one("#f-login")["value"] == "4445"
    assert (await sign_in(own_cabinet.visitor("198.51.100.7"), "4445")).status == 429, "a new browser is no way around"
    assert (await sign_in(own_cabinet.visitor("198.51.100.7"), "4455")).status == 303, "others there are not locked out"
    assert (await sign_in(own_cabinet.visitor("203.0.113.9"), "4445")).status == 303, "nor is she, elsewhere"


async def test_waiting_ends(own_cabinet: Cabinet, at_noon: time_machine.Traveller) -> None:
    browser = own_cabinet.visitor()
    for _ in range(PER_SOURCE_AND_LOGIN.tries):
        await throttle.count((PER_SOURCE_AND_LOGIN, f"{browser.source}|{hashed('4445')[:32]}"))
    stopped = await sign_in(browser, "4445")
    assert stopped.status == 429
    at_noon.shift(int(stopped.header("retry-after")) + 1)
    assert (await sign_in(browser, "4445")).status == 303


async def test_one_source_can_not_try_everybody(own_cabinet: Cabinet) -> None:
    """Abuse case L09."""
    browser = own_cabinet.visitor()
    for _ in range(PER_SOURCE.tries):
        await throttle.count((PER_SOURCE, browser.source))
    assert (await sign_in(browser, "4455")).status == 429
    assert (await sign_in(own_cabinet.visitor("203.0.113.9"), "4455")).status == 303


async def test_a_login_guessed_at_from_everywhere_stops_nobody_else(own_cabinet: Cabinet) -> None:
    """Abuse case L09."""
    for _ in range(PER_LOGIN.tries):
        await throttle.count((PER_LOGIN, hashed("4445")[:32]))
    assert (await sign_in(own_cabinet.visitor("203.0.113.9"), "4445")).status == 429
    assert (await sign_in(own_cabinet.visitor("203.0.113.9"), GULNAR)).status == 303


async def test_a_right_password_is_no_try(own_cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    from users.sessions import signing_in

    async def fits(password: str, known: str | None) -> bool:
        return True

    monkeypatch.setattr(signing_in, "fits", fits)
    for _ in range(PER_SOURCE_AND_LOGIN.tries + 1):
        assert (await sign_in(own_cabinet.visitor(), "4445")).status == 303


# The token and its cookie


async def test_every_sign_in_has_a_token_of_its_own_and_the_one_before_is_dead(own_cabinet: Cabinet) -> None:
    browser = own_cabinet.visitor()
    await sign_in(browser, "4445")
    first = browser.cookies["kabinet_session"]
    await sign_in(browser, "4445")
    assert browser.cookies["kabinet_session"] != first
    before = Client(own_cabinet.app, cookies={"kabinet_session": first})
    assert (await before.get("/profile")).status == 303


async def test_a_token_brought_along_is_never_taken_over(own_cabinet: Cabinet) -> None:
    """Session fixation: what the browser had before is not what it has after."""
    planted = "planted-by-somebody-else-planted-by-somebody"
    browser = own_cabinet.visitor()
    browser.cookies["kabinet_session"] = planted
    await sign_in(browser, "4445")
    assert browser.cookies["kabinet_session"] != planted
    assert (await Client(own_cabinet.app, cookies={"kabinet_session": planted}).get("/profile")).status == 303


async def test_only_a_hash_of_the_token_is_kept(own_cabinet: Cabinet) -> None:
    browser = own_cabinet.visitor()
    await sign_in(browser, "4445")
    token = browser.cookies["kabinet_session"]
    kept = await Session.all().values()
    assert [each["token_hash"] for each in kept] == [hashed(token)]
    assert token not in repr(kept)
    assert token not in repr(await JournalRow.all().values())
    assert len(token) >= 43, "256 bits"


def _attributes(answer: Answer, name: str) -> set[str]:
    line = next(each for each in answer.all_headers("set-cookie") if each.startswith(name + "="))
    return {part.strip().lower() for part in line.split(";")[1:]}


async def test_the_cookie_is_for_our_host_and_no_script(own_cabinet: Cabinet) -> None:
    answer = await sign_in(own_cabinet.visitor(), "4445")
    assert _attributes(answer, "kabinet_session") == {"path=/", "httponly", "samesite=lax"}


async def test_over_https_the_cookie_is_bound_to_the_host_and_secure(
    own_url: str, at_noon: time_machine.Traveller
) -> None:
    async with open_cabinet(own_url, "https://my.operator.example") as cabinet:
        browser = cabinet.visitor()
        answer = await sign_in(browser, "4445")
        assert answer.status == 303
        assert _attributes(answer, "__Host-kabinet_session") == {"path=/", "httponly", "samesite=lax", "secure"}
        assert (await browser.get("/profile")).status == 200
        form = await cabinet.visitor().get("/sign-in")
        assert _attributes(form, "__Host-kabinet_form") == {"path=/", "httponly", "samesite=lax", "secure"}


@pytest.mark.parametrize("ticked", ["1", "on"])
async def test_remembered_for_thirty_days_if_asked(own_cabinet: Cabinet, ticked: str) -> None:
    answer = await sign_in(own_cabinet.visitor(), "4445", remember=ticked)
    assert f"max-age={30 * 86400}" in _attributes(answer, "kabinet_session")
    session = await Session.get()
    assert session.remember
    assert abs(session.expires_at - clock.now() - timedelta(days=30)) < timedelta(minutes=1)


async def test_the_last_address_and_browser_are_noted(own_cabinet: Cabinet) -> None:
    await sign_in(own_cabinet.visitor("203.0.113.77"), "4445")
    session = await Session.get()
    assert (session.address, session.agent) == ("203.0.113.77", "tests")


# Where to next

BACK = {
    "/invoices?kind=invoice": "/invoices?kind=invoice",
    "/contracts/4445%2F10": "/contracts/4445%2F10",
    "": "/",
    "//evil.example": "/",
    "///evil.example": "/",
    "https://evil.example": "/",
    "https:evil.example": "/",
    "javascript:alert(1)": "/",
    "/\\evil.example": "/",
    "\\\\evil.example": "/",
    "/invoices\r\nset-cookie: a=b": "/invoicesset-cookie: a=b",
    "/\t/evil.example": "/",
    "evil.example": "/",
    " //evil.example": "/",
}


@pytest.mark.parametrize("asked", BACK)
async def test_next_never_leaves_the_site(own_cabinet: Cabinet, asked: str) -> None:
    """Neither by an address nor (abuse case X05) by a line of its own in the answer's head."""
    answer = await sign_in(own_cabinet.visitor(), "4445", next=asked)
    assert answer.status == 303
    location = answer.header("location")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "\n" not in location
    if "\n" not in asked and "\t" not in asked:
        assert location == BACK[asked]
    assert not [each for each in answer.all_headers("set-cookie") if each.startswith("a=")]


async def test_who_is_signed_in_already_goes_on(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in("4445")
    answer = await aigerim.get("/sign-in?next=/invoices")
    assert (answer.status, answer.header("location")) == (303, "/invoices")
    away = await aigerim.get("/sign-in?next=//evil.example")
    assert away.header("location") == "/"


# The journal


async def test_the_journal_has_who_came_who_was_refused_and_who_left(own_cabinet: Cabinet) -> None:
    browser = own_cabinet.visitor("203.0.113.77")
    await sign_in(browser, "4445", "wrong-secret")
    await sign_in(browser, "9999", "wrong-secret")
    await sign_in(browser, "4445")
    await browser.post("/sign-out")
    rows = await JournalRow.filter(act__startswith="session.").order_by("id").values()
    owner = await User.get(email=OWNER)
    assert [(each["act"], each["actor"], each["user_id"]) for each in rows] == [
        ("session.refused", "4445", None),  # as for nobody, so that both take as long
        ("session.refused", "9999", None),
        ("session.started", OWNER, owner.id),
        ("session.ended", OWNER, owner.id),
    ]
    assert {each["address"] for each in rows} == {"203.0.113.77"}
    assert all(each["request_id"] for each in rows)
    assert "wrong-secret" not in repr(rows)
    assert PASSWORD not in repr(rows)


async def test_who_can_t_be_signed_in_while_others_write_is_asked_to_try_again(
    sqlite_databases: Databases, at_noon: time_machine.Traveller
) -> None:
    """A merge that lasts longer than a sign-in waits: the form again with what was typed, not a crash."""
    url = seated(sqlite_databases)
    async with open_cabinet(f"{url}?busy_timeout=300") as cabinet:
        browser = cabinet.visitor()
        with closing(sqlite3.connect(url.removeprefix("sqlite://"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for password in (PASSWORD, "wrong"):
                answer = await sign_in(browser, "4445", password, remember="1", next="/invoices")
                assert (answer.status, answer.header("retry-after")) == (503, "10")
                assert answer.page.one(".form-error").text == AWAY
                assert answer.page.one("[name=login]")["value"] == "4445"
                assert answer.page.one(".sign-in-form [name=next]")["value"] == "/invoices"
                assert "checked" in answer.page.one("[name=remember]").attributes
                assert password not in answer.text
                assert "kabinet_session" not in browser.cookies
            other.execute("ROLLBACK")
        answer = await sign_in(browser, "4445", next="/invoices")
        assert (answer.status, answer.header("location")) == (303, "/invoices")
    sqlite_databases.drop(url)


async def test_the_form_stays_while_the_database_is_away(own_cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise DBConnectionError("refused")

    monkeypatch.setattr(pages, "sign_in", away)
    answer = await sign_in(own_cabinet.visitor(), "4445")
    assert (answer.status, answer.page.one(".form-error").text) == (503, AWAY)


async def test_a_mistake_of_ours_at_sign_in_is_told_as_one(
    own_cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wrong(*_: object) -> None:
        raise RuntimeError("locked")

    monkeypatch.setattr(pages, "sign_in", wrong)
    assert (await sign_in(own_cabinet.visitor(), "4445")).status == 500
