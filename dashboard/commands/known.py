"""What most commands begin with: settings, the operator, a database that has its migrations."""

from __future__ import annotations

import asyncio

from components.data.database import database
from components.data.migrating import pending
from components.data.operator import Operator, load_operator
from components.data.settings import Settings, load_settings
from dashboard.commands.refusal import Refused
from dashboard.schema import config


def known() -> tuple[Settings, Operator]:
    """Settings and the operator's file; raises with every fault of either."""
    settings = load_settings()
    return settings, load_operator(settings.operator_file)


def migrated(settings: Settings) -> str:
    """The database's URL, once it is certain that it has every migration; raises Refused otherwise."""
    url = settings.database_url.get_secret_value()

    async def missing() -> list[str]:
        async with database(config(url)):
            return await pending(config(url))

    if asyncio.run(missing()):
        raise Refused("the database lacks migrations; run: kabinet migrate")
    return url
