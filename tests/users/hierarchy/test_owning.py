"""Owners: by consent, proved again, never the last one out; nobody below moves because of it."""

from __future__ import annotations

import pytest
import time_machine
from starlette.exceptions import HTTPException

from components.messages.models import Message
from components.messages.outbox import house_of
from tests.support.cast import AIGERIM, ANNA, GULNAR, IRINA, PASSWORD, SAULE, TIMUR, VIKTOR
from tests.support.grants import seat
from tests.users.hierarchy.acts import DANA, Acts, not_there, place, refused, tables, tree_holds
from users.hierarchy.accepting import accept as accept_invitation
from users.hierarchy.dismissing import dismiss_owner
from users.hierarchy.models import OwnershipOffer, User
from users.hierarchy.opening import CabinetRefused
from users.hierarchy.owning import accept, offer, offered, step_down, withdraw
from users.hierarchy.proving import PER_PERSON
from users.hierarchy.suspending import suspend
from users.hierarchy.tree import Member
from users.journal.models import JournalRow
from users.permissions.permission import ALL

OWNER = "office1@customer1.example"
DAY = 86_400


async def _second(acts: Acts, email: str = GULNAR, kind: str = "second") -> Member:
    made = await offer(acts.request, await acts.viewer(AIGERIM), (await seat(email)).id, kind, PASSWORD)
    return await accept(acts.request, await acts.viewer(email), made.id, PASSWORD)


async def _owner() -> Member:
    from users.hierarchy.models import Membership
    from users.hierarchy.tree import member

    found = await member((await Membership.get(email=OWNER, account__number="4445")).id)
    assert found
    return found


async def test_a_second_owner_stands_beside_the_first(acts: Acts) -> None:
    gulnar = await _second(acts)
    assert (gulnar.owner, gulnar.parent_id, gulnar.standing.permissions) == (True, None, ALL)
    assert (await seat(IRINA)).parent_id is None, "who hung under her hangs under the owners"
    await tree_holds()
    viewer = await acts.viewer(GULNAR)
    await not_there(suspend(acts.request, viewer, (await _owner()).id))
    await suspend(acts.request, viewer, (await seat(VIKTOR)).id)
    acted = await JournalRow.filter(act__startswith="ownership").order_by("id")
    assert [(each.actor, each.act, each.target) for each in acted] == [
        (OWNER, "ownership.offered", GULNAR),
        (GULNAR, "ownership.accepted", GULNAR),
    ]
    told = {each.receiver for each in await Message.filter(kind="ownership_accepted")}
    assert told == {OWNER, GULNAR}
    assert await Message.filter(kind="ownership_offered", receiver=GULNAR).count() == 1


async def test_a_hand_over_is_one_act(acts: Acts) -> None:
    """Abuse case D07."""
    await acts.add(AIGERIM)
    link = await acts.token(DANA)
    await _second(acts, VIKTOR, "instead")
    before = await _owner()
    assert (before.owner, before.parent_id, before.own.permissions) == (False, None, ALL)
    assert (await seat(VIKTOR)).owner
    await tree_holds()
    await not_there(accept_invitation(acts.request, link, None))
    assert {each.receiver for each in await Message.filter(kind="ownership_accepted")} == {OWNER, VIKTOR}


async def test_nobody_becomes_an_owner_without_proving_it_is_them(acts: Acts) -> None:
    aigerim, gulnar = await acts.viewer(AIGERIM), await acts.viewer(GULNAR)
    await refused(offer(acts.request, aigerim, gulnar.membership_id, "second", "wrong"), "current_password")
    made = await offer(acts.request, aigerim, gulnar.membership_id, "second", PASSWORD)
    await refused(accept(acts.request, gulnar, made.id, ""), "current_password")
    await refused(step_down(acts.request, aigerim, "wrong"), "current_password")


async def test_tries_at_the_password_are_counted(acts: Acts) -> None:
    """Abuse case L09: each person's alone."""
    await _second(acts)
    aigerim = await acts.viewer(AIGERIM)
    for _ in range(PER_PERSON.tries):
        await refused(step_down(acts.request, aigerim, "wrong"), "current_password")
    await refused(step_down(acts.request, aigerim, PASSWORD), "current_password")
    await step_down(acts.request, await acts.viewer(GULNAR), PASSWORD)


