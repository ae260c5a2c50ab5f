"""A small part of ``make test-delegation``, the same each time; and planted mistakes, each of which is seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.delegation import races
from tests.delegation.mistakes import MISTAKES
from tests.delegation.model import PERMISSIONS, ROLES
from tests.delegation.over_http import Pages
from tests.delegation.product import Stage, stage
from tests.delegation.running import KINDS, run, seen
from tests.support.databases import Databases
from users.permissions import roles
from users.permissions.permission import ALL

EXAMPLES = 200
PAGES = 36
SEED = 20261120
SLOW = {"stale invitation: its inviter"}  # seen by ``make test-delegation``, after more stories than there is time here


@pytest.fixture(scope="module")
def functions(sqlite_databases: Databases) -> Iterator[Stage]:
    with stage(sqlite_databases.empty()) as made:
        yield made


@pytest.fixture
def pages(sqlite_databases: Databases) -> Iterator[Stage]:
    with stage(sqlite_databases.empty(), pages=True) as made:
        yield made


def test_model_and_product_speak_of_the_same_permissions_and_roles() -> None:
    assert set(ALL) == PERMISSIONS
    assert {name: set(preset) for name, preset in roles.ROLES.items()} == {
        name: set(preset) for name, preset in ROLES.items()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_model_and_functions_agree(functions: Stage, kind: str) -> None:
    done = run(functions, kind, EXAMPLES // len(KINDS) + 1, SEED)
    assert not done.failure, done.failure


@pytest.mark.parametrize("kind", KINDS)
def test_model_and_pages_agree(pages: Stage, kind: str) -> None:
    done = run(pages, kind, PAGES // len(KINDS), SEED, Pages)
    assert not done.failure, done.failure


@pytest.mark.parametrize("mistake", [each for each in MISTAKES if each not in SLOW])
def test_a_planted_mistake_is_seen(functions: Stage, mistake: str) -> None:
    caught, tried = seen(functions, mistake, SEED)
    assert caught, f"{mistake}: not seen in {tried} examples"


@pytest.mark.parametrize("kind", races.KINDS)
def test_two_at_once_break_nothing(postgres_databases: Databases, kind: str) -> None:
    with stage(postgres_databases.empty()) as made:
        for number in range(10):
            made.run(races.race(made, kind, number))
