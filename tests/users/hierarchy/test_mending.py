"""Rights are what the tree says; where somebody wrote to the tables by hand, the doctor says so, migrate mends it."""

from __future__ import annotations

import pytest

from components.data.database import execute
from dashboard.doctor.people import people
from tests.support.cast import GULNAR, IRINA
from tests.support.grants import seat
from tests.users.hierarchy.acts import Acts, tree_holds
from users.hierarchy.mending import mend, misjudged, misplaced


async def test_the_cast_is_in_order(acts: Acts) -> None:
    assert [each.level for each in await people()] == ["ok", "ok"]
    assert await mend() == 0


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("UPDATE standing SET permissions = 'invoices.view' WHERE membership_id = :id", "standings"),
        ("DELETE FROM standing WHERE membership_id = :id", "standings"),
        ("UPDATE membership SET permissions = 'cards.manage' WHERE id = :id", "standings"),
        ("UPDATE membership SET line = '1.2.3.' WHERE id = :id", "places"),
    ],
)
@pytest.mark.parametrize("who", [GULNAR, IRINA])
async def test_what_was_written_by_hand(acts: Acts, harm: str, told: str, who: str) -> None:
    await execute(harm, id=(await seat(who)).id)
    faults = [each for each in await people() if each.level == "fault"]
    assert told in {each.name for each in faults}
    assert who in faults[0].told
    assert "kabinet migrate" in faults[0].advice
    assert await mend() > 0
    assert [each.level for each in await people()] == ["ok", "ok"]
    await tree_holds()


async def test_a_new_permission_reaches_the_owners(acts: Acts) -> None:
    """As after a new version that knows one more."""
    await execute(
        "UPDATE standing SET permissions = 'balance.view' "
        "WHERE membership_id IN (SELECT id FROM membership WHERE owner)"
    )
    assert [each async for each in misjudged()]
    assert not await misplaced()
    await mend()
    await tree_holds()
