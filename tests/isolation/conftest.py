"""The two accounts, in a cabinet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import time_machine
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from components.data.database import execute
from tests.isolation.world import World, prepared
from tests.support.client import Cabinet, open_cabinet
from tests.support.databases import Databases
from users.sessions import passwords

SHARED: dict[str, tuple[str, World]] = {}


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing costs next to nothing, on the same path."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))


@pytest.fixture
def shared(databases: Databases, at_noon: time_machine.Traveller) -> tuple[str, World]:
    """One database for all whose asking changes nothing of the accounts."""
    if databases.dialect not in SHARED:
        SHARED[databases.dialect] = prepared(databases)
    return SHARED[databases.dialect]


@pytest.fixture
async def accounts(shared: tuple[str, World]) -> AsyncIterator[tuple[Cabinet, World]]:
    async with open_cabinet(shared[0]) as opened:
        await execute("DELETE FROM attempt")  # nobody waits for what another test has tried
        yield opened, shared[1]


@pytest.fixture
def own(databases: Databases, at_noon: time_machine.Traveller) -> Iterator[tuple[str, World]]:
    """A database of the test's own."""
    url, world = prepared(databases)
    yield url, world
    databases.drop(url)


@pytest.fixture
async def own_accounts(own: tuple[str, World]) -> AsyncIterator[tuple[Cabinet, World]]:
    async with open_cabinet(own[0]) as opened:
        yield opened, own[1]
