"""Letters to send, hands to send them, and a look at what became of them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from components.data.database import execute, fetch
from components.jobs.claiming import claim
from components.jobs.handlers import HANDLERS
from components.jobs.running import perform
from components.jobs.work import House
from components.messages import jobs as registered
from components.messages.outbox import letter, short_message

assert registered  # to import it is to register the handlers
LINK = "http://127.0.0.1:8000/accept/Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"
TO = "m.ibraeva@customer1.example"
PHONE = "+77010000000"


async def write(house: House, *, to: str = TO, language: str = "en", key: str = "one", **rest: Any) -> None:
    facts = {"name": "Madina", "link": LINK} | rest
    await letter(house, "invitation", "tests/letter", to=to, language=language, key=key, **facts)


async def write_short(house: House, *, key: str = "one", **rest: Any) -> None:
    facts = {"name": "Madina", "link": LINK, "to": PHONE} | rest
    await short_message(house, "code", "tests/letter", language="en", key=key, **facts)


async def send_what_waits(house: House) -> int:
    """Does every job that is due; how many."""
    done = 0
    while found := await claim("tests", timedelta(seconds=30)):
        await perform(found, HANDLERS.by_name.get(found.name), house, timedelta(seconds=30))
        done += 1
    return done


async def without_waiting() -> None:
    """What waits for its next try is due now."""
    await execute("UPDATE job SET due_at = created_at WHERE state = 'waiting'")


async def messages() -> list[dict[str, Any]]:
    return [dict(each) for each in await fetch("SELECT * FROM message ORDER BY id")]


async def message() -> dict[str, Any]:
    [found] = await messages()
    return found


def links(text: str) -> list[str]:
    return re.findall(r"https?://\S+", text)
