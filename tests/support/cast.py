"""The people of the tests, by name: the demo's cast, and who else has a part in account 4445's story.

Aigerim owns accounts 4445 and 4446. Gulnar keeps her books; Irina, under Gulnar, those of contract 4445/10 alone and
without the balance; Timur, under Gulnar too, audits the documents of 2025. Viktor runs IT, under him Dias (contract
4445/10) and Anna, who is suspended. Saule has a seat and no right. Marat owns account 4485: a stranger.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from components.data.database import database, execute
from dashboard.demo import cast
from dashboard.schema import config
from tests.support.databases import Databases
from users.hierarchy.opening import open_cabinet
from users.parties.models import Account, Customer

PASSWORD = "correct horse battery"
AIGERIM = "4445"
GULNAR = cast.GULNAR.email
IRINA = cast.IRINA.email
TIMUR = cast.TIMUR.email
VIKTOR = cast.VIKTOR.email
DIAS = cast.DIAS.email
ANNA = cast.ANNA.email
SAULE = cast.SAULE.email
MARAT = "4485"
NOBODY = ""

# The day of every story: Friday, 20 November 2026, noon where the operator is.
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Almaty"))


# When the billing system's figures last came in: half past three of that night.
IMPORTED = NOON.replace(hour=3, minute=30)


def seated(databases: Databases) -> str:
    """The URL of a database of the test's own: the telecom sample, everybody in their seats."""
    return databases.prepared("cast", "telecom", _seat)


async def _seat(url: str) -> None:
    async with database(config(url)):
        await cast.seat_the_cast("telecom", PASSWORD)
        await execute("UPDATE import_run SET finished_at = :at", at=IMPORTED)


def newcomer(databases: Databases) -> str:
    """The URL of a database with one customer whose account, 5555, was opened a moment ago."""
    return databases.prepared("newcomer", "empty", _open_account)


async def _open_account(url: str) -> None:
    async with database(config(url)):
        customer = await Customer.create(number="C5555", kind="person", name="Zere", email="zere@home.example")
        await Account.create(number="5555", customer=customer, currency="KZT", opening_balance=0)
        await open_cabinet("5555", None, PASSWORD)
