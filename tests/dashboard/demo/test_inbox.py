"""The demo's inbox: what the product sent by SMTP and HTTP, in full, to be read and clicked; in the demo alone."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette

from components.data.database import database, execute
from components.data.settings import Settings
from components.jobs.queue import enqueue
from components.jobs.work import House
from dashboard.app import make_app
from dashboard.demo.inbox import Piece, pieces
from dashboard.demo.mailroom import Mailroom, mailroom_for, receiving
from dashboard.schema import config
from tests.components.messages.conftest import own_templates
from tests.components.messages.outgoing import LINK, PHONE, TO, send_what_waits, write, write_short
from tests.support.client import Cabinet, Client, settings_for
from tests.support.databases import Databases, operator_of

INBOX = "/demo/inbox"
MARKUP = "<script>alert(1)</script><b hx-get='/sign-out'>x"
__all__ = ["own_templates"]


@dataclass
class Demo:
    app: Starlette
    house: House
    mailroom: Mailroom

    @property
    def visitor(self) -> Client:
        return Client(self.app)

    async def sms(self, body: bytes, authorization: str | None = None) -> int:
        known = b64encode(f"demo:{self.mailroom.password}".encode()).decode()
        headers = {"content-type": "application/json", "authorization": authorization or f"Basic {known}"}
        return (await self.visitor.send("POST", "/demo/sms", body, headers)).status


@pytest.fixture
def settings(sqlite_databases: Databases) -> Settings:
    return settings_for(sqlite_databases.empty()).model_copy(update={"demo": True})


@asynccontextmanager
async def _demo(settings: Settings) -> AsyncIterator[Demo]:
    """The demo's pages and its mail server; this test is its worker."""
    operator = operator_of("telecom")
    app = make_app(settings, operator)
    mailroom: Mailroom = app.state.mailroom
    async with database(config(settings.database_url.get_secret_value())), receiving(mailroom, settings) as sending:
        yield Demo(app, House(sending, operator), mailroom)


@pytest.fixture
async def demo(settings: Settings) -> AsyncIterator[Demo]:
    async with _demo(settings) as made:
        yield made


async def test_empty_it_says_what_to_do(demo: Demo) -> None:
    answer = await demo.visitor.get(INBOX)
    assert answer.status == 200
    assert answer.main.one("h1").text == "Inbox of the demo"
    assert "stand-in" in answer.main.text
    assert "Nothing was sent yet." in answer.main.text
    assert not answer.main.all("article")


async def test_a_letter_stands_there_in_full_with_its_links(demo: Demo) -> None:
    await write(demo.house)
    await send_what_waits(demo.house)
    answer = await demo.visitor.get(INBOX)
    [shown] = answer.main.all("article")
    assert shown.one("h2").text == "Sign in: Madina"
    assert shown.one(".letter-to").text == TO
    assert LINK in [each["href"] for each in shown.all(".letter-text a")]
    assert "ТОО «Арқа Телеком»" in shown.text
    fragment = await demo.visitor.get(INBOX, fragment=True)
    assert fragment.text.strip() in answer.text


async def test_the_newest_is_first_and_a_receivers_can_be_found(demo: Demo) -> None:
    for number in range(23):
        await write(demo.house, key=str(number), to=f"p{number % 2}@customer1.example", name=f"N{number}")
        await send_what_waits(demo.house)
    main = (await demo.visitor.get(INBOX)).main
    subjects = [each.text for each in main.all("article h2")]
    assert subjects == [f"Sign in: N{number}" for number in range(22, 2, -1)]
    older = (await demo.visitor.get(main.one("#pager-next")["href"])).main
    assert [each.text for each in older.all("article h2")] == ["Sign in: N2", "Sign in: N1", "Sign in: N0"]
    found = (await demo.visitor.get(f"{INBOX}?to=P1@customer1.example")).main
    assert {each.text for each in found.all(".letter-to")} == {"p1@customer1.example"}
    assert found.one("#f-to")["value"] == "P1@customer1.example"
    nobody = (await demo.visitor.get(f"{INBOX}?to=<script>")).main
    assert "Nothing was sent to this receiver." in nobody.text
    assert not nobody.all("script")


async def test_markup_in_a_letter_is_text_on_the_page(demo: Demo) -> None:
    await write(demo.house, name=MARKUP)
    await send_what_waits(demo.house)
    main = (await demo.visitor.get(INBOX)).main
    assert not main.all("script") + main.all("article b")
    assert MARKUP in main.one("article").text


async def test_the_html_is_shown_as_in_a_mail_program_and_can_do_nothing(demo: Demo) -> None:
    await write(demo.house, name=MARKUP)
    await send_what_waits(demo.house)
    main = (await demo.visitor.get(INBOX)).main
    [address] = [each["href"] for each in main.all("article a") if each.text == "As HTML"]
    answer = await demo.visitor.get(address)
    assert answer.status == 200
    assert LINK in [each["href"] for each in answer.page.all("a")]
    policy = answer.header("content-security-policy").split("; ")
    assert {"default-src 'none'", "sandbox", "frame-ancestors 'none'", "form-action 'none'"} <= set(policy)
    assert not [each for each in policy if each.startswith("script-src")]
    assert answer.header("x-content-type-options") == "nosniff"


