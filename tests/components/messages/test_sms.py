"""SMS over an HTTP provider that speaks as the documentation says, on a real socket."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import time_machine

from components.data import clock
from components.jobs.work import House
from tests.components.messages.conftest import sending_by
from tests.components.messages.outgoing import (
    LINK,
    PHONE,
    message,
    messages,
    send_what_waits,
    without_waiting,
    write_short,
)


@dataclass
class Provider:
    """``answers`` are given out one by one, then 202."""

    port: int = 0
    answers: list[str] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = json.loads(await reader.readexactly(int(headers["content-length"])))
        self.asked.append((head[0], headers, body))
        answer = self.answers.pop(0) if self.answers else "202 Accepted"
        writer.write(f"HTTP/1.1 {answer}\r\ncontent-length: 15\r\nconnection: close\r\n\r\nno: {PHONE[:11]}".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def _provider() -> AsyncIterator[Provider]:
    made = Provider()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made


async def test_it_is_asked_as_documented(house: House) -> None:
    async with _provider() as provider:
        await write_short(house, to="+7 (701) 000-00-00")
        url = f"http://arqa:p%40ss@127.0.0.1:{provider.port}/v1/messages?from=ARQA"
        await send_what_waits(sending_by(house, sms=url))
    [(line, headers, body)] = provider.asked
    assert line == "POST /v1/messages?from=ARQA HTTP/1.1"
    assert body == {"id": headers["idempotency-key"], "to": PHONE, "text": f"Arqa Telecom: Madina {LINK}"}
    assert headers["authorization"] == "Basic " + b64encode(b"arqa:p@ss").decode()
    assert headers["content-type"] == "application/json"
    assert (await message())["state"] == "sent"


async def test_a_token_alone_travels_as_a_bearer(house: House) -> None:
    async with _provider() as provider:
        await write_short(house)
        await send_what_waits(sending_by(house, sms=f"http://t0ken@127.0.0.1:{provider.port}/"))
    assert provider.asked[0][1]["authorization"] == "Bearer t0ken"


@pytest.mark.parametrize("answer", ["500 Oops", "429 Too Many", "401 Who", "302 Found", "404 Not Found"])
async def test_what_may_pass_is_tried_again_with_the_same_id(house: House, answer: str) -> None:
    async with _provider() as provider:
        provider.answers = [answer]
        sender = sending_by(house, sms=f"http://127.0.0.1:{provider.port}/")
        await write_short(house)
        await send_what_waits(sender)
        assert (await message())["state"] == "waiting"
        await without_waiting()
        await send_what_waits(sender)
    first, second = (each[1]["idempotency-key"] for each in provider.asked)
    assert first == second
    assert (await message())["state"] == "sent"


async def test_a_number_that_is_refused_is_given_up(house: House) -> None:
    async with _provider() as provider:
        provider.answers = ["422 Unprocessable"]
        await write_short(house, secret=True)
        await send_what_waits(sending_by(house, sms=f"http://127.0.0.1:{provider.port}/"))
    kept = await message()
    assert (kept["state"], kept["text"]) == ("failed", "")
    assert "422" in kept["error"]
    assert PHONE[:11] not in kept["error"]


async def test_a_provider_that_is_away_is_asked_again_until_it_is_over(house: House) -> None:
    sender = sending_by(house, sms="http://user:hunter2@127.0.0.1:1/")
    await write_short(house, secret=True, expires_at=clock.now() + timedelta(minutes=5))
    await send_what_waits(sender)
    kept = await message()
    assert (kept["state"], kept["tries"]) == ("waiting", 1)
    assert "hunter2" not in kept["error"]
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        await send_what_waits(sender)
    assert (await message())["state"] == "expired"


@pytest.mark.parametrize("number", ["", "+7", "+7701000000a", "+7\r\n7010000000", "1" * 16, "tel:+77010000000"])
async def test_a_receiver_is_a_number(house: House, number: str) -> None:
    with pytest.raises(ValueError, match="not a phone number"):
        await write_short(house, to=number)
    assert await messages() == []
