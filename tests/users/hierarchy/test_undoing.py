"""Undoing a removal within ten minutes: places and grants come back; sign-ins and invitations do not."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
import time_machine

from components.data.database import fetch
from tests.support.cast import AIGERIM, DIAS, GULNAR, IRINA, MARAT, TIMUR, VIKTOR
from tests.support.grants import grant, seat
from tests.users.hierarchy.acts import CHOSEN, DANA, ERLAN, LOOKS, Acts, not_there, place, refused, tables, tree_holds
from users.hierarchy.accepting import accept
from users.hierarchy.inviting import send_again
from users.hierarchy.moving import move_to
from users.hierarchy.owning import accept as accept_ownership
from users.hierarchy.owning import offer
from users.hierarchy.removing import remove
from users.hierarchy.undoing import undo, undoable
from users.journal.models import JournalRow
from users.permissions.permission import Permission as P

MINUTE = 60


async def _places() -> dict[str, Any]:
    """The tree's own tables as they stand, without the ids of rows that nobody knows."""
    found = {name: rows for name, rows in (await tables()).items() if name in ("membership", "standing")}
    chosen = await fetch("SELECT membership_id, contract_id FROM membership_contract")
    return {**found, "chosen": sorted((each["membership_id"], each["contract_id"]) for each in chosen)}


@pytest.mark.parametrize("who", [VIKTOR, GULNAR])
@pytest.mark.parametrize("way", ["branch", "children"])
async def test_all_is_as_it_was(acts: Acts, who: str, way: str) -> None:
    await grant(GULNAR, permissions=LOOKS | {P.USERS_MANAGE})
    aigerim = await acts.viewer(AIGERIM)
    before = await _places()
    removal = await remove(acts.request, aigerim, (await seat(who)).id, way)
    assert await _places() != before
    restored = await undo(acts.request, aigerim, removal.id)
    assert restored.email == who
    assert await _places() == before
    await tree_holds()
    assert (await JournalRow.get(act="user.restored")).target == who


async def test_sign_ins_stay_ended(acts: Acts) -> None:
    """Abuse case D13."""
    dias = await acts.cabinet.sign_in(DIAS)
    aigerim = await acts.viewer(AIGERIM)
    removal = await remove(acts.request, aigerim, (await seat(VIKTOR)).id, "branch")
    await undo(acts.request, aigerim, removal.id)
    assert (await dias.get("/profile")).status == 303
    assert await acts.gets_in(DIAS), "signing in anew works"


async def test_invitations_stay_dead(acts: Acts) -> None:
    await acts.join(GULNAR, ERLAN, *LOOKS, P.USERS_MANAGE)
    await acts.add(ERLAN, DANA, *LOOKS)
    link = await acts.token(DANA)
    gulnar = await acts.viewer(GULNAR)
    removal = await remove(acts.request, gulnar, (await seat(ERLAN)).id, "branch")
    await undo(acts.request, gulnar, removal.id)
    await not_there(accept(acts.request, link, None))
    await send_again(acts.request, gulnar, (await seat(DANA)).id)
    await acts.accept(DANA)


async def test_for_ten_minutes_and_once(acts: Acts, at_noon: time_machine.Traveller) -> None:
    aigerim = await acts.viewer(AIGERIM)
    first = await remove(acts.request, aigerim, (await seat(IRINA)).id, "branch")
    assert [each.id for each in await undoable(aigerim)] == [first.id]
    at_noon.shift(9 * MINUTE)
    await undo(acts.request, aigerim, first.id)
    await not_there(undo(acts.request, aigerim, first.id))
    second = await remove(acts.request, aigerim, (await seat(IRINA)).id, "branch")
    at_noon.shift(11 * MINUTE)
    assert await undoable(aigerim) == []
    await not_there(undo(acts.request, aigerim, second.id))


async def test_by_who_removed_them_or_an_owner(acts: Acts) -> None:
    """Abuse case A11."""
    await grant(IRINA, permissions=LOOKS | {P.USERS_MANAGE}, contracts=None)
    await acts.join(IRINA, DANA)
    removal = await remove(acts.request, await acts.viewer(GULNAR), (await seat(DANA)).id, "branch")
    for other in (IRINA, VIKTOR, MARAT):
        viewer = await acts.viewer(other)
        assert await undoable(viewer) == []
        await not_there(undo(acts.request, viewer, removal.id))
    await undo(acts.request, await acts.viewer(AIGERIM), removal.id)


async def test_not_what_an_owner_took_away(acts: Acts) -> None:
    """Gulnar stands above Irina, but it was not she who removed her (abuse case A11)."""
    removal = await remove(acts.request, await acts.viewer(AIGERIM), (await seat(IRINA)).id, "branch")
    await not_there(undo(acts.request, await acts.viewer(GULNAR), removal.id))


async def test_not_while_they_are_there_again(acts: Acts) -> None:
    gulnar = await acts.viewer(GULNAR)
    removal = await remove(acts.request, gulnar, (await seat(IRINA)).id, "branch")
    await acts.add(GULNAR, IRINA)
    await refused(undo(acts.request, gulnar, removal.id), "")


