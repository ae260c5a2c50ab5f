"""A suspension holds for the whole branch, from the next request on."""

from __future__ import annotations

from components.messages.models import Message
from tests.support.cast import AIGERIM, ANNA, DIAS, GULNAR, IRINA, VIKTOR
from tests.support.grants import seat
from tests.users.hierarchy.acts import Acts, not_there, tables, tree_holds
from users.hierarchy.suspending import resume, suspend
from users.journal.models import JournalRow


async def test_viktor_is_suspended_and_dias_with_him(acts: Acts) -> None:
    """Abuse case D13."""
    aigerim = await acts.viewer(AIGERIM)
    await suspend(acts.request, aigerim, (await seat(VIKTOR)).id)
    assert not await acts.gets_in(VIKTOR)
    assert not await acts.gets_in(DIAS)
    assert await acts.gets_in(GULNAR)
    await tree_holds()
    await resume(acts.request, aigerim, (await seat(VIKTOR)).id)
    assert await acts.gets_in(DIAS)
    assert not await acts.gets_in(ANNA), "her own suspension stays"
    rows = await JournalRow.filter(target=VIKTOR).order_by("id")
    assert [(each.act, each.before, each.after) for each in rows] == [
        ("user.suspended", {"suspended": False}, {"suspended": True}),
        ("user.resumed", {"suspended": True}, {"suspended": False}),
    ]
    letters = await Message.filter(receiver=VIKTOR).order_by("id")
    assert [each.kind for each in letters] == ["membership_suspended", "membership_resumed"]
    assert "Aigerim Sadykova" in letters[0].text


async def test_suspended_twice_is_suspended_once(acts: Acts) -> None:
    viktor = await acts.viewer(VIKTOR)
    before = await tables()
    await suspend(acts.request, viktor, (await seat(ANNA)).id)
    assert await tables() == before


async def test_never_self_up_or_sideways(acts: Acts) -> None:
    """Abuse case A11."""
    viktor = await acts.viewer(VIKTOR)
    for one in (viktor.membership_id, (await seat(GULNAR)).id, (await seat(IRINA)).id, 10**9):
        await not_there(suspend(acts.request, viktor, one))
        await not_there(resume(acts.request, viktor, one))
