"""My sign-ins: where I am signed in, ending one there, and a word when a new device comes in."""

from __future__ import annotations

import pytest

from components.messages.models import Message
from tests.support.cast import AIGERIM, GULNAR, PASSWORD, SAULE, VIKTOR
from tests.support.client import Cabinet, Client
from tests.support.pages import table
from users.hierarchy.models import User
from users.journal.models import JournalRow
from users.sessions.models import Session

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def _enter(cabinet: Cabinet, login: str, agent: str, browser: Client | None = None) -> Client:
    """By the form, as a person does: from there the product knows the device."""
    browser = browser or cabinet.visitor()
    browser.cookies.pop("kabinet_session", None)
    browser.agent = agent
    answer = await browser.post("/sign-in", {"login": login, "password": PASSWORD})
    assert answer.status == 303
    return browser


async def test_the_list_says_where_one_is_signed_in(own_cabinet: Cabinet) -> None:
    office = await own_cabinet.sign_in(GULNAR)
    await own_cabinet.sign_in(GULNAR)
    await Session.filter(user__email=GULNAR).update(agent=FIREFOX, address="192.0.2.7")
    rows = table((await office.get("/profile/sessions")).main)
    assert len(rows) == 2
    assert "Firefox 140" in rows[0][0]
    assert "Linux" in rows[0][0]
    assert "192.0.2.7" in rows[0][1]
    assert "This one" in rows[0][4], "one's own stands first"
    assert "End" in rows[1][4]


async def test_fragment_is_part_of_the_page(own_cabinet: Cabinet) -> None:
    saule = await own_cabinet.sign_in(SAULE)
    page, part = await saule.get("/profile/sessions"), await saule.get("/profile/sessions", fragment=True)
    assert part.page.has("#sign-ins")
    assert not part.page.has("header.bar")
    assert page.main.has("#sign-ins")


async def test_a_visitor_is_asked_to_sign_in(cabinet: Cabinet) -> None:
    assert (await cabinet.visitor().get("/profile/sessions")).status == 303


async def test_ending_one_counts_on_its_next_request(own_cabinet: Cabinet) -> None:
    office, phone = await own_cabinet.sign_in(GULNAR), await own_cabinet.sign_in(GULNAR)
    other = await Session.filter(user__email=GULNAR).order_by("-id").first()
    assert other
    assert (await office.post(f"/profile/sessions/{other.id}/ending")).status == 303
    assert (await phone.get("/profile")).status == 303
    assert (await office.get("/profile/sessions?ended=1")).main.has("[role=status]")
    row = await JournalRow.filter(act="session.ended").get()
    assert (row.actor, row.after) == (GULNAR, {"sign_ins": 1})
    assert (await office.post(f"/profile/sessions/{other.id}/ending")).status == 404, "it has ended already"


async def test_ending_all_others_leaves_this_one(own_cabinet: Cabinet) -> None:
    office = await own_cabinet.sign_in(GULNAR)
    others = [await own_cabinet.sign_in(GULNAR) for _ in range(3)]
    viktor = await own_cabinet.sign_in(VIKTOR)
    await office.post("/profile/sessions/ending")
    assert (await office.get("/profile")).status == 200
    assert {(await each.get("/profile")).status for each in others} == {303}
    assert (await viktor.get("/profile")).status == 200, "nobody else's"


@pytest.mark.parametrize("id", ["0", "999999999", "x", "-1", "9" * 30, "1.5"])
async def test_a_sign_in_there_is_not(own_cabinet: Cabinet, id: str) -> None:
    saule = await own_cabinet.sign_in(SAULE)
    assert (await saule.post(f"/profile/sessions/{id}/ending")).status == 404


async def test_somebody_elses_sign_in_is_not_there(own_cabinet: Cabinet) -> None:
    """Not even for an owner: a sign-in may be one to another account (abuse case A01)."""
    aigerim, gulnar = await own_cabinet.sign_in(AIGERIM), await own_cabinet.sign_in(GULNAR)
    hers = await Session.get(user__email=GULNAR)
    assert (await aigerim.post(f"/profile/sessions/{hers.id}/ending")).status == 404
    assert (await gulnar.get("/profile")).status == 200


async def test_a_new_device_is_told_by_letter_an_old_one_and_the_first_are_not(own_cabinet: Cabinet) -> None:
    mine = await _enter(own_cabinet, GULNAR, FIREFOX)
    assert not await Message.exists(), "the first sign-in of all is no news"
    await _enter(own_cabinet, GULNAR, FIREFOX.replace("140", "141"), mine)
    assert not await Message.exists(), "she has used it before, an older Firefox then"
    await _enter(own_cabinet, GULNAR, FIREFOX)
    letter = await Message.get(kind="new_device")
    assert letter.receiver == GULNAR, "the same kind of browser is not the same browser"
    assert "192.0.2.1" in letter.text


async def test_a_browser_belongs_to_who_signed_in_with_it(own_cabinet: Cabinet) -> None:
    await _enter(own_cabinet, GULNAR, FIREFOX)
    his = await _enter(own_cabinet, VIKTOR, FIREFOX)
    await _enter(own_cabinet, GULNAR, FIREFOX, his)
    assert (await Message.get(kind="new_device")).receiver == GULNAR


async def test_a_sign_in_from_before_browsers_were_known_counts_by_what_they_said(own_cabinet: Cabinet) -> None:
    await _enter(own_cabinet, GULNAR, FIREFOX)
    await Session.filter(user__email=GULNAR).update(device_hash="")
    await _enter(own_cabinet, GULNAR, FIREFOX)
    assert not await Message.exists()


async def test_who_does_not_want_to_be_told_is_not(own_cabinet: Cabinet) -> None:
    await User.filter(email=GULNAR).update(notifications={"sign_in": []})
    await _enter(own_cabinet, GULNAR, FIREFOX)
    await _enter(own_cabinet, GULNAR, "Somebody's phone/1.0")
    assert not await Message.exists()
