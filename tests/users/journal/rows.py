"""Rows of the journal for tests, written as anything might write them, and ways around its guards."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from components.data import clock
from components.data.bulk import open_bulk
from components.data.database import transaction
from dashboard.schema import config
from users.hierarchy.models import Membership
from users.journal.models import JournalRow
from users.journal.sealing import seal_some


async def act_of(email: str, act: str = "profile.changed", at: datetime | None = None, **others: Any) -> JournalRow:
    """What somebody of account 4445 did."""
    seat = await Membership.get(email=email, account__number="4445")
    return await JournalRow.create(
        **{
            "at": at or clock.now(),
            "account_id": seat.account_id,  # type: ignore[attr-defined]
            "user_id": seat.user_id,  # type: ignore[attr-defined]
            "actor": email,
            "act": act,
            "target": email,
            "address": "192.0.2.7",
            **others,
        }
    )


async def operators_act(act: str = "customer.updated", **others: Any) -> JournalRow:
    return await JournalRow.create(at=clock.now(), actor="kabinet import", act=act, **others)


async def seal_all(at_most: int = 2_000) -> int:
    """Seals what there is, as the worker does, a transaction each; how many rows."""
    count, again = 0, None
    while True:
        async with transaction():
            done = await seal_some(again, at_most)
        count, again = count + done.count, done.again
        if again is None:
            return count


async def around_the_guards(url: str, *statements: str) -> None:
    """As somebody would who owns the database: triggers and foreign keys off, a change, all back on."""
    async with open_bulk(config(url)) as bulk:
        if bulk.dialect == "postgres":
            await bulk.execute("SET session_replication_role = replica")
            for each in statements:
                assert await bulk.execute(each), each
            return
        triggers = await bulk.fetch("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        await bulk.execute("PRAGMA foreign_keys = OFF")
        for name, _ in triggers:
            await bulk.execute(f"DROP TRIGGER {name}")
        for each in statements:
            assert await bulk.execute(each), each
        for _, sql in triggers:
            await bulk.execute(sql)


def is_postgres(url: str) -> bool:
    return urlsplit(url).scheme != "sqlite"
