"""At the same moment, on PostgreSQL: SQLite lets one transaction write at a time anyway."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from tests.support.cast import AIGERIM, GULNAR, IRINA, PASSWORD, SAULE, VIKTOR
from tests.support.databases import Dialect
from tests.support.grants import grant, seat
from tests.users.hierarchy.acts import CHOSEN, LOOKS, Acts, place, tree_holds, wanted_of
from users.hierarchy.accepting import accept
from users.hierarchy.adding import add
from users.hierarchy.editing import change
from users.hierarchy.models import Membership
from users.hierarchy.moving import move_to
from users.hierarchy.owning import accept as accept_ownership
from users.hierarchy.owning import offer, step_down
from users.hierarchy.refusing import NotThere, Refused
from users.hierarchy.removing import remove
from users.hierarchy.undoing import undo
from users.hierarchy.wanted import Wanted
from users.permissions.permission import Permission as P

TIMES = 24
OWNER = "office1@customer1.example"


@pytest.fixture
def racing(acts: Acts, dialect: Dialect) -> Acts:
    if dialect == "sqlite":
        pytest.skip("one writer at a time")
    return acts


async def _together(*doing: Awaitable[Any]) -> list[Any]:
    """What came of each; anything but a plain no is an error."""
    found = await asyncio.gather(*doing, return_exceptions=True)
    for each in found:
        if isinstance(each, BaseException) and not isinstance(each, Refused | NotThere | HTTPException):
            raise each
    return found


async def test_two_owners_step_down_at_once(racing: Acts) -> None:
    made = await offer(racing.request, await racing.viewer(AIGERIM), (await seat(GULNAR)).id, "second", PASSWORD)
    await accept_ownership(racing.request, await racing.viewer(GULNAR), made.id, PASSWORD)
    for _ in range(TIMES):
        one, other = await racing.viewer(OWNER), await racing.viewer(GULNAR)
        found = await _together(step_down(racing.request, one, PASSWORD), step_down(racing.request, other, PASSWORD))
        assert sum(isinstance(each, Refused) for each in found) == 1
        owners = await Membership.filter(account__number="4445", owner=True)
        assert len(owners) == 1
        left = GULNAR if owners[0].email == OWNER else OWNER
        giver = await racing.viewer(owners[0].email)
        again = await offer(racing.request, giver, (await _on_4445(left)).id, "second", PASSWORD)
        await accept_ownership(racing.request, await racing.viewer(left), again.id, PASSWORD)
    await tree_holds()


async def _on_4445(email: str) -> Membership:
    return await Membership.get(email=email, account__number="4445")


async def test_two_edit_one_person(racing: Acts) -> None:
    """One after the other: what is stored is one of the two wishes whole, never a mixture, and the tree holds."""
    aigerim, gulnar = await racing.viewer(AIGERIM), await racing.viewer(GULNAR)
    irina = (await seat(IRINA)).id
    wishes = [
        await wanted_of(IRINA, position="One", permissions=LOOKS, contracts=None),
        await wanted_of(IRINA, position="Two", permissions=frozenset({P.PAYMENTS_VIEW})),
    ]
    for _ in range(TIMES):
        found = await _together(
            change(racing.request, aigerim, irina, wishes[0]), change(racing.request, gulnar, irina, wishes[1])
        )
        assert not any(isinstance(each, BaseException) for each in found)
        after = await seat(IRINA)
        wish = wishes[0] if after.position == "One" else wishes[1]
        assert (after.own.permissions, after.own.contracts) == (wish.permissions, wish.contracts)
    await tree_holds()


async def test_somebody_is_removed_while_they_add(racing: Acts) -> None:
    """Whoever they add goes with them, or was never added: no orphan."""
    aigerim = await racing.viewer(AIGERIM)
    for number in range(TIMES):
        gulnar = await racing.viewer(GULNAR)
        email = f"new{number}@customer1.example"
        removal, added = await _together(
            remove(racing.request, aigerim, gulnar.membership_id, "branch"),
            add(racing.request, gulnar, Wanted(email, CHOSEN, permissions=LOOKS)),
        )
        assert not isinstance(removal, BaseException)
        assert await place(GULNAR) is None
        assert await place(email) is None
        await tree_holds()
        await undo(racing.request, aigerim, removal.id)
        assert (await place(email) is None) == isinstance(added, BaseException)


async def test_a_right_is_cut_while_it_is_given_on(racing: Acts) -> None:
    aigerim, wanted = await racing.viewer(AIGERIM), await wanted_of(GULNAR)
    less = replace(wanted, permissions=wanted.permissions - {P.INVOICES_VIEW})
    for number in range(TIMES):
        gulnar = await racing.viewer(GULNAR)
        email = f"cut{number}@customer1.example"
        await _together(
            change(racing.request, aigerim, gulnar.membership_id, less),
            add(racing.request, gulnar, Wanted(email, CHOSEN, permissions=frozenset({P.INVOICES_VIEW}))),
        )
        made = await place(email)
        assert made is None or P.INVOICES_VIEW not in made.standing.permissions
        await tree_holds()
        await change(racing.request, aigerim, gulnar.membership_id, wanted)


async def test_two_move_into_each_other(racing: Acts) -> None:
    """No ring: one of them is refused."""
    aigerim = await racing.viewer(AIGERIM)
    viktor, saule = (await seat(VIKTOR)).id, (await seat(SAULE)).id
    for _ in range(TIMES):
        found = await _together(
            move_to(racing.request, aigerim, viktor, saule), move_to(racing.request, aigerim, saule, viktor)
        )
        assert sum(isinstance(each, Refused) for each in found) == 1
        await tree_holds()
        for each in (viktor, saule):
            await move_to(racing.request, aigerim, each, None)


async def test_one_link_twice_at_once(racing: Acts) -> None:
    for number in range(TIMES):
        email = f"twice{number}@customer1.example"
        await racing.add(GULNAR, email)
        token = await racing.token(email)
        found = await _together(accept(racing.request, token, None), accept(racing.request, token, None))
        assert sum(not isinstance(each, BaseException) for each in found) == 1
        assert await Membership.filter(user__email=email).count() == 1


async def test_two_accounts_one_new_person(racing: Acts) -> None:
    for number in range(TIMES):
        email = f"both{number}@customer1.example"
        await racing.add(GULNAR, email)
        first = await racing.token(email)
        await racing.add("4485", email)
        second = await racing.token(email)
        found = await _together(accept(racing.request, first, None), accept(racing.request, second, None))
        assert sum(isinstance(each, Refused) for each in found) == 1, found


async def test_the_inviter_is_cut_while_the_invitation_is_accepted(racing: Acts) -> None:
    for number in range(TIMES):
        email = f"late{number}@customer1.example"
        await racing.add(GULNAR, email, *LOOKS)
        token = await racing.token(email)
        await _together(accept(racing.request, token, None), grant(GULNAR, permissions=frozenset({P.USERS_MANAGE})))
        made = await place(email)
        assert made is not None
        assert made.standing.permissions == frozenset()
        await tree_holds()
        await grant(GULNAR, permissions=LOOKS | {P.USERS_MANAGE})
