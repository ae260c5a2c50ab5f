"""``kabinet worker``"""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from components.data.watching import log_slower_than
from components.jobs.work import House
from components.jobs.worker import Worker
from components.web.log import set_up
from dashboard.commands.known import known
from dashboard.commands.refusal import Refused
from dashboard.schema import config
from dashboard.working import NotMigrated, work


def add(commands: Any) -> None:
    parser = commands.add_parser("worker", help="do the jobs that pages and imports leave behind")
    parser.add_argument("--jobs", type=int, default=2, choices=range(1, 5), help="jobs at a time, 1 to 4 (default 2)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Works until it is told to stop; on SIGTERM it finishes the jobs it has begun."""
    settings, operator = known()
    set_up(settings.log_format)
    log_slower_than(settings.slow_query_ms)
    worker = Worker(house=House(settings, operator), hands=options.jobs)
    try:
        asyncio.run(work(config(settings.database_url.get_secret_value()), worker))
    except NotMigrated:
        raise Refused("the database lacks migrations; run: kabinet migrate") from None
