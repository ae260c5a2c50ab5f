"""A link of a letter: its own purpose, its own end, once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import get_args

import pytest
import time_machine

from components.data.database import transaction
from tests.support.cast import GULNAR, SAULE
from tests.support.client import Cabinet
from tests.support.databases import Dialect
from users.hierarchy.models import User
from users.links import links
from users.links.models import Link

HOUR = timedelta(hours=1)
PURPOSES: tuple[links.Purpose, ...] = get_args(links.Purpose)


async def _issue(purpose: links.Purpose, email: str = GULNAR) -> str:
    return await links.issue(purpose, email, HOUR, user_id=(await User.get(email=email)).id)


async def test_each_opens_what_it_is_for(own_cabinet: Cabinet) -> None:
    """Abuse case D11."""
    tokens = {purpose: await _issue(purpose) for purpose in PURPOSES}
    for purpose, token in tokens.items():
        opened = [each for each in PURPOSES if await links.find(each, token)]
        assert opened == [purpose]


async def test_a_newer_one_ends_the_one_before_and_nobody_elses(own_cabinet: Cabinet) -> None:
    """Abuse case L05."""
    first, other, others = await _issue("password"), await _issue("letters"), await _issue("password", SAULE)
    second = await _issue("password")
    assert await links.find("password", first) is None
    for purpose, token in (("password", second), ("letters", other), ("password", others)):
        assert await links.find(purpose, token)  # type: ignore[arg-type]


async def test_it_is_used_once_and_ends(own_cabinet: Cabinet, at_noon: time_machine.Traveller) -> None:
    """Abuse case L05."""
    token = await _issue("password")
    link = await links.find("password", token)
    assert link
    assert await links.use(link)
    assert not await links.use(link)
    assert await links.find("password", token) is None
    late = await links.find("letters", await _issue("letters"))
    assert late
    at_noon.shift(HOUR)
    assert not await links.use(late), "not even where it was found in time"


async def test_of_two_who_have_found_it_one_uses_it(own_cabinet: Cabinet, dialect: Dialect) -> None:
    """Abuse case L05, in two transactions at once."""
    if dialect == "sqlite":
        pytest.skip("one writer at a time")
    token = await _issue("password")
    found: list[Link | None] = []
    both = asyncio.Event()

    async def go() -> bool:
        async with transaction():
            link = await links.find("password", token)
            found.append(link)
            if len(found) == 2:
                both.set()
            await both.wait()
            return bool(link and await links.use(link))

    assert sorted(await asyncio.gather(go(), go())) == [False, True]
    assert all(found)
