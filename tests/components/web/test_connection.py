"""Abuse case T01 at the socket: what a stranger sends without end, too slowly, or never reads."""

from __future__ import annotations

import asyncio
import socket
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from components.web import connection
from components.web.connection import MOST_ADDRESS, MOST_HEAD, MOST_HEADERS, BoundedConnection
from dashboard.serving import _options
from tests.support.client import settings_for

SOON = 0.3
GET = b"GET / HTTP/1.1\r\nhost: a\r\n"


@dataclass
class Asked:
    """What reached the application."""

    paths: list[str] = field(default_factory=list)
    bodies: list[int] = field(default_factory=list)
    gone: int = 0
    sent: int = 0

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.paths.append(scope["path"])
        if scope["path"] == "/long":
            await self._send_without_end(send)
            return
        if scope["path"] == "/slow":
            await asyncio.sleep(3 * SOON)
        try:
            self.bodies.append(len(await Request(scope, receive).body()))
        except ClientDisconnect:
            self.gone += 1
            return
        await PlainTextResponse(scope["path"])(scope, receive, send)

    async def _send_without_end(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(1000):
            await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})
            self.sent += 100_000
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def served(asked: Asked) -> AsyncIterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        asked.app,
        interface="asgi3",
        http=BoundedConnection,
        ws="none",
        lifespan="off",
        log_config=None,
        server_header=False,
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = server.force_exit = True
        await running
        listening.close()


async def said(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Sends the parts and returns everything that came back until the other side closed (or five seconds)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with suppress(ConnectionError):
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
    answer = b""
    with suppress(ConnectionError):
        answer = await asyncio.wait_for(reader.read(), 5)
    await let_go(writer)
    return answer


async def let_go(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1]) if answer else 0


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEAD_SECONDS", "BODY_SECONDS", "READER_SECONDS"):
        monkeypatch.setattr(connection, name, SOON)


async def test_an_ordinary_request_passes_and_the_connection_stays() -> None:
    asked = Asked()
    post = b"POST /two HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n" + b"x" * 100_000
    last = b"GET /three HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
    async with served(asked) as port:
        answer = await said(port, GET + b"\r\n", post, last, pause=0.05)
    assert answer.count(b"HTTP/1.1 200") == 3
    assert (asked.paths, asked.bodies) == (["/", "/two", "/three"], [0, 100_000, 0])


async def test_requests_sent_at_once_are_answered_in_turn() -> None:
    asked = Asked()
    one = b"GET /%d HTTP/1.1\r\nhost: a\r\n\r\n"
    async with served(asked) as port:
        answer = await said(port, b"".join(one % n for n in range(300)) + GET + b"connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200") == 301


async def test_a_body_in_chunks_of_one_letter_passes() -> None:
    asked = Asked()
    head = b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    async with served(asked) as port:
        answer = await said(port, head, b"1\r\nx\r\n" * 50_000, b"0\r\n\r\n")
    assert (status(answer), asked.bodies) == (200, [50_000])


