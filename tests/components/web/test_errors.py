"""When something is wrong people read what happened, what was kept and what to do: as page and as fragment."""

from __future__ import annotations

import re
import sqlite3

import asyncpg
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from structlog.testing import capture_logs
from tortoise.exceptions import DBConnectionError, IntegrityError, OperationalError, TransactionManagementError

from components.web.errors import TEXTS, database_is_away
from tests.components.web.trouble import broken
from tests.support.cast import AIGERIM
from tests.support.client import Answer, Cabinet

SAME = {"x-request-id": "one-and-the-same"}
ERRORS = {
    400: HTTPException(400),
    403: HTTPException(403),
    404: HTTPException(404),
    405: HTTPException(405),
    413: HTTPException(413),
    422: HTTPException(422),
    429: HTTPException(429, headers={"retry-after": "60"}),
    500: RuntimeError("the cook dropped the plate"),
    503: DBConnectionError("no way to the database"),
    418: HTTPException(418),
    502: HTTPException(502),
}


def _even(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize("status", ERRORS)
async def test_every_error_has_a_page_and_a_fragment(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    broken(monkeypatch, ERRORS[status])
    page = await aigerim.get("/invoices", headers=SAME)
    part = await aigerim.get("/invoices", headers=SAME, fragment=True)
    assert (page.status, part.status) == (status, status)
    assert "<html" in page.text
    assert "<html" not in part.text
    assert _even(part.text) in _even(page.text)
    title, message = TEXTS.get(status, TEXTS[400 if status < 500 else 500])
    assert part.page.one("h1").text == title
    assert part.page.one(".error-message").text == message
    assert part.page.one(".error-id code").text == "one-and-the-same"
    assert part.page.one(".actions a")["href"] == "/"


@pytest.mark.parametrize("status", [429, 503])
async def test_who_has_to_wait_is_told_how_long(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    broken(monkeypatch, ERRORS[status])
    assert int((await aigerim.get("/invoices")).header("retry-after")) > 0


async def test_an_error_is_in_the_readers_language(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = await cabinet.sign_in(AIGERIM, language="ru")
    broken(monkeypatch, ERRORS[500])
    answer = await reader.get("/invoices")
    assert answer.page.one("html")["lang"] == "ru"
    assert answer.page.one("#error h1").text != TEXTS[500][0]


async def test_a_crash_tells_people_nothing_of_its_inside(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    broken(monkeypatch, RuntimeError("SELECT secret FROM safe"))
    for fragment in (False, True):
        text = (await aigerim.get("/invoices", fragment=fragment)).text
        assert "SELECT" not in text
        assert "Traceback" not in text
        assert "RuntimeError" not in text


async def test_a_browser_that_goes_away_is_no_crash(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else whoever breaks off sending fills the log with our frames and rings the alarm."""
    aigerim = await cabinet.sign_in(AIGERIM)
    broken(monkeypatch, ClientDisconnect())
    with capture_logs() as logged:
        assert (await aigerim.get("/invoices")).status == 400
    assert [line["event"] for line in logged] == ["request"]


async def test_the_bar_stays_while_the_database_is_there(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    assert (await aigerim.get("/nowhere")).page.has(".bar-balance")
    broken(monkeypatch, ERRORS[500])
    assert not (await aigerim.get("/invoices")).page.has(".bar-balance"), "a broken page asks for nothing more"


def _is_503(answer: Answer) -> bool:
    return answer.status == 503 and answer.header("retry-after") == "10"


async def test_a_database_that_went_away_is_told_apart_from_a_mistake_of_ours(
    own_cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kind in its own way: a pool without a server, a file that somebody holds."""
    from components.data.database import connection

    aigerim = await own_cabinet.sign_in(AIGERIM)
    client = connection()
    if client.capabilities.dialect == "postgres":
        assert client._pool is not None  # type: ignore[attr-defined]
        await client._pool.close()  # type: ignore[attr-defined]
    else:

        async def locked(*_: object) -> None:
            raise OperationalError(sqlite3.OperationalError("database is locked"))

        monkeypatch.setattr(type(client), "execute_query", locked)
    for path in ("/", "/invoices", "/profile", "/services/S900001/usage.csv"):
        page, part = await aigerim.get(path), await aigerim.get(path, fragment=True)
        assert _is_503(page), path
        assert _is_503(part), path
        assert page.page.one("#error h1").text == "We can't reach our data at the moment"
    ready = await aigerim.get("/readyz")
    assert (ready.status, ready.text, ready.header("retry-after")) == (503, "database away\n", "10")
    assert (await aigerim.get("/healthz")).status == 200, "the process itself is well"
    assert (await aigerim.get("/static/css/tokens.css")).status == 200
    assert (await own_cabinet.visitor().get("/sign-in")).status == 200


AWAY = {
    "no connection": DBConnectionError("refused"),
    "refused": ConnectionRefusedError("refused"),
    "reset": ConnectionResetError("reset"),
    "locked": OperationalError(sqlite3.OperationalError("database is locked")),
    "locked at the start": TransactionManagementError(sqlite3.OperationalError("database is locked")),
    "no file": OperationalError(sqlite3.OperationalError("unable to open database file")),
    "shut down": OperationalError(asyncpg.AdminShutdownError("terminating connection")),
    "starting up": asyncpg.CannotConnectNowError("the database system is starting up"),
    "too many": asyncpg.TooManyConnectionsError("sorry, too many clients already"),
    "pool closed": asyncpg.InterfaceError("pool is closed"),
}
HERE = {
    "our SQL": OperationalError(sqlite3.OperationalError('near "SELEKT": syntax error')),
    "no such table": OperationalError(sqlite3.OperationalError("no such table: invoice")),
    "our data": IntegrityError("UNIQUE constraint failed"),
    "our code": RuntimeError("locked"),
    "a value": ValueError("database is locked"),
}


@pytest.mark.parametrize("name", AWAY)
def test_away(name: str) -> None:
    assert database_is_away(AWAY[name])
    wrapped = RuntimeError("on the way up")
    wrapped.__cause__ = AWAY[name]
    assert database_is_away(wrapped)


@pytest.mark.parametrize("name", HERE)
def test_here(name: str) -> None:
    assert not database_is_away(HERE[name])
    assert not database_is_away(None)
