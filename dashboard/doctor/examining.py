"""The whole examination: whatever fails, the rest is still examined."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

from components.data.away import database_is_away
from components.data.bulk import Bulk, open_bulk
from components.data.database import database
from components.data.operator import Operator
from components.data.settings import PREFIX, Settings
from dashboard.doctor.finding import Finding, fault, ok
from dashboard.doctor.journal import journal
from dashboard.doctor.machine import mail, room, secrets, time_zones, writable
from dashboard.doctor.money import money
from dashboard.doctor.people import people
from dashboard.doctor.running import clocks, data_age, jobs, messages, sample_people
from dashboard.doctor.structure import expected, guards_and_indexes, migrations, soundness
from dashboard.schema import config

Check = Callable[[], Awaitable[Iterable[Finding]]]


async def examine(settings: Settings, operator: Operator) -> AsyncIterator[Finding]:
    """Finds one thing after the other; only a database that can't be reached cuts it short."""
    for some in (secrets(settings), time_zones(operator), writable(settings), room(settings)):
        for each in some:
            yield each
    for each in await mail(settings):
        yield each
    wanted = await expected()
    chosen = config(settings.database_url.get_secret_value())
    try:
        async with open_bulk(chosen) as bulk, database(chosen):
            yield ok("database", f"{bulk.dialect} answers")
            found = await migrations(bulk)
            for each in found:
                yield each
            if any(each.level == "fault" for each in found):
                return
            for name, check in _checks(bulk, settings, operator):
                async for each in _tried(name, check):
                    yield each
            async for each in _tried("structure", lambda: guards_and_indexes(bulk, wanted)):
                yield each
    except Exception as error:
        if not database_is_away(error):
            raise
        advice = f"start it, or mend {PREFIX}DATABASE_URL"
        yield fault("database", f"can't be reached ({type(error).__name__})", advice)


def _checks(bulk: Bulk, settings: Settings, operator: Operator) -> list[tuple[str, Check]]:
    return [
        ("clock", lambda: clocks(bulk)),
        ("file", lambda: soundness(bulk)),
        ("age of data", lambda: data_age(bulk, operator)),
        ("jobs", lambda: jobs(settings)),
        ("journal", lambda: journal(bulk, settings)),
        ("messages", lambda: messages(settings)),
        ("sample data", lambda: sample_people(bulk, settings)),
        ("people", people),
        ("money", lambda: money(bulk)),
    ]


async def _tried(name: str, check: Check) -> AsyncIterator[Finding]:
    try:
        found = list(await check())
    except Exception as error:
        if database_is_away(error):
            raise
        found = [fault(name, f"can't be examined: {type(error).__name__}: {error}", "tell whoever looks after Kabinet")]
    for each in found:
        yield each