async def test_only_owners_offer_and_only_who_is_asked_accepts(acts: Acts) -> None:
    """Abuse case A11."""
    gulnar, viktor, aigerim = [await acts.viewer(each) for each in (GULNAR, VIKTOR, AIGERIM)]
    with pytest.raises(HTTPException) as caught:
        await offer(acts.request, gulnar, (await seat(IRINA)).id, "second", PASSWORD)
    assert caught.value.status_code == 403
    made = await offer(acts.request, aigerim, gulnar.membership_id, "second", PASSWORD)
    for other in (viktor, aigerim):
        await not_there(accept(acts.request, other, made.id, PASSWORD))
    await not_there(withdraw(acts.request, viktor, made.id))
    await refused(offer(acts.request, aigerim, gulnar.membership_id, "both", PASSWORD), "kind")


async def test_not_to_who_waits_or_is_shut_out(acts: Acts) -> None:
    """Abuse case A11."""
    aigerim, waiting = await acts.viewer(AIGERIM), await acts.add(AIGERIM)
    await refused(offer(acts.request, aigerim, waiting.id, "second", PASSWORD), "")
    await refused(offer(acts.request, aigerim, (await seat(ANNA)).id, "second", PASSWORD), "")
    await not_there(offer(acts.request, aigerim, aigerim.membership_id, "second", PASSWORD))


async def test_an_offer_lasts_seven_days(acts: Acts, at_noon: time_machine.Traveller) -> None:
    made = await offer(acts.request, await acts.viewer(AIGERIM), (await seat(SAULE)).id, "second", PASSWORD)
    at_noon.shift(7 * DAY + 60)
    saule = await acts.viewer(SAULE)
    assert await offered(saule) == []
    await not_there(accept(acts.request, saule, made.id, PASSWORD))


async def test_an_offer_is_withdrawn_or_declined(acts: Acts) -> None:
    aigerim, timur = await acts.viewer(AIGERIM), await acts.viewer(TIMUR)
    for by in (aigerim, timur):
        made = await offer(acts.request, aigerim, timur.membership_id, "second", PASSWORD)
        await withdraw(acts.request, by, made.id)
        await not_there(accept(acts.request, timur, made.id, PASSWORD))
    assert await JournalRow.filter(act="ownership.withdrawn", target=TIMUR).count() == 2


async def test_an_offer_of_who_is_no_owner_any_more_is_none(acts: Acts) -> None:
    await _second(acts)
    aigerim, timur = await acts.viewer(AIGERIM), await acts.viewer(TIMUR)
    made = await offer(acts.request, aigerim, timur.membership_id, "second", PASSWORD)
    await step_down(acts.request, aigerim, PASSWORD)
    await not_there(accept(acts.request, timur, made.id, PASSWORD))
    assert not await OwnershipOffer.exists()


async def test_the_last_owner_stays(acts: Acts) -> None:
    aigerim = await acts.viewer(AIGERIM)
    await refused(step_down(acts.request, aigerim, PASSWORD), "")
    await _second(acts)
    after = await step_down(acts.request, aigerim, PASSWORD)
    assert (after.owner, after.own.permissions, after.parent_id) == (False, ALL, None)
    await refused(step_down(acts.request, await acts.viewer(GULNAR), PASSWORD), "")
    await tree_holds()


async def test_an_owner_who_is_switched_off_does_not_count(acts: Acts) -> None:
    await _second(acts)
    await User.filter(email=GULNAR).update(active=False)
    await refused(step_down(acts.request, await acts.viewer(AIGERIM), PASSWORD), "")


async def test_the_operator_removes_an_owner(acts: Acts) -> None:
    house = house_of(acts.request)
    before = await tables()
    for email, why in ((OWNER, "last owner"), (IRINA, "no owner"), ("nobody@x.example", "no owner")):
        with pytest.raises(CabinetRefused, match=why):
            await dismiss_owner(house, "4445", email)
    with pytest.raises(CabinetRefused, match="no account"):
        await dismiss_owner(house, "9", OWNER)
    assert await tables() == before
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    await _second(acts)
    await dismiss_owner(house, "4445", OWNER.upper())
    assert await place(OWNER) is None
    assert (await aigerim.get("/profile")).status == 303
    row = await JournalRow.get(act="user.removed")
    assert (row.actor, row.target) == ("kabinet user", OWNER)
    assert await Message.filter(kind="membership_removed", receiver=OWNER).exists()
    await tree_holds()


async def test_the_last_owner_goes_by_force(acts: Acts) -> None:
    await dismiss_owner(house_of(acts.request), "4445", OWNER, force=True)
    assert await place(OWNER) is None
    assert await acts.gets_in(GULNAR)
