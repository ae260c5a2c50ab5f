"""Letters through a real mail server: each once where nothing goes wrong, and never after they are over."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32
from pathlib import Path
from typing import Any

import pytest
import structlog
import time_machine

from components.data import clock
from components.data.database import execute, transaction
from components.jobs.health import jobs_counts
from components.jobs.work import House
from components.messages import sending
from components.messages.waiting import end_those_over, forget_ended
from tests.components.jobs.effects import until
from tests.components.messages.conftest import sending_by
from tests.components.messages.outgoing import LINK, TO, message, messages, send_what_waits, without_waiting, write
from tests.support.post_office import PostOffice, post_office

ROOT = Path(__file__).parents[3]


async def test_a_letter_arrives_once_with_both_its_parts(house: House) -> None:
    async with post_office() as office:
        await write(house)
        sender = sending_by(house, mail=office.url)
        assert await send_what_waits(sender) == 1
        assert await send_what_waits(sender) == 0
    [taken] = office.taken
    assert taken.receivers == [TO]
    assert taken.sender == "help@arqa.example"
    assert taken.greeted_as == "127.0.0.1"
    assert taken.message["From"] == "Arqa Telecom <help@arqa.example>"
    assert taken.message["To"] == TO
    assert taken.message["Subject"] == "Sign in: Madina"
    assert taken.message["Auto-Submitted"] == "auto-generated"
    assert taken.message["Content-Language"] == "en"
    assert [each.get_content_type() for each in taken.message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert LINK in taken.body("plain").splitlines()
    assert f'href="{LINK}"' in taken.body("html")
    kept = await message()
    assert (kept["state"], kept["tries"], kept["error"]) == ("sent", 1, "")
    assert kept["sent_at"]


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Sign in"), ("ru", "Войти"), ("kk", "Кіру"), ("hu", "Bejelentkezés"), ("xx", "Войти")]
)
async def test_it_is_in_the_receivers_language(house: House, language: str, word: str) -> None:
    """One that the operator does not offer is the operator's first."""
    name = "Құралай Өмірзаққызы Әбілқайырова Ғұмарбекқызы Өтеғұлова-Нұрмағамбетова " * 2
    async with post_office() as office:
        await write(house, language=language, name=name)
        await send_what_waits(sending_by(house, mail=office.url))
    [taken] = office.taken
    subject = str(taken.message["Subject"])
    assert subject == f"{word}: {name.strip()}"
    assert f"{word}, {name.strip()}!" in taken.body("plain")
    assert word in taken.body("html")
    assert max(map(len, taken.content.splitlines())) <= 998
    assert taken.content.isascii(), "any server on the way can carry it"


async def test_a_brand_with_other_letters_sends_under_its_name(house: House) -> None:
    brand = house.operator.brand.model_copy(update={"name": "Құрылыс және тұрғын үй басқармасы «Ғимарат», ЖШС"})
    named = House(house.settings, house.operator.model_copy(update={"brand": brand}))
    async with post_office() as office:
        await write(named)
        await send_what_waits(sending_by(named, mail=office.url))
    # Read by the older of Python's two readers: the newer puts spaces between the words of a name.
    sender = message_from_bytes(office.taken[0].content, policy=compat32)["From"]
    assert str(make_header(decode_header(sender))) == f"{brand.name} <help@arqa.example>"


async def test_an_endless_subject_is_cut(house: House) -> None:
    await write(house, name="Ә" * 2000)
    assert len((await message())["subject"]) == 200


async def test_nothing_is_sent_of_what_was_rolled_back(house: House) -> None:
    async with transaction() as connection:
        await write(house)
        await connection.rollback()
    assert await messages() == []
    assert (await jobs_counts()).waiting == 0


async def test_the_same_key_twice_is_one_letter(house: House) -> None:
    async with post_office() as office:
        await write(house, key="invitation:7")
        await write(house, key="invitation:7", name="Somebody else")
        await send_what_waits(sending_by(house, mail=office.url))
        await write(house, key="invitation:7")
        await send_what_waits(sending_by(house, mail=office.url))
    assert [each.message["Subject"] for each in office.taken] == ["Sign in: Madina"]


