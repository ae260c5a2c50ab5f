"""Answers that are files: saved under a name, never shown in the page's place."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable
from urllib.parse import quote

import anyio
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from components.web.log import log

LONGEST = 120
BREAK = "kabinet.break"  # among a scope's extensions: what ends the connection at once
ASKED_EVERY = 1.0  # seconds between two questions whether a download may go on


def download(content: bytes, media_type: str, name: str) -> Response:
    """``content`` as a file called ``name``.

    It is sent whole whatever part of it is asked for: a list of a thousand ranges costs what one page costs.
    """
    return Response(
        content, media_type=media_type, headers={"content-disposition": attachment(name), "accept-ranges": "none"}
    )


class BrokenOff(Exception):
    """Raised where the server has no way to break a connection: it ends one on whose answer this is raised."""


class Streamed(StreamingResponse):
    """A file that is sent as it is made, for as long as ``still`` says that it may be.

    It is asked beside the sending, so a reader who stands still is found out as soon as one who reads on, and a
    download that is quick is never asked about. Once it says no, or can't say, the connection is broken: whoever reads
    sees that this is not the whole file.
    """

    def __init__(
        self, content: AsyncIterable[str], media_type: str, name: str, still: Callable[[], Awaitable[bool]]
    ) -> None:
        headers = {"content-disposition": attachment(name), "accept-ranges": "none"}
        super().__init__(content, media_type=media_type, headers=headers)
        self._still = still
        self._over = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        failed: Exception | None = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._ask, tasks.cancel_scope)
            try:
                await super().__call__(scope, receive, send)
            except Exception as error:  # as it is, not in a group of one
                failed = error
            tasks.cancel_scope.cancel()
        if failed is not None:
            raise failed
        if self._over:
            await self._break(scope, receive)

    async def _ask(self, sending: anyio.CancelScope) -> None:
        allowed = True
        while allowed:
            await anyio.sleep(ASKED_EVERY)
            try:
                allowed = await self._still()
            except Exception as error:
                log.warning("download in doubt", error=type(error).__name__)
                allowed = False
        self._over = True
        sending.cancel()

    async def _break(self, scope: Scope, receive: Receive) -> None:
        log.info("download broken off", route=getattr(scope.get("route"), "path", "-"))
        way = scope.get("extensions", {}).get(BREAK)
        if way is None:
            raise BrokenOff
        way["break"]()
        await self.listen_for_disconnect(receive)


def attachment(name: str) -> str:
    """The header of RFC 6266: the name itself in UTF-8, and one in ASCII for whoever can't read that."""
    safe = safe_name(name)
    plain = "".join(letter if letter.isascii() else "_" for letter in safe)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def safe_name(name: str) -> str:
    """A file name of letters, digits, dots and dashes: what was printed with slashes or quotes gets dashes."""
    kept = "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in name)
    stem, dot, suffix = kept.rpartition(".")
    return (stem.lstrip(".-")[:LONGEST] or "document") + dot + suffix
