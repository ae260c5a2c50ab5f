"""Where letters go: another address counts once its person has confirmed it; the old one is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from components.data import clock
from components.jobs.models import Job
from components.messages.models import Message
from tests.support.cast import GULNAR, SAULE
from tests.support.client import Cabinet, Client
from tests.support.pages import error_beside
from users.hierarchy.models import User
from users.journal.models import JournalRow
from users.links import links
from users.links.models import Link

NEW = "gulnar@home.example"


async def _ask(browser: Client, address: str = NEW) -> str:
    """Asks for the new address; the link's path, out of the letter."""
    answer = await browser.post("/profile/letters", {"letters_email": address})
    assert answer.status == 303
    text = (await Message.filter(kind="letters_address_confirm").order_by("-id").first()).text  # type: ignore[union-attr]
    found = re.search(r"http://127\.0\.0\.1:8000(/profile/letters/\S+)", text)
    assert found
    return found[1]


async def _address() -> str | None:
    return (await User.get(email=GULNAR)).letters_email


async def test_a_new_address_is_confirmed_and_the_old_one_told(own_cabinet: Cabinet) -> None:
    """Abuse case M03: it is not taken for confirmed because the one before was."""
    gulnar = await own_cabinet.sign_in(GULNAR)
    link = await _ask(gulnar)
    assert (await Message.get(kind="letters_address_confirm")).receiver == NEW
    assert await _address() is None, "not yet"
    assert NEW in (await gulnar.get("/profile")).main.text
    assert (await gulnar.get(link)).status == 200
    assert await _address() is None, "a program that opens links confirms nothing"
    assert (await gulnar.post(link)).status == 303
    assert await _address() == NEW
    told = await Message.get(kind="letters_address_changed")
    assert (told.receiver, NEW in told.text) == (GULNAR, True)
    row = await JournalRow.get(act="letters_address.changed")
    assert (row.before, row.after) == ({"letters_email": GULNAR}, {"letters_email": NEW})


async def test_back_to_the_logins_address_needs_no_link(own_cabinet: Cabinet) -> None:
    """Abuse case M03."""
    gulnar = await own_cabinet.sign_in(GULNAR)
    await gulnar.post(await _ask(gulnar))
    await gulnar.post("/profile/letters", {"letters_email": GULNAR})
    assert await _address() is None
    assert (await Message.filter(kind="letters_address_changed").order_by("-id").first()).receiver == NEW  # type: ignore[union-attr]


async def test_every_further_address_is_confirmed_anew(own_cabinet: Cabinet) -> None:
    """Abuse case M03: neither a confirmed one before it nor an older link confirms it; each one before is told."""
    gulnar = await own_cabinet.sign_in(GULNAR)
    await gulnar.post(await _ask(gulnar))
    older = await _ask(gulnar, "gulnar@second.example")
    newer = await _ask(gulnar, "mallory@evil.example")
    assert await _address() == NEW
    assert (await gulnar.post(older)).status == 422
    assert await _address() == NEW
    await gulnar.post(newer)
    told = await Message.filter(kind="letters_address_changed").order_by("id")
    assert [each.receiver for each in told] == [GULNAR, NEW]
    assert "mallory@evil.example" in told[-1].text
    assert (await User.get(email=GULNAR)).email == GULNAR, "the login stays, and what proves it"


async def test_an_address_sent_twice_is_the_first(own_cabinet: Cabinet) -> None:
    """Abuse case M05."""
    gulnar = await own_cabinet.sign_in(GULNAR)
    evil = "mallory@evil.example"
    sent = [("letters_email", NEW), ("letters_email", evil), ("letters_email[]", evil)]
    await gulnar.post("/profile/letters", sent)
    assert [each.receiver for each in await Message.all()] == [NEW]
    assert (await gulnar.post("/profile/letters", [("letters_email[]", evil)])).status == 422


@pytest.mark.parametrize("purpose", ["invitation", "password"])
async def test_a_link_of_another_purpose_confirms_no_address(own_cabinet: Cabinet, purpose: links.Purpose) -> None:
    """Abuse case D11."""
    gulnar = await own_cabinet.sign_in(GULNAR)
    user = await User.get(email=GULNAR)
    token = await links.issue(purpose, "mallory@evil.example", timedelta(days=1), user_id=user.id)
    assert (await gulnar.post(f"/profile/letters/{token}")).status == 422
    assert await _address() is None
    letters = (await _ask(gulnar)).rpartition("/")[2]
    visitor = own_cabinet.visitor()
    assert (await visitor.get(f"/password-reset/{letters}")).status == 410
    assert (await visitor.get(f"/invitations/{letters}")).status == 410


