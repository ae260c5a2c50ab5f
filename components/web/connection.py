"""One connection's limits, before there is a request: what uvicorn leaves to a proxy, held in the process too.

uvicorn collects a head of any size for as long as it takes, waits for a body and for a reader without end. A
connection that goes beyond one of these limits is told so where it can be, and ended.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from components.web.downloads import BREAK
from components.web.log import log

MOST_ADDRESS = 16 * 1024
MOST_HEAD = 64 * 1024  # the address and all headers
MOST_HEADERS = 100
HEAD_SECONDS = 15.0  # from its first byte, or from the connection's beginning, to its end
BODY_SECONDS = 60.0
READER_SECONDS = 60.0  # for a reader to take what waits for them
_AT_ONCE = struct.pack("ii", 1, 0)  # a reset, and what still waits in the system's own store is thrown away


class TooMuch(Exception):
    """Raised into the parser, which stops there."""


class BoundedConnection(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 with an end to everything that a stranger may send, or may not send."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._arrived = 0  # bytes of a request that has not ended yet
        self._body = 0  # of these, what was its body
        self._head = 0  # its address and headers
        self._refusal = HTTPStatus.BAD_REQUEST
        self._sender: asyncio.TimerHandle | None = None
        self._reader: asyncio.TimerHandle | None = None

    # What comes in

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_sender(HEAD_SECONDS, self._head_is_late)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._sender is None:
            return  # nothing is missing of any request
        # A header that has not ended is nowhere but in the parser; a body comes with its chunks' lengths.
        self._arrived += len(data)
        if self._arrived > MOST_HEAD + 8 * self._body:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._arrived = self._body = self._head = 0
        self._wait_for_sender(HEAD_SECONDS, self._head_is_late)
        self.scope.setdefault("extensions", {})[BREAK] = {"break": self._break}

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._head += len(url)
        if self._head > MOST_ADDRESS:
            self._stop(HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._head += len(name) + len(value) + 4
        if self._head > MOST_HEAD or len(self.headers) > MOST_HEADERS:
            self._stop(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        self._wait_for_sender(BODY_SECONDS, self._body_is_late)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._stop_waiting_for_sender()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting_for_sender()
        self._stop_waiting_for_reader()
        super().connection_lost(exc)

    # What goes out

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stop_waiting_for_reader()
        self._reader = self.loop.call_later(READER_SECONDS, self._reader_is_late)

    def resume_writing(self) -> None:
        self._stop_waiting_for_reader()
        super().resume_writing()

    # The end of it

    def send_400_response(self, msg: str) -> None:
        """uvicorn's answer where the parser stopped: at what is no request, or at one of our limits."""
        self._refuse(self._refusal)

    def _stop(self, why: HTTPStatus) -> None:
        self._refusal = why
        raise TooMuch

    def _refuse(self, why: HTTPStatus) -> None:
        """Says so in a line and closes. There is no whole request to make a page for."""
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            text = f"{why.phrase}\n"
            self.transport.write(
                (
                    f"HTTP/1.1 {why.value} {why.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
                    f"content-length: {len(text)}\r\nx-content-type-options: nosniff\r\ncache-control: no-store\r\n"
                    f"connection: close\r\n\r\n{text}"
                ).encode("ascii")
            )
        log.info("connection refused", status=why.value)
        self._close()

    def _close(self) -> None:
        self._stop_waiting_for_sender()
        self.transport.close()

    def _head_is_late(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._wait_for_sender(HEAD_SECONDS, self._head_is_late)  # the request before is not answered: our turn
        elif self.headers is None:
            self._close()  # nothing was ever asked
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _body_is_late(self) -> None:
        if self.pipeline:
            self._wait_for_sender(BODY_SECONDS, self._body_is_late)  # nor is this one's turn yet
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _break(self) -> None:
        taken = self.transport.get_extra_info("socket")
        if taken is not None and taken.family in (socket.AF_INET, socket.AF_INET6):
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()

    def _reader_is_late(self) -> None:
        log.info("connection refused", status=HTTPStatus.REQUEST_TIMEOUT.value)
        self.transport.abort()

    def _wait_for_sender(self, seconds: float, then: Callable[[], None]) -> None:
        self._stop_waiting_for_sender()
        self._sender = self.loop.call_later(seconds, then)

    def _stop_waiting_for_sender(self) -> None:
        if self._sender is not None:
            self._sender.cancel()
            self._sender = None

    def _stop_waiting_for_reader(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None
