"""Server processes: started, watched, stopped; and what they cost."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, perf_counter, sleep

from tests.bench.cabinets import Cabinet
from tests.support.client import SECRET
from tests.support.databases import SAMPLES

ROOT = Path(__file__).parents[2]
TICK = os.sysconf("SC_CLK_TCK")
STARTS_WITHIN = 60


def _stat(pid: int) -> list[str]:
    # The name in brackets may hold spaces; what we need stands behind it.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads of a process since it started."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / TICK


def family_cpu_seconds(pid: int) -> float:
    """The same for a process and its children, those included that have ended."""
    fields = _stat(pid)
    total = sum(int(each) for each in fields[11:15]) / TICK
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                child = _stat(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(child[1]) == pid:
                total += (int(child[11]) + int(child[12])) / TICK
    return total


def parent_of(pid: int) -> int:
    return int(_stat(pid)[1])


def memory_mb(pid: int, name: str = "VmRSS") -> float:
    """Resident memory in MB (``VmHWM``: its highest so far)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    return 0.0


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def environment(cabinet: Cabinet, port: int) -> dict[str, str]:
    """What a process of the product needs to know."""
    return os.environ | {
        "KABINET_DATABASE_URL": cabinet.url,
        "KABINET_SECRET_KEY": SECRET,
        "KABINET_BASE_URL": f"http://127.0.0.1:{port}",
        "KABINET_OPERATOR_FILE": str(SAMPLES / "telecom" / "operator.toml"),
        "KABINET_LOG_FORMAT": "json",
    }


@dataclass(frozen=True, slots=True)
class Server:
    """``ready_after`` is seconds from the start of the process to the first ``/readyz`` that says 200."""

    pid: int
    port: int
    ready_after: float


@contextmanager
def serving(cabinet: Cabinet, folder: Path, *, product: bool = False) -> Iterator[Server]:
    """A server on ``cabinet``: the bench's, or (``product``) the program just as it is deployed. It logs JSON,
    as in production, into a file in ``folder``."""
    port = free_port()
    module = ["dashboard.cli", "serve", "--port", str(port)] if product else ["tests.bench.server", str(port)]
    log_file = folder / f"server-{port}.log"
    with log_file.open("w") as log:
        began = perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=ROOT,
            env=environment(cabinet, port),
            stdout=log,
            stderr=log,
        )
        try:
            _wait(process, port, log_file)
            yield Server(process.pid, port, perf_counter() - began)
        finally:
            process.terminate()
            process.wait(30)
    log_file.unlink()


def _wait(process: subprocess.Popen[bytes], port: int, log_file: Path) -> None:
    end = monotonic() + STARTS_WITHIN
    while monotonic() < end and process.poll() is None:
        try:
            status, _ = ask(port, "/readyz")
        except OSError:
            sleep(0.01)
            continue
        if status == 200:
            return
        sleep(0.01)
    raise RuntimeError(f"the server did not start:\n{log_file.read_text()[-2000:]}")


def ask(port: int, path: str, cookie: str = "") -> tuple[int, str]:
    """One request, whole: status, and head and body as text."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as stream:
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: en\r\nConnection: close\r\n"
        stream.sendall((head + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n").encode())
        parts = []
        while part := stream.recv(262_144):
            parts.append(part)
    text = b"".join(parts).decode()
    return int(text[9:12]), text


@contextmanager
def importing(cabinet: Cabinet, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The program's import of ``folder`` at low priority, as its unit runs it."""
    process = subprocess.Popen(
        ["nice", "-n", "10", sys.executable, "-m", "dashboard.cli", "import", str(folder)],
        cwd=ROOT,
        env=environment(cabinet, 8000),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
