"""Doing one job that a worker holds, and settling how it ended."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import structlog

from components.data.away import database_is_away
from components.data.database import dialect, fetch, transaction
from components.jobs.claiming import Claim, Lost, renew
from components.jobs.errors import Failed, describe
from components.jobs.handlers import TRIES, Handler
from components.jobs.settling import done, failed, give_back
from components.jobs.work import House, Work

log = structlog.get_logger("kabinet")


async def perform(claim: Claim, handler: Handler | None, house: House | None, lease: timedelta) -> None:
    """Runs the handler and settles the job, under the id of the request that enqueued it.

    Nothing is raised for a failed handler; it ends the try. Cancelled, it gives the job back.
    """
    known = {"request": claim.request} if claim.request else {}
    with structlog.contextvars.bound_contextvars(**known, job=claim.name, job_id=claim.id):
        began = time.perf_counter()
        payload: dict[str, Any] = json.loads(claim.payload)
        try:
            await _try(claim, payload, handler, house, lease)
        except Lost:
            log.warning("job lost to another worker")
        except asyncio.CancelledError:
            await _give_back_or_leave(claim)
            raise
        except Exception as error:
            await _note_failure(claim, payload, handler, error, lease)
        else:
            log.info("job done", tries=claim.tries, ms=round((time.perf_counter() - began) * 1000, 1))


async def _try(
    claim: Claim, payload: dict[str, Any], handler: Handler | None, house: House | None, lease: timedelta
) -> None:
    if handler is None:
        raise Failed("no handler for this name; an older worker, or a room that is not there?")
    if claim.tries > handler.tries:
        raise Failed("its worker was lost at every try")
    work = Work(claim, house)
    if handler.outside:
        await _outside(work, payload, handler, lease)
    else:
        await _inside(work, payload, handler)


async def _inside(work: Work, payload: dict[str, Any], handler: Handler) -> None:
    """The handler between the job's end and the commit: both are there, or neither.

    The row is held from the first statement on, so no lease needs to be renewed. PostgreSQL is told to end the
    session of a worker that stands still, since a row that is held can't be taken over.
    """
    async with _at_most(handler.seconds), transaction():
        if dialect() == "postgres":
            limit = str(int(handler.seconds * 1000) + 5_000)
            await fetch("SELECT set_config('idle_in_transaction_session_timeout', :limit, true)", limit=limit)
        await done(work.claim)
        await handler.call(work, **payload)


async def _outside(work: Work, payload: dict[str, Any], handler: Handler, lease: timedelta) -> None:
    """The handler with no transaction around it; meanwhile the lease is renewed."""
    lost = False

    async def keep(limit: asyncio.Timeout) -> None:
        nonlocal lost
        while True:
            await asyncio.sleep(lease.total_seconds() / 3)
            try:
                await renew(work.claim, lease)
            except Lost:
                if not work.ended and not limit.expired():
                    lost = True
                    limit.reschedule(0)
                return
            except Exception as error:
                log.warning("lease not renewed", error=type(error).__name__)

    try:
        async with _at_most(handler.seconds) as limit:
            keeper = asyncio.create_task(keep(limit))
            try:
                await handler.call(work, **payload)
            finally:
                keeper.cancel()
                await asyncio.wait([keeper])
    except Failed:
        if lost:
            raise Lost from None
        raise
    if not work.ended:
        await _settle(lambda: done(work.claim), lease)


@asynccontextmanager
async def _at_most(seconds: float) -> AsyncIterator[asyncio.Timeout]:
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            yield limit
    except TimeoutError:
        if limit.expired():
            raise Failed(f"took longer than {seconds:g} s") from None
        raise


async def _note_failure(
    claim: Claim, payload: dict[str, Any], handler: Handler | None, error: Exception, lease: timedelta
) -> None:
    text = describe(error, payload)
    outcome = "given back"
    was_away = False

    async def note() -> None:
        nonlocal outcome, was_away
        if was_away and not (handler and handler.outside):
            return await give_back(claim)  # no fault of the job's
        was_away = True
        outcome = "dead" if await failed(claim, handler.tries if handler else TRIES, text) else "failed"

    if not isinstance(error, Failed) and not database_is_away(error):
        log.warning("job crashed", exc_info=error)
    try:
        await _settle(note, lease)
    except Lost:
        log.warning("job lost to another worker", error=text)
        return
    (log.error if outcome == "dead" else log.warning)(f"job {outcome}", tries=claim.tries, error=text)


async def _settle(act: Callable[[], Awaitable[None]], lease: timedelta) -> None:
    """Writes how a job ended. While the database is away it goes on trying: what was done must not be done again.

    Given up (the reason unknown, and the lease over), the job is taken over by whoever comes next.
    """
    until = time.monotonic() + lease.total_seconds()
    while True:
        try:
            return await act()
        except Lost:
            raise
        except Exception as error:
            if not database_is_away(error) and time.monotonic() > until:
                log.warning("job not settled; it will be taken over", exc_info=error)
                return
            await asyncio.sleep(0.3)


async def _give_back_or_leave(claim: Claim) -> None:
    """When told to stop: one try; what fails is taken over when the lease is over."""
    try:
        await give_back(claim)
        log.info("job given back")
    except Exception as error:
        log.warning("job not given back; it will be taken over", error=type(error).__name__)
