"""One line a request, and never a word that somebody typed."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from components.web import log
from tests.components.web.trouble import broken
from tests.support.cast import AIGERIM, PASSWORD
from tests.support.client import SECRET, Cabinet


class Log:
    """What the server has written since last asked."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def text(self) -> str:
        written = self.stream.getvalue()
        self.stream.seek(0)
        self.stream.truncate()
        return written

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text().splitlines()]


@pytest.fixture
def written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """The log as the server writes it: as JSON, unless the test asks for another form."""
    kept = Log()
    monkeypatch.setattr(sys, "stderr", kept.stream)
    root = logging.getLogger()
    before, level, configured = root.handlers[:], root.level, structlog.get_config()
    root.handlers.clear()  # what is set up closes those it finds
    log.set_up(getattr(request, "param", "json"))
    yield kept
    structlog.configure(**configured)
    log.log.__dict__.pop("bind", None)  # it keeps the stream that it was first used with
    root.handlers[:] = before
    root.setLevel(level)


async def test_a_request_is_one_line(cabinet: Cabinet, written: Log) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    await aigerim.get("/invoices/СФ-2026-000157", headers={"x-request-id": "abcdefgh"})
    (line,) = written.lines()
    assert (line["method"], line["route"], line["status"]) == ("GET", "/invoices/{number:path}", 200)
    assert line["request"] == "abcdefgh"
    assert line["user"] > 0
    assert line["ms"] >= 0
    assert line["timestamp"].startswith("2026-11-20T07:")


async def test_an_address_without_a_route_is_logged_without_what_was_typed(cabinet: Cabinet, written: Log) -> None:
    await cabinet.visitor().get("/typed-by-a-stranger")
    (line,) = written.lines()
    assert (line["route"], line["status"]) == ("-", 404)
    assert "stranger" not in str(line)


async def test_no_secret_query_or_form_is_ever_logged(
    own_cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch, written: Log
) -> None:
    """Not by a sign-in, right or wrong, not by a refused form, not by a crash with all its frames."""
    visitor = own_cabinet.visitor()
    await visitor.post("/sign-in", {"login": "4445", "password": "typed-in-error"})
    await visitor.post("/sign-in", {"login": "4445", "password": PASSWORD})
    session, form = visitor.cookies["kabinet_session"], await visitor.token()
    await visitor.get("/invoices?q=asked-for-this&from=wrong")
    await visitor.post("/profile", {"first_name": "typed-a-name"}, token="forged-token")
    broken(monkeypatch, RuntimeError("boom"))
    crashed = await visitor.get("/invoices?q=asked-for-this")
    assert crashed.status == 500
    text = written.text()
    assert "boom" in text, "the crash itself is logged"
    assert '"status": 500' in text
    for secret in (PASSWORD, "typed-in-error", session, form, "asked-for-this", "typed-a-name", "forged-token", SECRET):
        assert secret not in text


async def test_the_crash_and_its_request_have_one_id(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch, written: Log
) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    broken(monkeypatch, RuntimeError("boom"))
    answer = await aigerim.get("/invoices")
    crash, request = written.lines()
    assert crash["level"] == "error"
    assert crash["exception"][0]["exc_value"] == "boom"
    assert crash["request"] == request["request"] == answer.header("x-request-id")


async def test_a_line_cannot_be_forged(cabinet: Cabinet, written: Log) -> None:
    """Abuse case X05."""
    await cabinet.visitor().get("/sign-in", headers={"x-request-id": 'a"}\n{"event":"request","status":200}'})
    assert len(written.lines()) == 1


@pytest.mark.parametrize("written", ["console"], indirect=True)
async def test_on_a_terminal_the_lines_are_for_the_eye(cabinet: Cabinet, written: Log) -> None:
    await cabinet.visitor().get("/sign-in")
    text = written.text()
    assert "request" in text
    assert not text.startswith("{")
