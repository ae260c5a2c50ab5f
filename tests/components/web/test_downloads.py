"""Files that are sent as they are made end where their reader may have no more of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from components.web import downloads
from components.web.downloads import BREAK, BrokenOff, Streamed


async def endless() -> AsyncIterator[str]:
    while True:
        yield "x"
        await asyncio.sleep(0)


async def three() -> AsyncIterator[str]:
    for each in "abc":
        yield each


async def failing() -> AsyncIterator[str]:
    yield "a"
    raise LookupError("in the middle")


class Wire:
    """A server's side of one request."""

    def __init__(self, *, breaks: bool = True) -> None:
        self.sent: list[Any] = []
        self.broken = asyncio.Event()
        self.scope: dict[str, Any] = {"type": "http", "asgi": {"spec_version": "2.3"}}
        if breaks:
            self.scope["extensions"] = {BREAK: {"break": self.broken.set}}

    async def receive(self) -> dict[str, Any]:
        await self.broken.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def whole(self) -> bool:
        return self.sent[-1]["type"] == "http.response.body" and not self.sent[-1]["more_body"]


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "ASKED_EVERY", 0.01)


async def allowed() -> bool:
    return True


async def forbidden() -> bool:
    return False


async def unknown() -> bool:
    raise ConnectionError("the database is away")


@pytest.mark.parametrize("still", [forbidden, unknown])
async def test_it_is_broken_off_where_it_may_not_go_on_or_nobody_can_say(still: Any) -> None:
    wire = Wire()
    await asyncio.wait_for(Streamed(endless(), "text/csv", "a.csv", still)(wire.scope, wire.receive, wire.send), 20)
    assert wire.broken.is_set()
    assert not wire.whole


async def test_a_server_that_can_break_nothing_is_told_by_an_exception() -> None:
    """Every server ends the connection of an answer that failed in its middle."""
    wire = Wire(breaks=False)
    with pytest.raises(BrokenOff):
        await Streamed(endless(), "text/csv", "a.csv", forbidden)(wire.scope, wire.receive, wire.send)
    assert not wire.whole


async def test_what_may_go_on_is_sent_whole_and_asked_about_no_more() -> None:
    asked = 0

    async def count() -> bool:
        nonlocal asked
        asked += 1
        return True

    wire = Wire()
    await Streamed(three(), "text/csv", "a.csv", count)(wire.scope, wire.receive, wire.send)
    assert wire.whole
    assert b"".join(each["body"] for each in wire.sent[1:]) == b"abc"
    before = asked
    await asyncio.sleep(0.05)
    assert (asked, wire.broken.is_set()) == (before, False)


async def test_what_fails_by_itself_fails_as_it_would_have() -> None:
    wire = Wire()
    with pytest.raises(LookupError):
        await Streamed(failing(), "text/csv", "a.csv", allowed)(wire.scope, wire.receive, wire.send)
    assert not wire.whole


async def test_a_reader_who_goes_away_ends_the_questions() -> None:
    wire = Wire()
    sending = asyncio.create_task(
        Streamed(endless(), "text/csv", "a.csv", allowed)(wire.scope, wire.receive, wire.send)
    )
    await asyncio.sleep(0.05)
    wire.broken.set()
    await asyncio.wait_for(sending, 20)