TOO_MUCH = {
    "a long address": (b"GET /" + b"a" * MOST_ADDRESS + b" HTTP/1.1\r\nhost: a\r\n\r\n", 414),
    "a long query": (b"GET /?" + b"a" * MOST_ADDRESS + b" HTTP/1.1\r\nhost: a\r\n\r\n", 414),
    "a large header": (GET + b"a: " + b"b" * MOST_HEAD + b"\r\n\r\n", 431),
    "many headers": (GET + b"a: b\r\n" * MOST_HEADERS + b"\r\n", 431),
    "many large headers": (GET + (b"a: " + b"b" * 2000 + b"\r\n") * 40 + b"\r\n", 431),
    "no request": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "a header folded": (GET + b"a: b\r\n c\r\nx\r\n\r\n", 400),
    "a NUL in a header": (GET + b"a: b\x00c\r\n\r\n", 400),
    "a bare return in a header": (GET + b"a: b\rset-cookie: c=d\r\n\r\n", 400),
    "a name with a blank": (GET + b"content-length : 5\r\n\r\nabcde", 400),
    "a negative length": (b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n", 400),
    "two lengths": (b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef", 400),
    "a length and chunks": (
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "an address with a line of its own": (b"GET /a\nb HTTP/1.1\r\nhost: a\r\n\r\n", 400),
    "letters in an address": ("GET /счёт HTTP/1.1\r\nhost: a\r\n\r\n".encode(), 400),
}


@pytest.mark.parametrize("name", TOO_MUCH)
async def test_what_is_too_much_or_no_request_is_refused_and_closed(name: str) -> None:
    """Nothing of it reaches the application."""
    asked = Asked()
    sent, expected = TOO_MUCH[name]
    async with served(asked) as port:
        answer = await said(port, sent)
    assert status(answer) == expected
    assert b"connection: close" in answer
    assert b"server:" not in answer.lower()
    assert asked.paths == []


ENDLESS = {
    "a header": (GET + b"a: ", b"b" * 50_000),
    "a header's name": (GET, b"b" * 50_000),
    "an address": (b"GET /", b"b" * 50_000),
    "headers": (GET, b"a: b\r\n" * 5000),
    "a trailer": (
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\na: ",
        b"b" * 50_000,
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
async def test_what_has_no_end_is_not_collected(name: str) -> None:
    asked = Asked()
    head, more = ENDLESS[name]
    tracemalloc.start()
    async with served(asked) as port:
        answer = await said(port, head, *[more] * 400)
        _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert status(answer) in (0, 400, 414, 431)  # 0: it went on sending until it was cut off
    assert most < 5_000_000, "of twenty million bytes"
    assert asked.bodies == []


@pytest.mark.parametrize(
    ("first", "expected"),
    [(b"", 0), (b"GET", 408), (GET, 408), (b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nabc", 408)],
    ids=["nothing", "a word", "half a head", "half a body"],
)
async def test_who_sends_too_slowly_is_not_waited_for(soon: None, first: bytes, expected: int) -> None:
    asked = Asked()
    begun = asyncio.get_running_loop().time()
    async with served(asked) as port:
        answer = await said(port, first)
    assert status(answer) == expected
    assert asyncio.get_running_loop().time() - begun < 4
    assert asked.bodies == []


@pytest.mark.parametrize("head", [GET + b"a: ", b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 99\r\n\r\n"])
async def test_a_letter_now_and_then_does_not_make_it_longer(soon: None, head: bytes) -> None:
    asked = Asked()
    async with served(asked) as port:
        answer = await said(port, head, *[b"x"] * 12, pause=SOON / 6)
    assert status(answer) in (0, 408)
    assert asked.bodies == []


async def test_a_page_that_takes_long_is_waited_for(soon: None) -> None:
    """The limits are for who sends, not for us; nor for what was sent ahead meanwhile."""
    asked = Asked()
    async with served(asked) as port:
        answer = await said(
            port, b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n", GET + b"connection: close\r\n\r\n", pause=0.1
        )
    assert answer.count(b"HTTP/1.1 200") == 2
    assert asked.paths == ["/slow", "/"]


async def test_who_does_not_read_is_not_written_to_for_ever(soon: None) -> None:
    """Else a hundred who ask for the longest table and never read hold a connection to the database each."""
    asked = Asked()
    async with served(asked) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
        writer.write(b"GET /long HTTP/1.1\r\nhost: a\r\n\r\n")
        await asyncio.sleep(4 * SOON)
        first = asked.sent
        await asyncio.sleep(2 * SOON)
        assert asked.sent == 100_000_000, f"it was let go after {first}"  # written to nobody, at once
        await let_go(writer)


def test_the_server_uses_it() -> None:
    options: dict[str, Any] = _options(settings_for("sqlite:////nowhere"))
    assert options["http"] is BoundedConnection
    assert options["ws"] == "none"
