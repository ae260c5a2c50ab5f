"""The end of a sign-in, told beforehand: what the page knows, and what saying "I am here" does."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from tests.support.cast import AIGERIM
from tests.support.client import Cabinet
from tests.users.sessions.test_sign_in import sign_in
from users.sessions.models import Session

MINUTE, HOUR = 60, 3600


async def test_saying_so_begins_the_idle_hour_anew_and_nothing_else(
    own_cabinet: Cabinet, at_noon: time_machine.Traveller
) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    token = await aigerim.token()
    before = await Session.get()
    at_noon.shift(4 * MINUTE)  # a visit this soon would not be noted
    answer = await aigerim.post("/profile/sessions/extension", token=token)
    assert (answer.status, answer.body) == (204, b"")
    after = await Session.get()
    assert after.seen_at - before.seen_at >= timedelta(minutes=4)
    assert {name for name in dict(after) if dict(after)[name] != dict(before)[name]} == {"seen_at"}
    at_noon.shift(59 * MINUTE)
    assert (await aigerim.get("/profile")).status == 200


async def test_it_does_not_outlast_the_end_that_was_set(own_cabinet: Cabinet, at_noon: time_machine.Traveller) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    token = await aigerim.token()
    for _ in range(13):
        at_noon.shift(55 * MINUTE)
        await aigerim.post("/profile/sessions/extension", token=token)
    answer = await aigerim.post("/profile/sessions/extension", token=token)
    assert answer.status in (303, 204)
    at_noon.shift(10 * MINUTE)
    assert (await aigerim.post("/profile/sessions/extension", token=token)).status == 303, "twelve hours, and no more"


async def test_a_sign_in_that_has_ended_is_not_woken(own_cabinet: Cabinet, at_noon: time_machine.Traveller) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    token = await aigerim.token()
    at_noon.shift(61 * MINUTE)
    assert (await aigerim.post("/profile/sessions/extension", token=token)).status == 303
    assert (await aigerim.get("/profile")).status == 303


async def test_another_sites_page_keeps_nobody_signed_in(own_cabinet: Cabinet) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    assert (await aigerim.post("/profile/sessions/extension", token="made-up")).status == 403
    assert (await aigerim.get("/profile/sessions/extension")).status in (404, 405)


async def test_the_page_knows_both_ends(own_cabinet: Cabinet, at_noon: time_machine.Traveller) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    at_noon.shift(3 * MINUTE)
    told = (await aigerim.get("/profile")).page.one("dialog#ending")
    assert 56 * MINUTE < int(told["data-idle-in"]) <= 57 * MINUTE, "of the visit that was noted, not of this one"
    assert 11 * HOUR < int(told["data-ends-in"]) < 12 * HOUR
    assert told["data-zone"] == "Asia/Almaty"
    at_noon.shift(10 * MINUTE)
    told = (await aigerim.get("/profile")).page.one("dialog#ending")
    assert 59 * MINUTE < int(told["data-idle-in"]) <= 60 * MINUTE


async def test_who_is_remembered_is_never_idle(own_cabinet: Cabinet) -> None:
    browser = own_cabinet.visitor()
    await sign_in(browser, AIGERIM, remember="1")
    told = (await browser.get("/profile")).page.one("dialog#ending")
    assert told["data-idle-in"] == ""
    assert int(told["data-ends-in"]) > 29 * 24 * HOUR


async def test_nobody_signed_in_is_told_of_an_end(cabinet: Cabinet) -> None:
    assert not (await cabinet.visitor().get("/sign-in")).page.has("#ending")


async def test_a_form_sent_too_late_leads_back_to_its_page(own_cabinet: Cabinet) -> None:
    """What was typed waits there in the browser (static/js/ending.js); another site's page is no way back."""
    visitor = own_cabinet.visitor()
    for referer, location in (
        (f"{own_cabinet.base}/profile?a=1", "/sign-in?next=/profile%3Fa%3D1"),
        (f"{own_cabinet.base}//evil.example/", "/sign-in"),
        ("https://evil.example/profile", "/sign-in"),
        ("nonsense", "/sign-in"),
    ):
        answer = await visitor.post("/profile", {"first_name": "A"}, token="x", headers={"referer": referer})
        assert (answer.status, answer.header("location")) == (303, location)
