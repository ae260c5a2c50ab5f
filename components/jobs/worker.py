"""The worker: looks for jobs, does a few at a time, shows that it lives, stops when told, and never falls over."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from components.data import clock
from components.data.away import database_is_away
from components.jobs.claiming import Claim, claim
from components.jobs.handlers import HANDLERS, Handlers
from components.jobs.heartbeat import beat, leave
from components.jobs.running import perform
from components.jobs.schedule import enqueue_due
from components.jobs.work import House

log = structlog.get_logger("kabinet")

SHORTEST, LONGEST = 0.05, 1.0  # seconds between two looks: the first after a job, and when there is nothing to do
STUCK = 30  # seconds after which a question to the database counts as unanswered


def _own_name() -> str:
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(3)}"


@dataclass
class Worker:
    """``run`` works until ``stop``, on the database that is open in its context, outside of any transaction."""

    handlers: Handlers = field(default_factory=lambda: HANDLERS)
    house: House | None = None
    hands: int = 2  # jobs at a time
    lease: timedelta = timedelta(seconds=30)
    grace: float = 15  # seconds for the jobs in hand when told to stop
    pulse: float = 10  # seconds between two signs of life
    name: str = field(default_factory=_own_name)
    since: datetime = field(default_factory=clock.now)
    _told: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: dict[asyncio.Task[None], Claim] = field(default_factory=dict)
    _away: bool = False
    _look_at_schedule: float = 0

    @property
    def told(self) -> bool:
        """Whether it has been told to stop."""
        return self._told.is_set()

    def stop(self) -> None:
        """Takes no more jobs; ``run`` ends when those in hand have, or have been given back."""
        self._told.set()

    async def run(self) -> None:
        log.info("worker started", worker=self.name)
        heart = asyncio.create_task(self._live())
        pause = SHORTEST
        while not self.told:
            await self._free_hand()
            if self.told:
                break
            pause = SHORTEST if await self._careful(self._look) else min(pause * 2, LONGEST)
            if pause > SHORTEST:
                await self.wait(pause * random.uniform(0.7, 1))  # noqa: S311  # so that workers don't march in step
        await self._put_down()
        await heart
        log.info("worker stopped", worker=self.name)

    async def _look(self) -> bool:
        """Takes a job, if there is one."""
        moment = asyncio.get_running_loop().time()
        if moment >= self._look_at_schedule:
            await enqueue_due(self.handlers.by_name.values())
            self._look_at_schedule = moment + 30
        found = await claim(self.name, self.lease)
        if found is None:
            return False
        work = perform(found, self.handlers.by_name.get(found.name), self.house, self.lease)
        task = asyncio.create_task(work, name=f"job {found.id}")
        self._tasks[task] = found
        task.add_done_callback(self._settled)
        return True

    def _settled(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        if not task.cancelled() and (error := task.exception()):
            log.error("job not settled; it will be taken over", exc_info=error)

    async def _free_hand(self) -> None:
        while len(self._tasks) >= self.hands and not self.told:
            told = asyncio.create_task(self._told.wait())
            await asyncio.wait([*self._tasks, told], return_when=asyncio.FIRST_COMPLETED)
            told.cancel()

    async def _put_down(self) -> None:
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self.grace)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=5)

    async def _live(self) -> None:
        while not self.told:
            await self._careful(self._beat)
            await self.wait(self.pulse)
        while tasks := list(self._tasks):
            await asyncio.wait(tasks, timeout=self.pulse)
            await self._careful(self._beat)
        await self._careful(self._leave)

    async def _beat(self) -> bool:
        await beat(self.name, self.since, ", ".join(f"{each.name} {each.id}" for each in self._tasks.values()))
        return True

    async def _leave(self) -> bool:
        await leave(self.name)
        return True

    async def _careful(self, act: Callable[[], Awaitable[bool]]) -> bool:
        """Whatever the database says, the worker goes on; False if it did not answer."""
        try:
            async with asyncio.timeout(STUCK):
                found = await act()
        except Exception as error:
            if not database_is_away(error) and not isinstance(error, TimeoutError):
                log.error("worker", exc_info=error)
            elif not self._away:
                log.warning("database away; waiting for it", error=type(error).__name__)
            self._away = True
            return False
        if self._away:
            log.info("database is back")
            self._away = False
        return found

    async def wait(self, seconds: float) -> None:
        """Sleeps, unless told to stop."""
        try:
            async with asyncio.timeout(seconds):
                await self._told.wait()
        except TimeoutError:
            pass
