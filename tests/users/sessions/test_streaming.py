"""A download that is under way ends with the rights of who asked for it, and is then seen to be half a file."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import uvicorn

from components.data import clock
from components.data.database import counting, transaction
from components.web import downloads
from components.web.connection import BoundedConnection
from tests.support.cast import AIGERIM, ANNA, GULNAR, IRINA, MARAT, VIKTOR
from tests.support.client import Cabinet, Client
from tests.support.grants import grant, seat
from users.hierarchy.models import User
from users.hierarchy.placing import enter, make_plain, move
from users.hierarchy.removing import erase
from users.hierarchy.tree import member
from users.journal.models import JournalRow
from users.parties.models import Account
from users.permissions.permission import ALL, Permission
from users.permissions.rights import Rights
from users.permissions.viewer import Viewer
from users.sessions.models import Session
from users.sessions.viewing import still, viewer_for

ROWS = 2_500


async def much_to_tell(email: str) -> None:
    """A journal of some 25 MB, more than any buffer between here and a reader holds."""
    one, text = await seat(email), "x" * 10_000
    where = {"account_id": one.account_id, "user_id": one.user_id, "line": one.line}
    await JournalRow.bulk_create(
        [
            JournalRow(at=clock.now(), actor=email, act="profile.changed", after={"name": text}, **where)
            for _ in range(ROWS)
        ]
    )


@asynccontextmanager
async def at_a_socket(cabinet: Cabinet) -> AsyncIterator[uvicorn.Server]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(cabinet.app, http=BoundedConnection, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield server
    finally:
        server.should_exit = server.force_exit = True
        await running


class Reader:
    """A browser's download at a socket; it reads when it is told to."""

    def __init__(self, reading: asyncio.StreamReader, writing: asyncio.StreamWriter) -> None:
        self.reading, self.writing = reading, writing

    @classmethod
    async def begin(cls, server: uvicorn.Server, browser: Client, path: str) -> Reader:
        port = server.servers[0].sockets[0].getsockname()[1]
        reading, writing = await asyncio.open_connection("127.0.0.1", port, limit=4096)
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        writing.write(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1:8000\r\ncookie: {cookies}\r\n\r\n".encode())
        head = await reading.readuntil(b"\r\n\r\n")
        assert b" 200 " in head.splitlines()[0]
        assert b"transfer-encoding: chunked" in head
        return cls(reading, writing)

    async def rest(self) -> bytes:
        """What still comes, until it ends one way or the other."""
        found = b""
        try:
            while not found.endswith(b"\r\n0\r\n\r\n"):
                some = await self.reading.read(1 << 20)
                if not some:
                    break
                found = found[-10:] + some
        except ConnectionError:
            pass
        finally:
            self.writing.close()
        return found


async def gone(server: uvicorn.Server) -> None:
    """Until the server has no connection any more, whatever its reader does."""
    async with asyncio.timeout(20):
        while server.server_state.connections:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.01)