async def test_a_server_that_is_away_is_asked_again(house: House) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        sender = sending_by(house, mail=f"smtp://127.0.0.1:{port}")
        await write(house)
        await send_what_waits(sender)
    kept = await message()
    assert (kept["state"], kept["tries"]) == ("waiting", 1)
    assert f"127.0.0.1:{port} can't be reached" in kept["error"]
    async with post_office(port=port) as office:
        assert await send_what_waits(sender) == 0, "it waits a little first"
        await without_waiting()
        await send_what_waits(sender)
    assert len(office.taken) == 1
    assert (await message())["state"] == "sent"


@pytest.mark.parametrize("refusal", ["451 greylisted, come back", "DATA 452 no room", "530 authenticate first"])
async def test_what_may_pass_is_tried_again(house: House, refusal: str) -> None:
    async with post_office() as office:
        office.refusals = [refusal]
        sender = sending_by(house, mail=office.url)
        await write(house, secret=True)
        await send_what_waits(sender)
        kept = await message()
        assert kept["state"] == "waiting"
        assert refusal.removeprefix("DATA ")[:3] in kept["error"]
        assert LINK in kept["text"]
        await without_waiting()
        await send_what_waits(sender)
    assert len(office.taken) == 1


@pytest.mark.parametrize("refusal", [f"550 5.1.1 <{TO}> is unknown here", "DATA 554 looks like spam"])
async def test_what_is_refused_for_good_is_given_up_at_once(house: House, refusal: str) -> None:
    async with post_office() as office:
        office.refusals = [refusal]
        await write(house, secret=True)
        await send_what_waits(sending_by(house, mail=office.url))
    kept = await message()
    assert (kept["state"], kept["tries"], kept["text"], kept["html"]) == ("failed", 1, "", "")
    assert refusal.removeprefix("DATA ")[:3] in kept["error"]
    assert TO not in kept["error"]
    counts = await jobs_counts()
    assert (counts.waiting, counts.dead) == (0, 0)


