"""A worker in a process of its own, to be killed: ``python -m tests.components.jobs.crew URL``."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import timedelta
from typing import Any

from components.data.database import database, database_config, execute
from components.jobs.handlers import Handlers
from components.jobs.queue import enqueue
from components.jobs.work import Work
from components.jobs.worker import Worker

handlers = Handlers()


@handlers.register("count", tries=100)
async def count(work: Work, *, order: int, **_: Any) -> None:
    """Two effects with time in between to be killed in, and a job that follows."""
    await execute("INSERT INTO effect (id, note) VALUES (:id, 'first')", id=order)
    await asyncio.sleep(order % 20 / 1000)
    await execute("INSERT INTO effect (id, note) VALUES (:id, 'second')", id=order)
    await enqueue("follow", order=order)


@handlers.outside("follow", tries=100)
async def follow(work: Work, *, order: int) -> None:
    """Something outside, and what is kept of it in the transaction that ends the job."""
    await asyncio.sleep(order % 20 / 1000)
    async with work.ending():
        await execute("INSERT INTO effect (id, note) VALUES (:id, 'followed')", id=order)


def light_config(url: str) -> dict[str, Any]:
    """The jobs' tables alone: a process that starts quickly can be killed more often."""
    return database_config(url, "kabinet", ["components.jobs.models"], "dashboard.migrations")


async def main(url: str) -> None:
    worker = Worker(handlers, lease=timedelta(seconds=1), pulse=0.5)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    async with database(light_config(url)):
        await worker.run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
