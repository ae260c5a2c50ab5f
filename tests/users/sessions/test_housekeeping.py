"""Sign-ins are kept for thirty days after their end, and no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from components.data import clock
from components.data.database import database, fetch
from components.jobs.handlers import HANDLERS
from dashboard import working
from dashboard.schema import config
from users.hierarchy.models import User
from users.sessions.ending import forget_ended
from users.sessions.models import Session


async def _session(token: str, expires: timedelta, ended: timedelta | None = None) -> None:
    now = clock.now()
    user = await User.first()
    assert user is not None
    times: dict[str, Any] = {"created_at": now, "seen_at": now, "expires_at": now + expires}
    await Session.create(token_hash=token, user=user, ended_at=None if ended is None else now + ended, **times)


async def test_only_sign_ins_that_ended_long_ago_are_forgotten(own_url: str) -> None:
    day = timedelta(days=1)
    async with database(config(own_url)):
        await _session("runs", day)
        await _session("ran out", -29 * day)
        await _session("ran out long ago", -31 * day)
        await _session("was ended", day, -29 * day)
        await _session("was ended long ago", day, -31 * day)
        assert await forget_ended(older_than=30 * day, at_most=100) == 2
        assert {found["token_hash"] for found in await fetch("SELECT token_hash FROM session")} == {
            "runs",
            "ran out",
            "was ended",
        }


async def test_no_more_at_once_than_is_asked_for(own_url: str) -> None:
    async with database(config(own_url)):
        for each in range(5):
            await _session(str(each), timedelta(days=-31))
        assert await forget_ended(older_than=timedelta(days=30), at_most=3) == 3
        assert await forget_ended(older_than=timedelta(days=30), at_most=3) == 2


@pytest.mark.parametrize("name", ["sessions.forget", "attempts.forget"])
def test_it_is_done_every_day(name: str) -> None:
    assert working
    assert HANDLERS.by_name[name].every == 86_400
