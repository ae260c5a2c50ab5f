"""One import at a time into one database."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg

from components.data.bulk import Bulk
from dashboard.imports.report import ImportBusy

LOCK_KEY = 4_445_002  # any number, the same for every process of one installation
TRIES, PAUSE = 10, 0.2  # seconds; two in all


@asynccontextmanager
async def only_import(bulk: Bulk, config: dict[str, Any], folder: str) -> AsyncIterator[None]:
    """Holds the lock meanwhile; raises ImportBusy where another import holds it."""
    credentials = config["connections"]["default"]["credentials"]
    if bulk.dialect == "postgres":
        await _lock_in_database(bulk, folder)
        yield
        return
    path = Path(credentials["file_path"])
    with path.with_name(path.name + ".importing").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportBusy(folder) from None
        yield


async def _lock_in_database(bulk: Bulk, folder: str) -> None:
    """The lock goes with the connection. A server may notice late that a killed import is gone: ours looks often."""
    with suppress(asyncpg.PostgresError):  # not on every platform
        await bulk.execute("SET client_connection_check_interval = '500ms'")
    for _ in range(TRIES):
        if (await bulk.fetch(f"SELECT pg_try_advisory_lock({LOCK_KEY})"))[0][0]:
            return
        await asyncio.sleep(PAUSE)
    raise ImportBusy(folder)
