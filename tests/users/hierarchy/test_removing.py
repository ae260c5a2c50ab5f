"""Removing: the preview is what then happens; nobody is orphaned, nobody gains, sign-ins end at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from components.messages.models import Message
from tests.support.cast import AIGERIM, ANNA, DIAS, GULNAR, IRINA, SAULE, TIMUR, VIKTOR
from tests.support.grants import grant, seat
from tests.users.hierarchy.acts import (
    DANA,
    ERLAN,
    LOOKS,
    Acts,
    contract,
    not_there,
    place,
    refused,
    tables,
    tree_holds,
)
from users.hierarchy.accepting import accept
from users.hierarchy.models import Membership, MembershipContract, Removal, Standing
from users.hierarchy.removing import preview, remove
from users.journal.models import JournalRow
from users.permissions.permission import Permission as P
from users.sessions.models import Session


async def test_with_the_whole_branch(acts: Acts) -> None:
    """Abuse case D13."""
    aigerim = await acts.viewer(AIGERIM)
    dias = await acts.cabinet.sign_in(DIAS)
    viktor = (await seat(VIKTOR)).id
    plan = await preview(aigerim, viktor, "branch")
    assert {each.email for each in plan.gone} == {VIKTOR, DIAS, ANNA}
    assert (plan.target.email, plan.below, plan.sign_ins, plan.moved) == (VIKTOR, 2, 1, ())
    await remove(acts.request, aigerim, viktor, "branch")
    for email in (VIKTOR, DIAS, ANNA):
        assert await place(email) is None
    assert (await dias.get("/profile")).status == 303
    assert await Session.filter(ended_at=None).count() == 1, "Aigerim's"
    await tree_holds()


async def test_with_the_children_moving_up(acts: Acts) -> None:
    """Nobody below gains: what Gulnar limited stays limited, now in their own grants (abuse case D01)."""
    ten = await contract("4445/10")
    await grant(GULNAR, contracts=frozenset({ten}), permissions=LOOKS | {P.USERS_MANAGE})
    aigerim = await acts.viewer(AIGERIM)
    before = {each: (await seat(each)).standing for each in (IRINA, TIMUR)}
    plan = await preview(aigerim, (await seat(GULNAR)).id, "children")
    moved = {each.member.email: each for each in plan.moved}
    assert moved.keys() == {IRINA, TIMUR}
    assert moved[IRINA].loses == {P.PAYMENTS_VIEW}
    assert [each.email for each in plan.gone] == [GULNAR]
    await remove(acts.request, aigerim, (await seat(GULNAR)).id, "children")
    for email in (IRINA, TIMUR):
        one = await seat(email)
        assert one.parent_id is None
        assert one.standing == before[email]
        assert one.own == moved[email].after
    await tree_holds()


async def test_whose_line_was_suspended_stays_suspended_themselves(acts: Acts) -> None:
    """Abuse case D13."""
    await grant(VIKTOR, suspended=True)
    await remove(acts.request, await acts.viewer(AIGERIM), (await seat(VIKTOR)).id, "children")
    assert (await seat(DIAS)).own.suspended
    assert not await acts.gets_in(DIAS)


async def test_the_preview_counts_what_then_ends(acts: Acts) -> None:
    await acts.join(GULNAR, ERLAN, *LOOKS, P.USERS_MANAGE)
    await acts.add(ERLAN, DANA, *LOOKS)
    link = await acts.token(DANA)
    erlan = (await seat(ERLAN)).id
    await Session.all().update(ended_at=None)
    gulnar = await acts.viewer(GULNAR)
    await acts.cabinet.sign_in(ERLAN)
    live = await Session.filter(membership_id=erlan, ended_at=None).count()
    for way in ("branch", "children"):
        plan = await preview(gulnar, erlan, way)
        assert (plan.sign_ins, plan.invitations, plan.below) == (live, 1, 1)
    await remove(acts.request, gulnar, erlan, "children")
    await not_there(accept(acts.request, link, None))


async def test_rows_of_the_removed_go_with_them(acts: Acts) -> None:
    dias = (await seat(DIAS)).id
    await remove(acts.request, await acts.viewer(VIKTOR), dias, "branch")
    for table in (MembershipContract, Standing):
        assert not await table.filter(membership_id=dias).exists()
    removal = await Removal.get()
    assert removal.until - removal.removed_at == timedelta(minutes=10)


async def test_the_journal_names_who_went_along(acts: Acts) -> None:
    await remove(acts.request, await acts.viewer(AIGERIM), (await seat(VIKTOR)).id, "branch")
    row = await JournalRow.get(act="user.removed")
    assert (row.actor, row.target, row.after) == ("office1@customer1.example", VIKTOR, None)
    assert row.before is not None
    assert (set(row.before["with"]), row.before["way"], row.before["contracts"]) == ({DIAS, ANNA}, "branch", "all")


@pytest.mark.parametrize("way", ["branch", "children"])
async def test_never_self_up_or_sideways(acts: Acts, way: str) -> None:
    """Abuse case A11: what an edit refuses, a removal refuses."""
    viktor = await acts.viewer(VIKTOR)
    owner = (await Membership.get(account__number=AIGERIM, owner=True)).id
    for one in (viktor.membership_id, owner, (await seat(GULNAR)).id, (await seat(IRINA)).id, 10**9):
        await not_there(remove(acts.request, viktor, one, way))
        await not_there(preview(viktor, one, way))


async def test_an_owner_is_removed_by_nobody_here(acts: Acts) -> None:
    aigerim = await acts.viewer(AIGERIM)
    await not_there(remove(acts.request, aigerim, aigerim.membership_id, "branch"))


async def test_a_way_that_is_none(acts: Acts) -> None:
    aigerim = await acts.viewer(AIGERIM)
    await refused(remove(acts.request, aigerim, (await seat(SAULE)).id, "all"), "way")


async def test_a_preview_changes_nothing(acts: Acts) -> None:
    aigerim = await acts.viewer(AIGERIM)
    before = await tables()
    await preview(aigerim, (await seat(GULNAR)).id, "children")
    assert await tables() == before


async def test_the_removed_are_told_once_it_can_not_be_undone(acts: Acts, at_noon: object) -> None:
    from components.data.clock import now
    from components.jobs.models import Job

    removal = await remove(acts.request, await acts.viewer(AIGERIM), (await seat(VIKTOR)).id, "branch")
    job = await Job.get(name="removal.over")
    assert job.due_at == removal.until > now()
    assert not await Message.filter(kind="membership_removed").exists()
    await _over(acts, removal.id)
    told = {each.receiver for each in await Message.filter(kind="membership_removed")}
    assert told == {VIKTOR, DIAS, ANNA}
    assert not await Removal.exists(), "nothing is kept for an undoing that can't be"


async def _over(acts: Acts, removal_id: int) -> None:
    from types import SimpleNamespace

    from components.data.database import transaction
    from components.messages.outbox import house_of
    from users.hierarchy.jobs import removal_over

    async with transaction():
        work = SimpleNamespace(house=house_of(acts.request))
        await removal_over(work, removal_id=removal_id, by="Aigerim")  # type: ignore[arg-type]
