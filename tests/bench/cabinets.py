"""Databases to measure on: the telecom sample, and an owner of account 4445 who is signed in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from tortoise.backends.base.executor import EXECUTOR_CACHE

from components.data import clock
from components.data.bulk import Bulk, open_bulk
from components.data.database import database
from components.web.language import language_of
from dashboard.schema import config
from dashboard.usage.units import unit_for
from tests.support.databases import Databases, Dialect
from users.hierarchy.models import Membership
from users.hierarchy.opening import open_cabinet
from users.sessions.models import Session
from users.sessions.tokens import hashed

ACCOUNT = "4445"
SERVICE = "S000001"
PASSWORD = "correct horse battery"
# The same in every database, so that one that is kept can be measured again. It opens nothing anywhere else.
TOKEN = "bench-" + "0123456789abcdef" * 2
CHECKS = 20  # permission checks in one request, so that they are what it costs
NAMES: dict[Dialect, str] = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Cabinet:
    """A filled database. ``marks`` is what a right page has in it, by the page's name."""

    dialect: Dialect
    url: str
    marks: dict[str, str]

    @property
    def name(self) -> str:
        return NAMES[self.dialect]


def cabinet_of(databases: Databases) -> Cabinet:
    """A cabinet of its own with the sample in it."""
    return seat(databases.dialect, databases.filled("telecom"))


def seat(dialect: Dialect, url: str) -> Cabinet:
    """Gives the sample's first account its owner, signs them in, and looks up what their pages must say."""
    EXECUTOR_CACHE.clear()  # Tortoise keeps its statements by the connection's name, whatever kind that was
    asyncio.run(_seat(url))
    return Cabinet(dialect, url, asyncio.run(_marks(url)))


async def _seat(url: str) -> None:
    async with database(config(url)):
        if await Session.exists(token_hash=hashed(TOKEN)):
            return
        await open_cabinet(ACCOUNT, "owner@bench.example", PASSWORD)
        await sign_in(await Membership.get(account__number=ACCOUNT, owner=True), TOKEN)


async def sign_in(membership: Membership, token: str) -> None:
    """A sign-in that stays, in the open database."""
    now = clock.now()
    await Session.create(
        token_hash=hashed(token),
        user_id=membership.user_id,  # type: ignore[attr-defined]
        membership=membership,
        remember=True,
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(days=3650),
    )


async def _marks(url: str) -> dict[str, str]:
    say = language_of("en")
    async with open_bulk(config(url)) as bulk:
        newest = await bulk.fetch(
            "SELECT i.number FROM invoice i JOIN account a ON a.id = i.account_id WHERE a.number = :account "
            "ORDER BY i.issued_on DESC, i.number DESC LIMIT 1",
            account=ACCOUNT,
        )
        balance = await bulk.number(
            "SELECT balance FROM account_position p JOIN account a ON a.id = p.account_id WHERE a.number = :account",
            account=ACCOUNT,
        )
        used = await _last_days(bulk)
    return {
        "invoices": str(newest[0][0]),
        "overview": say.amount(balance).whole,
        "service": unit_for("bytes", used, say).text(used, say),
    }


async def _last_days(bulk: Bulk) -> int:
    return await bulk.number(
        "SELECT CAST(SUM(d.incoming + d.outgoing) AS BIGINT) FROM usage_day d JOIN service s ON s.id = d.service_id "
        "WHERE s.number = :service "
        "AND d.day > (SELECT MAX(m.day) FROM usage_day m WHERE m.service_id = s.id) - 30",
        service=SERVICE,
    )
