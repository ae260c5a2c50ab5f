"""Encrypted, to a server whose certificate is right, with our password: or not at all."""

from __future__ import annotations

import ssl
from pathlib import Path
from urllib.parse import quote

import pytest

from components.jobs.work import House
from components.messages import smtp
from tests.components.messages.conftest import sending_by
from tests.components.messages.outgoing import message, send_what_waits, without_waiting, write
from tests.support.post_office import PASSWORD, USER, post_office

CERTIFICATES = Path(__file__).parent / "certificates"  # signed by themselves, for 127.0.0.1
TRUSTED, OTHER = CERTIFICATES / "mail.pem", CERTIFICATES / "other.pem"


@pytest.fixture
def tls() -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(TRUSTED, CERTIFICATES / "mail.key")
    return made


@pytest.mark.parametrize("at_once", [False, True], ids=["STARTTLS", "TLS from the first byte"])
async def test_it_travels_encrypted_with_our_password(house: House, tls: ssl.SSLContext, at_once: bool) -> None:
    async with post_office(tls=tls, at_once=at_once, asks=True) as office:
        scheme = "smtps" if at_once else "smtp"
        url = f"{scheme}://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{office.port}?ca={TRUSTED}"
        await write(house)
        await send_what_waits(sending_by(house, mail=url))
    assert [each.encrypted for each in office.taken] == [True]


@pytest.mark.parametrize("at_once", [False, True], ids=["STARTTLS", "TLS from the first byte"])
async def test_a_server_with_another_certificate_gets_nothing(house: House, tls: ssl.SSLContext, at_once: bool) -> None:
    async with post_office(tls=tls, at_once=at_once) as office:
        scheme = "smtps" if at_once else "smtp"
        await write(house)
        await send_what_waits(sending_by(house, mail=f"{scheme}://127.0.0.1:{office.port}?ca={OTHER}"))
        assert office.taken == []
        kept = await message()
        assert kept["state"] == "waiting", "the letter is not to blame"
        assert "can't be reached" in kept["error"] or "can't" in kept["error"]
        await without_waiting()
        await send_what_waits(sending_by(house, mail=f"{scheme}://127.0.0.1:{office.port}?ca={TRUSTED}"))
    assert len(office.taken) == 1


async def test_a_server_elsewhere_that_does_not_encrypt_gets_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "is_loopback", lambda _: False)
    async with post_office() as office:
        await write(house)
        await send_what_waits(sending_by(house, mail=office.url))
        assert office.tries == 0
    assert (await message())["state"] == "waiting"


async def test_a_server_on_this_machine_may_sign_for_itself(house: House, tls: ssl.SSLContext) -> None:
    async with post_office(tls=tls) as office:
        await write(house)
        await send_what_waits(sending_by(house, mail=office.url))
    assert [each.encrypted for each in office.taken] == [True]


async def test_a_wrong_password_is_no_fault_of_the_letters(house: House, tls: ssl.SSLContext) -> None:
    async with post_office(tls=tls, asks=True) as office:
        await write(house)
        await send_what_waits(sending_by(house, mail=f"smtp://{USER}:guessed@127.0.0.1:{office.port}"))
    kept = await message()
    assert (kept["state"], office.taken) == ("waiting", [])
    assert "535" in kept["error"]
    assert "guessed" not in kept["error"]


@pytest.mark.parametrize("host", ["mail.operator.example", "10.0.0.5"])
def test_elsewhere_the_certificate_is_always_checked(host: str) -> None:
    context = smtp.context_of(f"smtp://{host}")
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
