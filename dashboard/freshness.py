"""How old the figures are: looked up once a minute beside the pages, so that none of them asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from components.data import clock
from components.data.operator import Operator
from components.web.language import Language
from components.web.log import log
from dashboard.overview.reading import ages
from users.permissions.permission import Permission
from users.permissions.viewer import Viewer

LOOK_EVERY = 60  # seconds
# Who sees none of the figures needn't be told that they are old.
FIGURES = frozenset(
    {Permission.BALANCE_VIEW, Permission.INVOICES_VIEW, Permission.PAYMENTS_VIEW, Permission.SERVICES_VIEW}
)


class Freshness:
    """When the billing system's figures last came in, as this process knows it; None: never, or not known yet."""

    def __init__(self) -> None:
        self.imported_at: datetime | None = None

    async def look(self) -> None:
        """One query. Where the database can't tell, what was known stays."""
        try:
            self.imported_at = (await ages()).imported_at
        except Exception as error:  # away, or without tables yet: the pages say so, each for itself
            log.info("age of figures not known", error=type(error).__name__)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Looks now, and every minute meanwhile."""
        await self.look()
        task = asyncio.create_task(self._look_on())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.look()

    def notice(self, viewer: Viewer, operator: Operator, say: Language) -> str:
        """One line for who sees figures that are older than the operator allows; empty while they are not."""
        at = self.imported_at
        if at is None or clock.now() - at <= timedelta(hours=operator.data_age_hours):
            return ""
        if not viewer.permissions & FIGURES:
            return ""
        told = say.gettext("The figures are of %(at)s; newer ones have not come yet.")
        local = at.astimezone(operator.zone)
        return say.sentence(told % {"at": f"{say.day_long(local.date())}, {local:%H:%M}"})