async def test_the_link_is_in_its_letter_and_nowhere_else(own_cabinet: Cabinet) -> None:
    """Abuse case D09: the letter is emptied once it has left."""
    gulnar = await own_cabinet.sign_in(GULNAR)
    with capture_logs() as logged:
        token = (await _ask(gulnar)).rpartition("/")[2]
        shown = [await gulnar.get(path) for path in ("/profile", f"/profile/letters/{token}", "/journal")]
        await gulnar.post(f"/profile/letters/{token}")
    assert token not in repr(logged)
    assert token not in shown[0].text + shown[2].text
    assert shown[1].header("referrer-policy") in ("same-origin", "strict-origin", "no-referrer")
    assert (await Message.get(kind="letters_address_confirm")).secret
    kept = [*await Link.all().values(), *await JournalRow.all().values(), *await Job.all().values()]
    assert token not in repr(kept)


async def test_a_link_works_once_for_its_person_in_time(own_cabinet: Cabinet) -> None:
    """Abuse cases D11 and L05."""
    gulnar, saule = await own_cabinet.sign_in(GULNAR), await own_cabinet.sign_in(SAULE)
    link = await _ask(gulnar)
    answer = await saule.post(link)
    assert answer.status == 422
    assert "opens nothing" in answer.main.text
    assert (await own_cabinet.visitor().get(link)).status == 303, "signed in only"
    second = await _ask(gulnar)
    assert (await gulnar.post(link)).status == 422, "a newer one was sent"
    await Link.filter(purpose="letters").update(expires_at=clock.now() - timedelta(seconds=1))
    assert (await gulnar.post(second)).status == 422
    third = await _ask(gulnar)
    assert (await gulnar.post(third)).status == 303
    assert (await gulnar.post(third)).status == 422, "used"


@pytest.mark.parametrize(
    "typed", ["", "nobody", "a b@c.example", "x" * 300 + "@c.example", "a@b.example\r\nBcc: c@d.example"]
)
async def test_no_address_is_said_beside_the_field(own_cabinet: Cabinet, typed: str) -> None:
    gulnar = await own_cabinet.sign_in(GULNAR)
    answer = await gulnar.post("/profile/letters", {"letters_email": typed})
    if answer.status == 303:  # control characters are dropped; what is left may be an address
        pytest.fail("taken for an address")
    assert error_beside(answer.page, "letters_email")
    assert not await Link.exists()


async def test_what_one_is_told_of_is_kept_by_kind_and_way(own_cabinet: Cabinet) -> None:
    gulnar = await own_cabinet.sign_in(GULNAR)
    ticked = [("notifications", "sign_in.sms"), ("notifications", "rights.email"), ("notifications", "owner.email")]
    assert (await gulnar.post("/profile/notifications", ticked)).status == 303
    assert (await User.get(email=GULNAR)).notifications == {"sign_in": ["sms"], "rights": ["email"]}
    page = (await gulnar.get("/profile?told=1")).main
    on = {each["value"] for each in page.all("input[name=notifications]") if "checked" in each.attributes}
    assert on == {"sign_in.sms", "rights.email"}


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "call me"), ("phone", "12"), ("time_zone", "Almaty"), ("time_zone", "../etc/passwd")]
)
async def test_a_phone_or_zone_that_is_none(own_cabinet: Cabinet, field: str, value: str) -> None:
    gulnar = await own_cabinet.sign_in(GULNAR)
    answer = await gulnar.post("/profile", {"first_name": "Gulnar", "last_name": "A", field: value})
    assert answer.status == 422
    assert error_beside(answer.page, field)
    assert answer.page.one(f"#f-{field}")["value"] == value


async def test_phone_and_zone_are_kept(own_cabinet: Cabinet) -> None:
    gulnar = await own_cabinet.sign_in(GULNAR)
    await gulnar.post("/profile", {"phone": "+7 (701) 123-45-67", "time_zone": "Europe/Budapest"})
    user = await User.get(email=GULNAR)
    assert (user.phone, user.time_zone) == ("+77011234567", "Europe/Budapest")
