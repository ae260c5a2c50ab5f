"""One import at a time into one database."""

from __future__ import annotations

import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from components.data.bulk import Bulk
from dashboard.imports.report import ImportBusy

LOCK_KEY = 4_445_002  # any number, the same for every process of one installation


@asynccontextmanager
async def only_import(bulk: Bulk, config: dict[str, Any], folder: str) -> AsyncIterator[None]:
    """Holds the lock meanwhile; raises ImportBusy where another import holds it."""
    credentials = config["connections"]["default"]["credentials"]
    if bulk.dialect == "postgres":
        # Let go of when the connection closes.
        if not (await bulk.fetch(f"SELECT pg_try_advisory_lock({LOCK_KEY})"))[0][0]:
            raise ImportBusy(folder)
        yield
        return
    path = Path(credentials["file_path"])
    with path.with_name(path.name + ".importing").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportBusy(folder) from None
        yield