@pytest.mark.parametrize("id", ["x", "../secret-key", "..%2f..%2fsecret-key", "cur", "0" * 16])
async def test_only_what_was_received_can_be_asked_for(demo: Demo, id: str) -> None:
    await write(demo.house)
    await send_what_waits(demo.house)
    assert (await demo.visitor.get(f"{INBOX}/{id}")).status == 404


async def test_a_second_copy_of_a_letter_is_dropped(demo: Demo) -> None:
    await write(demo.house)
    await send_what_waits(demo.house)
    await execute("UPDATE message SET state = 'waiting'")
    await enqueue("message.send", message_id=1)
    await send_what_waits(demo.house)
    assert len((await demo.visitor.get(INBOX)).main.all("article")) == 1


async def test_it_is_kept_between_two_runs(settings: Settings) -> None:
    async with _demo(settings) as first:
        for number in range(3):
            await write(first.house, key=str(number), name=f"N{number}")
            await send_what_waits(first.house)
    async with _demo(settings) as second:
        main = (await second.visitor.get(INBOX)).main
    assert [each.text for each in main.all("article h2")] == ["Sign in: N2", "Sign in: N1", "Sign in: N0"]


async def test_an_sms_arrives_by_the_providers_own_protocol(demo: Demo) -> None:
    assert demo.house.settings.sms_url is not None
    parts = urlsplit(demo.house.settings.sms_url.get_secret_value())
    assert (parts.hostname, parts.path) == ("127.0.0.1", "/demo/sms")
    body = json.dumps({"id": "one", "to": PHONE, "text": f"Құпия код 123456 {LINK}"}).encode()
    assert await demo.sms(body) == 202
    assert await demo.sms(body) == 202
    [shown] = (await demo.visitor.get(f"{INBOX}?to={PHONE[1:]}")).main.all("article")
    assert "Құпия код 123456" in shown.text
    assert shown.one(".letter-to").text == PHONE
    assert LINK in [each["href"] for each in shown.all("a")]
    assert "As HTML" not in shown.text


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"to": "1"}', b'"x"', b"\xff"])
async def test_an_sms_that_is_none_is_refused(demo: Demo, body: bytes) -> None:
    assert await demo.sms(body) == 422


@pytest.mark.parametrize("authorization", ["Basic x", "Bearer y", "Basic ZGVtbzpkZW1v"])
async def test_only_the_product_sends_sms(demo: Demo, authorization: str) -> None:
    body = json.dumps({"id": "one", "to": PHONE, "text": "x"}).encode()
    assert await demo.sms(body, authorization) == 401
    assert not (await demo.visitor.get(INBOX)).main.all("article")


async def test_the_demo_sends_nowhere_else_whatever_the_environment_says(settings: Settings) -> None:
    real = settings.model_copy(update={"smtp_url": SecretStr("smtps://mail.operator.example")})
    async with receiving(mailroom_for(real), real) as sending:
        assert sending.smtp_url is not None
        assert urlsplit(sending.smtp_url.get_secret_value()).hostname == "127.0.0.1"


@pytest.mark.parametrize("address", [INBOX, f"{INBOX}/x", "/demo/sms"])
async def test_elsewhere_it_does_not_exist(cabinet: Cabinet, address: str) -> None:
    assert (await cabinet.visitor().get(address)).status == 404
    assert (await cabinet.visitor().send("POST", address, b"{}")).status == 404
    assert cabinet.app.state.mailroom is None


@pytest.mark.parametrize("base", ["https://my.operator.example", "http://10.0.0.5:8000"])
def test_it_does_not_start_where_others_could_read_it(settings: Settings, base: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        make_app(settings.model_copy(update={"base_url": base}), operator_of("telecom"))


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see http://x.example/a?b=1&c=2.", ["http://x.example/a?b=1&c=2"]),
        ("(https://x.example/a)", ["https://x.example/a"]),
        ("javascript:alert(1) data:text/html,x //evil.example", []),
        ("a http://x.example/1\nhttp://x.example/2", ["http://x.example/1", "http://x.example/2"]),
        ("", []),
    ],
)
def test_addresses_become_links_and_nothing_is_lost(text: str, links: list[str]) -> None:
    found = pieces(text)
    assert "".join(each.text for each in found) == text
    assert [each.href for each in found if each.href] == links
    assert all(isinstance(each, Piece) for each in found)


async def test_several_come_at_once(demo: Demo) -> None:
    for number in range(8):
        await write(demo.house, key=str(number))
        await write_short(demo.house, key=f"sms{number}")
    await asyncio.gather(*[send_what_waits(demo.house) for _ in range(3)])
    letters = [each for each in (await demo.visitor.get(INBOX)).main.all("article") if TO in each.text]
    assert len(letters) == 8