async def test_it_is_given_up_after_the_last_try(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TRIES", 2)
    async with post_office() as office:
        office.refusals = ["451 later", "451 later still"]
        await write(house, secret=True)
        for _ in range(2):
            await send_what_waits(sending_by(house, mail=office.url))
            await without_waiting()
    kept = await message()
    assert (kept["state"], kept["tries"], kept["text"]) == ("failed", 2, "")
    assert "later still" in kept["error"]
    assert (await jobs_counts()).dead == 0


async def test_it_never_leaves_after_what_it_speaks_of_is_over(house: House) -> None:
    async with post_office() as office:
        office.refusals = ["451 later"]
        sender = sending_by(house, mail=office.url)
        await write(house, secret=True, expires_at=clock.now() + timedelta(minutes=30))
        await send_what_waits(sender)
        with time_machine.travel(clock.now() + timedelta(minutes=31)):
            await send_what_waits(sender)
            assert (await message())["state"] == "expired"
            assert await send_what_waits(sender) == 0
    assert office.tries == 1
    kept = await message()
    assert (kept["text"], kept["html"], kept["sent_at"]) == ("", "", None)


async def test_a_secret_does_not_outlive_its_letter_even_where_nobody_sends(house: House) -> None:
    await write(house, key="over", secret=True, expires_at=clock.now() + timedelta(minutes=30))
    await write(house, key="goes on", secret=True, expires_at=clock.now() + timedelta(days=7))
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        await end_those_over()
    over, goes_on = await messages()
    assert (over["state"], over["text"]) == ("expired", "")
    assert goes_on["state"] == "waiting"
    assert LINK in goes_on["text"]


@pytest.mark.parametrize("secret", [True, False])
async def test_a_secret_is_kept_until_it_has_left_and_no_longer(house: House, secret: bool) -> None:
    async with post_office() as office:
        await write(house, secret=secret)
        assert LINK in (await message())["text"]
        await send_what_waits(sending_by(house, mail=office.url))
    kept = await message()
    assert bool(kept["text"]) is bool(kept["html"]) is not secret
    assert kept["subject"]
    assert LINK in office.taken[0].body("plain")


async def test_without_a_server_letters_wait_and_leave_when_there_is_one(house: House) -> None:
    await write(house)
    with time_machine.travel(clock.now()) as traveller:
        for _ in range(50):
            await send_what_waits(house)
            traveller.shift(timedelta(minutes=16))
        assert (await message())["state"] == "waiting"
        counts = await jobs_counts()
        assert (counts.waiting, counts.dead) == (1, 0)
        async with post_office() as office:
            await send_what_waits(sending_by(house, mail=office.url))
    assert len(office.taken) == 1


async def test_killed_after_the_letter_left_it_leaves_again_with_the_same_id(house: House, database_url: str) -> None:
    """Whether it left nobody can know; by its Message-ID the receiver does."""
    async with post_office() as office:
        await write(house)
        arguments = [sys.executable, "-m", "tests.components.messages.postman", database_url, office.url]
        first = await asyncio.to_thread(subprocess.Popen, arguments, cwd=ROOT)
        office.on_letter = first.kill
        await until(_taken(office, 1), 30)
        assert await asyncio.to_thread(first.wait, 10) == -signal.SIGKILL
        assert (await message())["state"] == "waiting"
        office.on_letter = None
        second = await asyncio.to_thread(subprocess.Popen, arguments, cwd=ROOT)
        try:
            await until(_taken(office, 2), 30)
            await until(_is_sent, 10)
        finally:
            second.terminate()
            assert await asyncio.to_thread(second.wait, 30) == 0
    one, other = office.taken
    assert one.message["Message-ID"] == other.message["Message-ID"]
    assert one.body("plain") == other.body("plain")


def _taken(office: PostOffice, n: int) -> Any:
    async def holds() -> bool:
        return len(office.taken) >= n

    return holds


async def _is_sent() -> bool:
    return (await message())["state"] == "sent"


async def test_other_letters_have_other_ids(house: House) -> None:
    async with post_office() as office:
        await write(house, key="one")
        await write(house, key="two")
        await send_what_waits(sending_by(house, mail=office.url))
    assert len({each.message["Message-ID"] for each in office.taken}) == 2
    assert "two" not in str(office.taken[1].message["Message-ID"])


async def test_the_log_says_by_which_request_and_not_to_whom(house: House) -> None:
    with structlog.contextvars.bound_contextvars(request="request-12345"):
        await write(house, secret=True)
    assert (await message())["request_id"] == "request-12345"
    async with post_office() as office:
        office.refusals = [f"451 {TO} later"]
        processors = [structlog.contextvars.merge_contextvars]
        with structlog.testing.capture_logs(processors=processors) as lines:  # type: ignore[arg-type]
            await send_what_waits(sending_by(house, mail=office.url))
            await without_waiting()
            await send_what_waits(sending_by(house, mail=office.url))
    sent = [each for each in lines if each["event"] == "message sent"]
    assert [(each["kind"], each["channel"], each["request"]) for each in sent] == [
        ("invitation", "email", "request-12345")
    ]
    said = repr(lines)
    assert "451" in said
    assert TO not in said
    assert LINK.rpartition("/")[2] not in said


async def test_old_messages_are_forgotten_and_waiting_ones_never(house: House) -> None:
    for key in ("old", "waits", "new"):
        await write(house, key=key)
    await execute("UPDATE message SET state = 'sent' WHERE key <> 'waits'")
    before = clock.now() - timedelta(days=90)
    await execute("UPDATE message SET created_at = :then WHERE key <> 'new'", then=before - timedelta(days=1))
    assert await forget_ended(before, 10) == 1
    assert [each["key"] for each in await messages()] == ["waits", "new"]
