"""Moving: between two places that both lie within one's own branch."""

from __future__ import annotations

from tests.support.cast import AIGERIM, ANNA, DIAS, GULNAR, IRINA, MARAT, SAULE, TIMUR, VIKTOR
from tests.support.grants import seat
from tests.users.hierarchy.acts import DANA, ERLAN, LOOKS, Acts, not_there, refused, tables, tree_holds
from users.hierarchy.models import Membership
from users.hierarchy.moving import move_to
from users.journal.models import JournalRow
from users.permissions.permission import Permission as P


async def test_an_owner_moves_anybody_anywhere_and_the_line_does_the_cutting(acts: Acts) -> None:
    aigerim = await acts.viewer(AIGERIM)
    own = (await seat(DIAS)).own
    moved = await move_to(acts.request, aigerim, (await seat(DIAS)).id, (await seat(GULNAR)).id)
    assert moved.own == own, "grants are stored as they were"
    assert moved.standing.permissions == frozenset(), "Gulnar knows nothing of networks"
    await tree_holds()
    await move_to(acts.request, aigerim, (await seat(DIAS)).id, None)
    assert (await seat(DIAS)).standing.permissions == own.permissions
    rows = await JournalRow.filter(act="user.moved").order_by("id")
    assert [(each.before, each.after) for each in rows] == [
        ({"under": VIKTOR}, {"under": GULNAR}),
        ({"under": GULNAR}, {"under": "owners"}),
    ]


async def test_with_everybody_below(acts: Acts) -> None:
    await move_to(acts.request, await acts.viewer(AIGERIM), (await seat(VIKTOR)).id, (await seat(SAULE)).id)
    await tree_holds()
    assert (await seat(ANNA)).line.startswith((await seat(SAULE)).line)
    assert (await acts.viewer(DIAS)).permissions == frozenset()


async def test_within_ones_own_branch(acts: Acts) -> None:
    gulnar = await acts.viewer(GULNAR)
    await move_to(acts.request, gulnar, (await seat(TIMUR)).id, (await seat(IRINA)).id)
    assert (await seat(TIMUR)).parent_id == (await seat(IRINA)).id
    await move_to(acts.request, gulnar, (await seat(TIMUR)).id, gulnar.membership_id)
    assert (await seat(TIMUR)).parent_id == gulnar.membership_id
    await tree_holds()


async def test_neither_out_of_it_nor_into_it_from_elsewhere(acts: Acts) -> None:
    """Abuse cases A03, A09, A11 and M01: the parent is a wish, and the rules decide."""
    gulnar = await acts.viewer(GULNAR)
    owner = (await Membership.get(account__number=AIGERIM, owner=True)).id
    stranger = (await Membership.get(account__number=MARAT, owner=True)).id
    irina = (await seat(IRINA)).id
    for parent in (None, owner, (await seat(VIKTOR)).id, stranger, 10**9):
        await not_there(move_to(acts.request, gulnar, irina, parent))
    for one in (gulnar.membership_id, (await seat(DIAS)).id, (await seat(SAULE)).id, owner, stranger):
        await not_there(move_to(acts.request, gulnar, one, gulnar.membership_id))


async def test_nobody_stands_below_themself(acts: Acts) -> None:
    await acts.join(GULNAR, DANA, *LOOKS, P.USERS_MANAGE)
    await acts.join(DANA, ERLAN)
    gulnar = await acts.viewer(GULNAR)
    for parent in (DANA, ERLAN):
        await refused(move_to(acts.request, gulnar, (await seat(DANA)).id, (await seat(parent)).id), "parent")


async def test_where_they_stand_already(acts: Acts) -> None:
    aigerim = await acts.viewer(AIGERIM)
    before = await tables()
    await move_to(acts.request, aigerim, (await seat(IRINA)).id, (await seat(GULNAR)).id)
    await move_to(acts.request, aigerim, (await seat(GULNAR)).id, aigerim.membership_id)
    assert await tables() == before
