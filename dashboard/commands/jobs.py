"""``kabinet jobs``"""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any

from components.data.database import database
from components.jobs.health import jobs_health
from components.jobs.settling import forget, revive
from dashboard.commands.known import known, migrated
from dashboard.commands.refusal import Refused
from dashboard.schema import config


def add(commands: Any) -> None:
    parser = commands.add_parser("jobs", help="list the jobs that failed for good; try one again or forget it")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--retry", type=int, metavar="ID", help="try this one again")
    choice.add_argument("--forget", type=int, metavar="ID", help="remove this one")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    settings, _operator = known()
    url = migrated(settings)

    async def answered() -> str:
        async with database(config(url)):
            if options.retry is not None:
                return _said(options.retry, await revive(options.retry), "waits for a worker again")
            if options.forget is not None:
                return _said(options.forget, await forget(options.forget), "is forgotten")
            return await _listed()

    sys.stdout.write(asyncio.run(answered()) + "\n")


def _said(id: int, found: bool, done: str) -> str:
    if not found:
        raise Refused(f"no failed job has the number {id}")
    return f"job {id} {done}"


async def _listed() -> str:
    health = await jobs_health()
    counts = health.counts
    lines = [f"waiting {counts.waiting}, running {counts.running}, failed for good {counts.dead}"]
    lines += [
        f"{each.id}  {each.name}  {each.died_at:%Y-%m-%d %H:%M} UTC, {each.tries} tries: {each.error}"
        for each in health.dead_letters
    ]
    return "\n".join(lines)
