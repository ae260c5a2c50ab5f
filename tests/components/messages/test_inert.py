"""What people typed stays what they typed: in a header, in a text, in HTML, and never a template (X01, X03, X05)."""

from __future__ import annotations

import pytest

from components.jobs.work import House
from components.messages.outbox import letter
from tests.components.messages.conftest import sending_by
from tests.components.messages.outgoing import LINK, TO, message, messages, send_what_waits, write, write_short
from tests.support.pages import parse
from tests.support.post_office import post_office

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)><b hx-get='/sign-out' hx-trigger='load'>O'Brien & \"Co\""
TEMPLATES = "{{ 7 * 7 }}{% for x in range(9) %}{{ operator }}{% endfor %}{# #} %(name)s %s ${7*7}"
BREAKS = ["\r\n", "\n", "\r", "\r\n\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x00"]


async def test_markup_in_a_name_is_inert(house: House) -> None:
    async with post_office() as office:
        await write(house, name=MARKUP)
        await send_what_waits(sending_by(house, mail=office.url))
    [taken] = office.taken
    assert taken.message["Subject"] == f"Sign in: {MARKUP}"
    assert f"Sign in, {MARKUP}!" in taken.body("plain")
    page = parse(taken.body("html"))
    assert not page.all("script") + page.all("img") + page.all("b")
    assert not [each for each in page.walk() if any(name.startswith(("hx-", "on")) for name in each.attributes)]
    assert page.one("h1").text == f"Sign in: {MARKUP}"
    assert {each["href"] for each in page.all("a")} == {LINK, "http://127.0.0.1:8000", "mailto:help@arqa.example"}


async def test_a_template_in_a_name_is_text(house: House) -> None:
    await write(house, name=TEMPLATES)
    await write_short(house, key="sms", name=TEMPLATES)
    mail, sms = await messages()
    for text in (mail["subject"], mail["text"], sms["text"]):
        assert TEMPLATES in text
    assert parse(mail["html"]).one("h1").text == f"Sign in: {TEMPLATES}"


@pytest.mark.parametrize("gap", BREAKS, ids=ascii)
async def test_no_name_begins_a_header_or_a_paragraph_of_its_own(house: House, gap: str) -> None:
    async with post_office() as office:
        await write(house, name=f"Madina{gap}Bcc: victim@bank.example{gap}{gap}Your account is closed")
        await send_what_waits(sending_by(house, mail=office.url))
    [taken] = office.taken
    assert taken.receivers == [TO]
    assert taken.message["Bcc"] is None
    assert "Bcc: victim@bank.example" in taken.message["Subject"]
    assert not [line for line in taken.body("plain").splitlines() if line.startswith(("Bcc", "Your account"))]


async def test_a_name_does_not_turn_the_line_around(house: House) -> None:
    await write(house, name="Madina \u202emoc.lave")
    assert (await message())["subject"] == "Sign in: Madina moc.lave"


@pytest.mark.parametrize(
    "receiver",
    [
        f"{TO}{gap}{rest}"
        for gap in ("\r\n", "\n", "\u2028", "\x00", " ", ",", ";")
        for rest in ("Bcc: victim@bank.example", "victim@bank.example")
    ]
    + [
        "a\x00b@x.example",
        "a\u202eb@x.example",
        "",
        "madina",
        "@x.example",
        "a@",
        "a@b@c",
        f"<{TO}>",
        f"Madina <{TO}>",
        '"a b"@x.example',
        "a" * 300 + "@x.example",
    ],
    ids=ascii,
)
async def test_a_receiver_is_one_bare_address(house: House, receiver: str) -> None:
    with pytest.raises(ValueError, match="not an e-mail address"):
        await write(house, to=receiver)
    assert await messages() == []


@pytest.mark.parametrize("receiver", ["o'brien+kabinet@customer1.example", "x@xn--80ak6aa92e.example"])
async def test_odd_addresses_are_addresses(house: House, receiver: str) -> None:
    async with post_office() as office:
        await write(house, to=receiver)
        await send_what_waits(sending_by(house, mail=office.url))
    assert [each.receivers for each in office.taken] == [[receiver]]


async def test_a_domain_in_other_letters_travels_encoded(house: House) -> None:
    async with post_office() as office:
        await write(house, to="info@ұйым.example")
        await send_what_waits(sending_by(house, mail=office.url))
    [[receiver]] = [each.receivers for each in office.taken]
    assert receiver.startswith("info@xn--")
    assert office.taken[0].content.isascii()


@pytest.mark.parametrize("name", ["operator", "base_url", "subject", "colours"])
async def test_a_fact_can_not_stand_in_for_ours(house: House, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        await write(house, **{name: "http://evil.example"})


async def test_a_letter_is_about_this_cabinet_whoever_asked(house: House) -> None:
    """Its addresses come from the settings; no request, and so no Host header, is even known here (L07)."""
    await write(house)
    kept = await message()
    assert house.settings.base_url in kept["text"]
    assert "request" not in letter.__annotations__
