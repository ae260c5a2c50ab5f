"""Somebody who enqueues jobs all the time, each in a transaction of its own, and remembers what was committed."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field

import asyncpg

from components.data.database import database, fetch, transaction
from components.jobs.queue import enqueue
from dashboard.schema import config
from tests.proof.worker import JOB, TABLE


@dataclass
class Pressing:
    """``sure`` are the numbers whose transaction was confirmed; ``unsure`` those whose confirmation was lost."""

    url: str
    sure: list[int] = field(default_factory=list)
    unsure: list[int] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Pressing:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._enqueue()))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        assert self._thread
        self._thread.join()

    async def _enqueue(self) -> None:
        number = 0
        async with database(config(self.url)):
            while not self._stop.is_set():
                number += 1
                try:
                    async with transaction():
                        await enqueue(JOB, number=number)
                except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, Exception) as error:
                    del error  # the database is away; whether it was written before, nobody told us
                    self.unsure.append(number)
                    await asyncio.sleep(0.2)
                    continue
                self.sure.append(number)
                await asyncio.sleep(0.01)


async def _make(url: str) -> None:
    async with database(config(url)):
        await fetch(f"CREATE TABLE IF NOT EXISTS {TABLE} (number INTEGER NOT NULL)")


def make_table(url: str) -> None:
    asyncio.run(_make(url))


@dataclass(frozen=True, slots=True)
class Tally:
    """Of the jobs that were certainly enqueued: how many are not done (yet), and how many were done twice."""

    lost: int
    twice: int
    done: int


async def _tally(url: str, sure: list[int]) -> Tally:
    async with database(config(url)):
        found = [row["number"] for row in await fetch(f"SELECT number FROM {TABLE}")]
    return Tally(len(set(sure) - set(found)), len(found) - len(set(found)), len(found))


def tally(url: str, sure: list[int]) -> Tally:
    return asyncio.run(_tally(url, sure))