async def test_not_below_somebody_who_is_gone(acts: Acts) -> None:
    aigerim = await acts.viewer(AIGERIM)
    inner = await remove(acts.request, aigerim, (await seat(DIAS)).id, "branch")
    outer = await remove(acts.request, aigerim, (await seat(VIKTOR)).id, "branch")
    await refused(undo(acts.request, aigerim, inner.id), "")
    await undo(acts.request, aigerim, outer.id)
    await undo(acts.request, aigerim, inner.id)
    await tree_holds()


async def test_where_the_parent_has_gone_meanwhile(acts: Acts) -> None:
    aigerim = await acts.viewer(AIGERIM)
    removal = await remove(acts.request, aigerim, (await seat(DIAS)).id, "branch")
    await move_to(acts.request, aigerim, (await seat(VIKTOR)).id, (await seat(GULNAR)).id)
    await undo(acts.request, aigerim, removal.id)
    assert (await seat(DIAS)).line.startswith((await seat(GULNAR)).line)
    await tree_holds()


async def test_under_somebody_who_became_an_owner(acts: Acts) -> None:
    aigerim = await acts.viewer(AIGERIM)
    removal = await remove(acts.request, aigerim, (await seat(DIAS)).id, "branch")
    made = await offer(acts.request, aigerim, (await seat(VIKTOR)).id, "second", "correct horse battery")
    await accept_ownership(acts.request, await acts.viewer(VIKTOR), made.id, "correct horse battery")
    await undo(acts.request, aigerim, removal.id)
    assert (await seat(DIAS)).parent_id is None
    await tree_holds()


async def test_not_to_a_place_one_stands_not_above_any_more(acts: Acts) -> None:
    """Abuse case A11: who could not be added there now is not put back there."""
    await grant(IRINA, permissions=LOOKS | {P.USERS_MANAGE}, contracts=None)
    await acts.join(IRINA, DANA)
    removal = await remove(acts.request, await acts.viewer(GULNAR), (await seat(DANA)).id, "branch")
    await move_to(acts.request, await acts.viewer(AIGERIM), (await seat(IRINA)).id, (await seat(VIKTOR)).id)
    await not_there(undo(acts.request, await acts.viewer(GULNAR), removal.id))
    await undo(acts.request, await acts.viewer(AIGERIM), removal.id)
    assert (await seat(DANA)).line.startswith((await seat(VIKTOR)).line)


async def test_not_to_the_root_by_who_is_no_owner_any_more(acts: Acts) -> None:
    """Abuse case A11: nor under somebody who has become an owner, which is the root too."""
    aigerim, gulnar = await acts.viewer(AIGERIM), await acts.viewer(GULNAR)
    first = await remove(acts.request, aigerim, (await seat(VIKTOR)).id, "branch")
    await acts.join(GULNAR, ERLAN, *LOOKS, P.USERS_MANAGE)
    await acts.join(ERLAN, DANA)
    second = await remove(acts.request, gulnar, (await seat(DANA)).id, "branch")
    made = await offer(acts.request, aigerim, (await seat(ERLAN)).id, "instead", "correct horse battery")
    await accept_ownership(acts.request, await acts.viewer(ERLAN), made.id, CHOSEN)
    for by, removal in ((aigerim, first), (gulnar, second)):
        await not_there(undo(acts.request, by, removal.id))
    assert await place(VIKTOR) is None


async def test_children_who_were_changed_since_keep_the_change(acts: Acts) -> None:
    await grant(GULNAR, permissions=LOOKS | {P.USERS_MANAGE})
    aigerim = await acts.viewer(AIGERIM)
    before = (await seat(TIMUR)).own
    removal = await remove(acts.request, aigerim, (await seat(GULNAR)).id, "children")
    await grant(IRINA, permissions=frozenset({P.DNS_VIEW}))
    await undo(acts.request, aigerim, removal.id)
    irina, timur = await seat(IRINA), await seat(TIMUR)
    assert irina.parent_id == timur.parent_id == (await seat(GULNAR)).id
    assert irina.own.permissions == {P.DNS_VIEW}
    assert timur.own == before
    await tree_holds()


async def test_children_who_were_moved_since_stay_there(acts: Acts) -> None:
    aigerim = await acts.viewer(AIGERIM)
    removal = await remove(acts.request, aigerim, (await seat(GULNAR)).id, "children")
    await move_to(acts.request, aigerim, (await seat(IRINA)).id, (await seat(VIKTOR)).id)
    await undo(acts.request, aigerim, removal.id)
    assert (await seat(IRINA)).parent_id == (await seat(VIKTOR)).id
    await tree_holds()


async def test_what_is_kept_comes_back_to_the_letter(acts: Acts) -> None:
    """Names, position, days: all of it through JSON and back."""
    before = asdict(await seat(TIMUR))
    gulnar = await acts.viewer(GULNAR)
    removal = await remove(acts.request, gulnar, (await seat(TIMUR)).id, "branch")
    assert await place(TIMUR) is None
    await undo(acts.request, gulnar, removal.id)
    assert asdict(await seat(TIMUR)) == before
