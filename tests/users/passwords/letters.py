"""What the worker does with a wish for a link, and what then lies in the outbox."""

from __future__ import annotations

import re
from datetime import timedelta

from components.jobs.claiming import claim
from components.jobs.handlers import HANDLERS
from components.jobs.running import perform
from components.jobs.work import House
from components.messages.models import Message
from tests.support.client import Cabinet
from users.passwords.jobs import ASKED

LEASE = timedelta(seconds=30)
_LINK = re.compile(r"^(http\S+)/password-reset/(\S+)$", re.MULTILINE)


async def send_links(cabinet: Cabinet) -> None:
    """The worker looks who asked for a link; letters stay in the outbox."""
    house = House(cabinet.app.state.settings, cabinet.operator)
    while found := await claim("tests", LEASE):
        if found.name == ASKED:
            await perform(found, HANDLERS.by_name[ASKED], house, LEASE)


async def letters(kind: str) -> list[Message]:
    return await Message.filter(kind=kind).order_by("id")


def link_in(message: Message) -> tuple[str, str]:
    """The link's base address and its token."""
    (found,) = _LINK.findall(message.text)
    base, token = found
    return base, token


async def newest_token() -> str:
    return link_in((await letters("password_reset"))[-1])[1]
