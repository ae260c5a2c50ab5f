"""Strangers can use up what a login may try; whoever has signed in from a browser before still comes in there."""

from __future__ import annotations

import re

import pytest

from components.data import throttle
from tests.support.cast import AIGERIM, GULNAR, PASSWORD, SAULE, VIKTOR
from tests.support.client import Cabinet, Client
from users.sessions import signing_in
from users.sessions.known_devices import COOKIE, PER_DEVICE
from users.sessions.models import Session
from users.sessions.signing_in import PER_LOGIN, PER_SOURCE, PER_SOURCE_AND_LOGIN
from users.sessions.tokens import hashed


async def _try(browser: Client, login: str, password: str = PASSWORD) -> int:
    browser.cookies.pop("kabinet_session", None)
    return (await browser.post("/sign-in", {"login": login, "password": password})).status


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    real = signing_in.fits

    async def fits(password: str, known: str | None) -> bool:
        return password == PASSWORD and await real(password, known)

    monkeypatch.setattr(signing_in, "fits", fits)


async def _use_up(source: str, *logins: str) -> None:
    for login in logins:
        key = hashed(login)[:32]
        for limit, whom in ((PER_LOGIN, key), (PER_SOURCE, source), (PER_SOURCE_AND_LOGIN, f"{source}|{key}")):
            for _ in range(limit.tries):
                await throttle.count((limit, whom))


@pytest.mark.parametrize("login", [AIGERIM, "office1@customer1.example"])
async def test_strangers_lock_nobody_out_of_a_browser_of_theirs(own_cabinet: Cabinet, login: str) -> None:
    """Not with tries from everywhere, nor from the office's own address (abuse case L09). By either of her logins."""
    hers = own_cabinet.visitor()
    assert await _try(hers, AIGERIM) == 303
    await _use_up(hers.source, AIGERIM, "office1@customer1.example")
    assert await _try(own_cabinet.visitor(), login) == 429, "any other browser waits"
    assert await _try(hers, login) == 303


async def test_a_browser_that_is_known_has_a_limit_of_its_own(own_cabinet: Cabinet) -> None:
    hers = own_cabinet.visitor()
    assert await _try(hers, GULNAR) == 303
    for _ in range(PER_DEVICE.tries):
        assert await _try(hers, GULNAR, "guess") == 422
    assert await _try(hers, GULNAR) == 429
    assert await _try(own_cabinet.visitor("203.0.113.9"), GULNAR) == 303, "and uses up nobody else's"


async def test_it_is_known_for_who_has_signed_in_there_and_for_nobody_else(own_cabinet: Cabinet) -> None:
    his = own_cabinet.visitor()
    assert await _try(his, VIKTOR) == 303
    await _use_up(his.source, GULNAR)
    assert await _try(his, GULNAR) == 429
    assert await _try(his, "nobody@nowhere.example") == 429, "the address has no tries left for others either"
    assert await _try(his, VIKTOR) == 303


async def test_a_wrong_password_makes_no_browser_known(own_cabinet: Cabinet) -> None:
    stranger = own_cabinet.visitor()
    assert await _try(stranger, SAULE, "guess") == 422
    assert not [name for name in stranger.cookies if name.endswith(COOKIE)]
    made_up = own_cabinet.visitor()
    made_up.cookies[COOKIE] = "A" * 43
    await _use_up(made_up.source, SAULE)
    assert await _try(made_up, SAULE) == 429


@pytest.mark.parametrize("text", ["", "short", "é" * 43, "A" * 44, "A" * 42 + "\n"])
async def test_a_cookie_that_is_not_ours_is_replaced(own_cabinet: Cabinet, text: str) -> None:
    browser = own_cabinet.visitor()
    if text.isascii() and "\n" not in text:
        browser.cookies[COOKIE] = text
    assert await _try(browser, VIKTOR) == 303
    assert re.fullmatch(r"[\w-]{43}", browser.cookies[COOKIE])
    session = await Session.filter(user__email=VIKTOR).order_by("-id").first()
    assert session is not None
    assert session.device_hash == hashed(browser.cookies[COOKIE])


async def test_the_cookie_outlives_the_sign_in_and_opens_nothing(own_cabinet: Cabinet) -> None:
    browser = own_cabinet.visitor()
    assert await _try(browser, VIKTOR) == 303
    kept = browser.cookies[COOKIE]
    await browser.post("/sign-out")
    assert browser.cookies[COOKIE] == kept
    assert (await browser.get("/profile")).status == 303
    again = await browser.post("/sign-in", {"login": VIKTOR, "password": PASSWORD})
    assert browser.cookies[COOKIE] == kept
    (line,) = [each for each in again.all_headers("set-cookie") if COOKIE in each]
    assert "Max-Age=34560000" in line
    assert "HttpOnly" in line
