"""What most commands begin with: settings, the operator, a database that has its migrations."""

from __future__ import annotations

import asyncio

from components.data.database import database
from components.data.migrating import pending
from components.data.operator import Operator, OperatorFileError, load_operator
from components.data.settings import Settings, load_settings
from components.web.language import language_of
from dashboard.commands.refusal import Refused
from dashboard.schema import config


def known() -> tuple[Settings, Operator]:
    """Settings and the operator's file; raises with every fault of either."""
    settings = load_settings()
    operator = load_operator(settings.operator_file)
    for code, words in operator.words.items():
        try:
            language_of(code).rename(words)
        except ValueError as fault:
            raise OperatorFileError(settings.operator_file, [f"words: {fault}"]) from None
    return settings, operator


def migrated(settings: Settings) -> str:
    """The database's URL, once it is certain that it has every migration; raises Refused otherwise."""
    url = settings.database_url.get_secret_value()

    async def missing() -> list[str]:
        async with database(config(url)):
            return await pending(config(url))

    if asyncio.run(missing()):
        raise Refused("the database lacks migrations; run: kabinet migrate")
    return url
