"""Real servers for the browser: one process for each sample operator that a test asks for."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from urllib.error import URLError
from urllib.request import urlopen

from dashboard.demo.running import demo_password
from tests.support.databases import SAMPLES

ROOT = SAMPLES.parents[2]
STARTS_WITHIN = 60  # seconds; two are usual


@dataclass(frozen=True, slots=True)
class Cabinet:
    """A running demo: where it answers, what it printed, where its data lies."""

    operator: str
    base_url: str
    output: Path
    folder: Path

    @property
    def password(self) -> str:
        return demo_password()

    @property
    def database_url(self) -> str:
        return f"sqlite://{self.folder / self.operator / 'kabinet.db'}"

    @property
    def first_login(self) -> str:
        """The first of the logins it printed for whoever tries it."""
        found = re.search(r"Sign in with .*:\n\s+(\S+)", self.output.read_text())
        assert found, "no logins printed"
        return found[1]


@contextmanager
def running(operator: str, folder: Path) -> Iterator[Cabinet]:
    """The demo of ``operator`` with its data in ``folder``, answering until the end of the block."""
    port = _free_port()
    output = folder / f"{operator}.log"
    with output.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.server", operator, str(port), str(folder)],
            cwd=ROOT,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            cabinet = Cabinet(operator, f"http://127.0.0.1:{port}", output, folder)
            _wait(process, cabinet)
            yield cabinet
        finally:
            process.terminate()
            process.wait(30)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], cabinet: Cabinet) -> None:
    end = monotonic() + STARTS_WITHIN
    while monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{cabinet.base_url}/readyz", timeout=5) as answer:  # noqa: S310  # http, loopback
                if answer.status == 200:
                    return
        except (URLError, ConnectionError):
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
    raise RuntimeError(f"the server did not start:\n{cabinet.output.read_text()}")
