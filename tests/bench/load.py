"""The load: a process of its own that sends prebuilt requests over connections that stay open.

``python -m tests.bench.load`` reads orders as lines of JSON and answers each with what came of it. It does as
little as possible with an answer (status, length, time), so that it is not what is measured; its own CPU time
is part of what it tells.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import cycle
from statistics import median
from time import perf_counter, process_time
from typing import Any

import uvloop


@dataclass(frozen=True, slots=True)
class Order:
    """Send ``requests`` in turn over ``connections`` for ``seconds``, at most ``most`` of them (0: no end)."""

    port: int
    requests: tuple[str, ...]
    connections: int = 8
    seconds: float = 1.0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """``statuses`` counts the answers by status; ``p50`` is in milliseconds; ``cpu`` in seconds."""

    answers: int
    seconds: float
    cpu: float
    p50: float
    statuses: dict[str, int]
    bytes: int

    @property
    def rate(self) -> float:
        return self.answers / self.seconds if self.seconds else 0.0


def get(path: str, token: str = "", language: str = "en") -> str:
    """A request for a page as its bytes go out."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Accept-Language: {language}", "User-Agent: bench"]
    if token:
        lines.append(f"Cookie: kabinet_session={token}")
    return "\r\n".join(lines) + "\r\n\r\n"


def post(path: str, body: str, cookie: str) -> str:
    """A form as its bytes go out."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: en\r\nUser-Agent: bench\r\nCookie: {cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}"
    )


class Load:
    """A handle on the process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def begin(self, order: Order) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()

    def end(self) -> Outcome:
        """Waits for what came of the order that was begun."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the load generator is gone")
        return Outcome(**json.loads(line))

    def run(self, order: Order) -> Outcome:
        self.begin(order)
        return self.end()


@contextmanager
def load_generator() -> Iterator[Load]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Load(process)
    finally:
        process.terminate()
        process.wait(10)


class _Run:
    """What the connections of one order share."""

    def __init__(self, order: Order) -> None:
        self.requests = cycle([each.encode() for each in order.requests])
        self.most = order.most or sys.maxsize
        self.sent = 0
        self.until = perf_counter() + order.seconds
        self.last = perf_counter()
        self.times: list[float] = []
        self.statuses: dict[str, int] = {}
        self.bytes = 0

    def next(self) -> bytes | None:
        if self.sent >= self.most or perf_counter() >= self.until:
            return None
        self.sent += 1
        return next(self.requests)

    def note(self, status: str, took: float) -> None:
        self.times.append(took)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.last = perf_counter()


class _Connection(asyncio.Protocol):
    def __init__(self, run: _Run) -> None:
        self._run = run
        self._left = 0
        self._head = b""
        self._status = ""
        self._sent_at = 0.0
        self._transport: Any = None
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def _send(self) -> None:
        request = self._run.next()
        if request is None:
            self._transport.close()
            return
        self._sent_at = perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._run.bytes += len(data)
        if self._left:
            self._left -= len(data)
        else:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            self._left = end + 4 + self._length(end) - len(self._head)
            self._status = self._head[9:12].decode()
            self._head = b""
        if self._left == 0:
            self._run.note(self._status, perf_counter() - self._sent_at)
            self._send()

    def _length(self, end: int) -> int:
        head = self._head[:end].lower()
        at = head.find(b"content-length:")
        if at < 0:
            raise RuntimeError("an answer without its length")
        return int(head[at + 15 :].split(b"\r\n", 1)[0])

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def _carry_out(order: Order) -> Outcome:
    run, began, cpu = _Run(order), perf_counter(), process_time()
    loop = asyncio.get_running_loop()
    made: Sequence[tuple[Any, _Connection]] = await asyncio.gather(
        *(loop.create_connection(lambda: _Connection(run), "127.0.0.1", order.port) for _ in range(order.connections))
    )
    await asyncio.wait([connection.done for _, connection in made], timeout=order.seconds + 60)
    return Outcome(
        answers=len(run.times),
        seconds=run.last - began,
        cpu=process_time() - cpu,
        p50=median(run.times) * 1000 if run.times else 0.0,
        statuses=run.statuses,
        bytes=run.bytes,
    )


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        outcome = uvloop.run(_carry_out(Order(**{**order, "requests": tuple(order["requests"])})))
        sys.stdout.write(json.dumps(asdict(outcome)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
