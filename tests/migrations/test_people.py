"""What the migration of people makes of those who were there before it."""

from __future__ import annotations

import importlib

import pytest

from components.data.database import connection, database, fetch
from components.data.migrating import migrate
from dashboard.schema import config
from tests.support.databases import Databases
from users.hierarchy.models import Membership
from users.hierarchy.placing import enter
from users.parties.models import Account, Customer
from users.permissions.rights import Rights

people = importlib.import_module("dashboard.migrations.0005_people")


async def _searched(url: str) -> None:
    async with database(config(url)):
        customer = await Customer.create(number="1", kind="person", name="X")
        account = await Account.create(number="1", customer=customer, currency="KZT", opening_balance=0)
        for place, name in enumerate(("Әлия ЖҰМАБЕКОВА", "Anna WEBER", "Ирина БЕЛОВА", "Ágnes ŐSZ")):
            await enter(account.id, f"n{place}@x.example", Rights(), names=("", name), position="ТЕХНИК")
        await Membership.all().update(words="")
        await people.words(connection())
        found = [each["words"] for each in await fetch("SELECT words FROM membership ORDER BY id")]
    assert found == [
        "әлия жұмабекова  n0@x.example техник",
        "anna weber  n1@x.example техник",
        "ирина белова  n2@x.example техник",
        "ágnes ősz  n3@x.example техник",
    ]


@pytest.mark.parametrize("at_once", [1, 2, 1_000])
async def test_searched_words_are_small_letters_of_every_script(
    databases: Databases, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(people, "AT_ONCE", at_once)
    await _searched(databases.empty())


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
async def test_whatever_letters_postgresql_knows(databases: Databases, locale: str) -> None:
    if databases.dialect != "postgres":
        pytest.skip("SQLite knows Latin alone, see above")
    name = f"in_{locale.replace('.', '_').replace('-', '_').lower()}"
    databases.create_bare(name, locale)
    url = databases.url(name)
    await migrate(config(url))
    await _searched(url)
    databases.drop(url)
