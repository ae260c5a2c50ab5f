"""What somebody may do is found by two keys, among many people and at any depth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from components.data.bulk import open_bulk
from components.data.database import database, dialect, fetch
from dashboard.doctor.people import people as doctor_of_people
from dashboard.schema import config
from tests.bench.cabinets import sign_in
from tests.bench.crowd import unchecked
from tests.bench.staff import DEEPEST, MANAGER, id_of, people
from tests.support.databases import Databases
from users.hierarchy.models import Membership
from users.sessions.tokens import hashed
from users.sessions.viewing import _SQL

PEOPLE = 2_000


async def _staffed(url: str) -> None:
    async with open_bulk(config(url)) as bulk, unchecked(bulk):
        await people(bulk, PEOPLE)
    async with database(config(url)):
        for number in (MANAGER, DEEPEST):
            await sign_in(await Membership.get(id=id_of(number)), f"token-{number}")


@pytest.fixture
async def staffed(databases: Databases) -> str:
    return databases.prepared("staffed", "telecom", _staffed)


@pytest.mark.parametrize("number", [MANAGER, DEEPEST])
async def test_a_right_is_two_lookups_by_key(staffed: str, number: int) -> None:
    async with database(config(staffed)):
        found = await _lookups(hashed(f"token-{number}"))
    assert found == {"membership": "key, once", "standing": "key, once"}


async def _lookups(token_hash: str) -> dict[str, str]:
    """How the check's own membership and standing are reached; the list of one's other accounts is not the right."""
    if dialect() == "sqlite":
        told = [str(each["detail"]) for each in await fetch(f"EXPLAIN QUERY PLAN {_SQL}", token_hash=token_hash)]
        found = {}
        for alias, table, key in (
            ("m", "membership", "INTEGER PRIMARY KEY (rowid=?)"),
            ("t", "standing", "INDEX sqlite_autoindex_standing_1 (membership_id=?)"),  # its primary key
        ):
            (line,) = [each for each in told if each.startswith((f"SEARCH {alias} ", f"SCAN {alias} "))]
            found[table] = "key, once" if line == f"SEARCH {alias} USING {key}" else line
        return found
    (plan,) = await fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) {_SQL}", token_hash=token_hash)
    (whole,) = json.loads(next(iter(plan.values())))
    return {
        each["Relation Name"]: (
            "key, once"
            if each.get("Index Name", "").endswith("_pkey") and each["Actual Loops"] == each["Actual Rows"] == 1
            else str(each)
        )
        for each in _nodes(whole["Plan"])
        if each.get("Alias") in ("m", "t")
    }


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for each in node.get("Plans", ()):
        yield from _nodes(each)


async def test_the_crowd_that_is_measured_stands_as_the_product_would_place_it(staffed: str) -> None:
    async with database(config(staffed)):
        assert [each.level for each in await doctor_of_people()] == ["ok", "ok"]
        assert await Membership.filter(id__gte=id_of(1)).count() == PEOPLE
        deepest = await Membership.get(id=id_of(DEEPEST))
    assert deepest.line.count(".") == DEEPEST
