"""A worker in a process of its own, to be killed: ``python -m tests.components.messages.postman URL MAIL_SERVER``."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import timedelta

from pydantic import SecretStr

import components.messages.jobs  # noqa: F401
from components.data.database import database
from components.jobs.work import House
from components.jobs.worker import Worker
from dashboard.schema import config
from tests.support.client import settings_for
from tests.support.databases import operator_of


async def main(url: str, mail: str) -> None:
    settings = settings_for(url).model_copy(update={"smtp_url": SecretStr(mail)})
    worker = Worker(house=House(settings, operator_of("telecom")), lease=timedelta(seconds=1), pulse=0.5)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    async with database(config(url)):
        await worker.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
