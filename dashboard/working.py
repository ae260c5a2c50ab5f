"""The worker process, and the worker inside the demo's server. Every slice's jobs are named here."""

from __future__ import annotations

import asyncio
import contextvars
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import components.data.jobs  # to import them is to register their handlers
import components.messages.jobs  # noqa: F401
import users.hierarchy.jobs
import users.journal.jobs
import users.passwords.jobs
import users.sessions.jobs  # noqa: F401
from components.data.away import database_is_away
from components.data.database import database, fetch
from components.data.migrating import pending
from components.jobs.worker import Worker
from components.web.log import log


class NotMigrated(RuntimeError):
    """The database lacks migrations."""


async def work(config: dict[str, Any], worker: Worker) -> None:
    """Works on this database until SIGTERM or SIGINT. One that is away is waited for; raises NotMigrated."""
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, worker.stop)
    async with database(config):
        if await _migrated(config, worker):
            await worker.run()


async def _migrated(config: dict[str, Any], worker: Worker) -> bool:
    """False if told to stop before the database came."""
    while not worker.told:
        try:
            await fetch("SELECT 1 AS one")
            missing = await pending(config)
        except Exception as error:
            if not database_is_away(error):
                raise
            log.warning("database away; waiting for it", error=type(error).__name__)
            await worker.wait(1)
            continue
        if missing:
            raise NotMigrated
        return True
    return False


@asynccontextmanager
async def work_meanwhile(config: dict[str, Any], worker: Worker) -> AsyncIterator[None]:
    """A worker in the server's process. Its connection is its own, so that its transactions stop no page."""

    async def begin() -> None:
        async with database(config):
            await worker.run()

    # A context without anything in it: neither the server's connection nor a transaction that may be open.
    task = asyncio.create_task(begin(), context=contextvars.Context())
    try:
        yield
    finally:
        worker.stop()
        await task