async def test_a_suspension_above_breaks_the_download_of_who_stands_still(
    own_cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert downloads.ASKED_EVERY <= 1.0, "within two seconds, the answer's own time included"
    monkeypatch.setattr(downloads, "ASKED_EVERY", 0.05)
    await grant(IRINA, permissions=(await seat(IRINA)).own.permissions | {Permission.JOURNAL_VIEW})
    await grant(GULNAR, permissions=(await seat(GULNAR)).own.permissions | {Permission.JOURNAL_VIEW})
    await much_to_tell(IRINA)
    owner = await own_cabinet.sign_in(AIGERIM)
    async with at_a_socket(own_cabinet) as server:
        reader = await Reader.begin(server, await own_cabinet.sign_in(IRINA), "/journal.csv")
        await asyncio.sleep(0.2)  # asked some times meanwhile
        assert server.server_state.connections
        assert (await owner.post(f"/users/{(await seat(GULNAR)).id}/suspension")).status == 303
        await gone(server)
        assert not (await reader.rest()).endswith(b"\r\n0\r\n\r\n"), "it is seen that this is not all of it"


async def test_a_download_that_nothing_happens_to_is_whole(
    own_cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "ASKED_EVERY", 0.05)
    await much_to_tell(IRINA)
    async with at_a_socket(own_cabinet) as server:
        reader = await Reader.begin(server, await own_cabinet.sign_in(AIGERIM), "/journal.csv")
        await asyncio.sleep(0.3)
        assert (await reader.rest()).endswith(b"\r\n0\r\n\r\n")


@pytest.mark.parametrize(
    "path", ["/journal.csv", "/services/S900001/usage.csv?from=2026-06-01&to=2026-06-30&step=hour"]
)
async def test_a_quick_download_is_never_asked_about(
    own_cabinet: Cabinet, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "ASKED_EVERY", 60.0)
    await much_to_tell(IRINA)
    browser = await own_cabinet.sign_in(AIGERIM)
    async with counting() as counted:
        assert (await browser.get(path)).status == 200
    assert not [each for each in counted.statements if "s.id = " in each]


# What ends one, and what does not


async def end_sign_in(viewer: Viewer) -> None:
    await Session.filter(id=viewer.session_id).update(ended_at=clock.now())


async def sign_in_over(viewer: Viewer) -> None:
    await Session.filter(id=viewer.session_id).update(expires_at=clock.now())


async def idle_too_long(viewer: Viewer) -> None:
    await Session.filter(id=viewer.session_id).update(seen_at=clock.now() - timedelta(hours=2))


async def login_closed(viewer: Viewer) -> None:
    await User.filter(id=viewer.user_id).update(active=False)


async def suspended_above(_: Viewer) -> None:
    await grant(GULNAR, suspended=True)


async def right_taken_above(_: Viewer) -> None:
    await grant(GULNAR, permissions=frozenset({Permission.USERS_MANAGE}))


async def contract_taken(_: Viewer) -> None:
    await grant(IRINA, contracts=frozenset())


async def days_taken(_: Viewer) -> None:
    await grant(GULNAR, documents_until=clock.now().date() - timedelta(days=400))


async def valid_no_more(_: Viewer) -> None:
    await grant(IRINA, valid_until=clock.now().date() - timedelta(days=2))


async def removed(_: Viewer) -> None:
    async with transaction():
        await Session.all().delete()
        await erase(await seat(IRINA))


ENDS: list[Callable[[Viewer], Awaitable[None]]] = [
    end_sign_in,
    sign_in_over,
    idle_too_long,
    login_closed,
    suspended_above,
    right_taken_above,
    contract_taken,
    days_taken,
    valid_no_more,
    removed,
]


async def viewing(cabinet: Cabinet, login: str) -> Viewer:
    browser = await cabinet.sign_in(login)
    found = await viewer_for(browser.cookies["kabinet_session"], cabinet.operator.sessions, cabinet.operator.zone)
    assert found
    return found


async def goes_on(cabinet: Cabinet, viewer: Viewer) -> bool:
    return await still(viewer, cabinet.operator.sessions, cabinet.operator.zone)


@pytest.mark.parametrize("what", ENDS)
async def test_what_ends_a_download(own_cabinet: Cabinet, what: Callable[[Viewer], Awaitable[None]]) -> None:
    irina = await viewing(own_cabinet, IRINA)
    assert await goes_on(own_cabinet, irina)
    await what(irina)
    assert not await goes_on(own_cabinet, irina)


async def test_an_owner_who_is_none_any_more_reads_no_further(own_cabinet: Cabinet) -> None:
    """They hold every right as before, and see less: their own branch alone."""
    owner = await viewing(own_cabinet, AIGERIM)
    place = await member(owner.membership_id)
    assert place
    async with transaction():
        await make_plain(place)
    assert not await goes_on(own_cabinet, owner)


async def test_more_rights_than_before_end_nothing(own_cabinet: Cabinet) -> None:
    await grant(GULNAR, permissions=ALL)
    irina = await viewing(own_cabinet, IRINA)
    await grant(IRINA, permissions=ALL, contracts=None)
    assert await goes_on(own_cabinet, irina)


async def test_what_happens_to_others_ends_nothing(own_cabinet: Cabinet) -> None:
    irina = await viewing(own_cabinet, IRINA)
    await grant(VIKTOR, suspended=True)
    await grant(ANNA, permissions=frozenset())
    async with transaction():
        await move(await seat(ANNA), await seat(GULNAR))
    assert await goes_on(own_cabinet, irina)


async def test_turning_to_another_account_meanwhile_ends_nothing(own_cabinet: Cabinet) -> None:
    """The rights are those in the account whose figures are read, not those in the one that is looked at now."""
    irina = await viewing(own_cabinet, IRINA)
    elsewhere = await Account.get(number=MARAT)
    async with transaction():
        there = await enter(elsewhere.id, IRINA, Rights(), user_id=irina.user_id)
    await Session.filter(id=irina.session_id).update(membership_id=there.id)
    assert await goes_on(own_cabinet, irina)
    await suspended_above(irina)
    assert not await goes_on(own_cabinet, irina)


async def test_being_asked_is_no_visit(own_cabinet: Cabinet) -> None:
    owner = await viewing(own_cabinet, AIGERIM)
    at = clock.now() - timedelta(minutes=50)
    await Session.filter(id=owner.session_id).update(seen_at=at)
    assert await goes_on(own_cabinet, owner)
    assert (await Session.get(id=owner.session_id)).seen_at == at
