"""Changing people: strict descendants only, the change compared, the branch below following at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.exceptions import HTTPException

from tests.support.cast import AIGERIM, DIAS, GULNAR, IRINA, MARAT, SAULE, TIMUR, VIKTOR
from tests.support.grants import grant, seat
from tests.users.hierarchy.acts import (
    CHOSEN,
    DANA,
    ERLAN,
    LOOKS,
    Acts,
    contract,
    not_there,
    refused,
    tables,
    tree_holds,
    wanted_of,
)
from users.hierarchy.accepting import accept
from users.hierarchy.editing import change
from users.hierarchy.models import Membership, User
from users.hierarchy.moving import move_to
from users.journal.models import JournalRow
from users.permissions.permission import Permission as P
from users.sessions.passwords import fits


async def test_gulnar_changes_irina(acts: Acts) -> None:
    wanted = await wanted_of(IRINA, position="Senior", permissions=LOOKS, contracts=None)
    after = await change(acts.request, await acts.viewer(GULNAR), (await seat(IRINA)).id, wanted)
    assert (after.position, after.own.permissions, after.own.contracts) == ("Senior", LOOKS, None)
    row = await JournalRow.get(act="user.changed")
    assert (row.actor, row.target) == (GULNAR, IRINA)
    assert row.before == {
        "position": "Accountant",
        "permissions": ["contracts.view", "invoices.view", "payments.view"],
        "contracts": ["4445/10"],
    }
    assert row.after == {"position": "Senior", "permissions": ["contracts.view", "invoices.view"], "contracts": "all"}
    await tree_holds()


async def test_nothing_new_writes_nothing(acts: Acts) -> None:
    gulnar = await acts.viewer(GULNAR)
    before = await tables()
    await change(acts.request, gulnar, (await seat(TIMUR)).id, await wanted_of(TIMUR))
    assert await tables() == before


async def test_a_parents_right_that_is_cut_is_gone_below_and_comes_back_with_it(acts: Acts) -> None:
    aigerim = await acts.viewer(AIGERIM)
    gulnar = (await seat(GULNAR)).id
    wanted = await wanted_of(GULNAR)
    await change(acts.request, aigerim, gulnar, replace(wanted, permissions=wanted.permissions - {P.INVOICES_VIEW}))
    assert P.INVOICES_VIEW not in (await acts.viewer(IRINA)).permissions
    await tree_holds()
    await change(acts.request, aigerim, gulnar, wanted)
    assert P.INVOICES_VIEW in (await acts.viewer(IRINA)).permissions


async def test_never_self_up_sideways_or_elsewhere(acts: Acts) -> None:
    """Abuse cases A11, D03 and M01: an id is only a wish."""
    gulnar = await acts.viewer(GULNAR)
    owner = await Membership.get(account__number=AIGERIM, owner=True)
    stranger = await Membership.get(account__number=MARAT, owner=True)
    wanted = await wanted_of(IRINA)
    for one in (
        gulnar.membership_id,
        owner.id,
        (await seat(VIKTOR)).id,
        (await seat(DIAS)).id,
        (await seat(SAULE)).id,
        stranger.id,
        10**9,
        0,
        -1,
    ):
        await not_there(change(acts.request, gulnar, one, wanted))


async def test_owners_are_changed_by_nobody(acts: Acts) -> None:
    """Abuse case A11."""
    aigerim = await acts.viewer(AIGERIM)
    await not_there(change(acts.request, aigerim, aigerim.membership_id, await wanted_of(IRINA)))


async def test_a_right_one_lacks_is_refused_and_ones_own_kept(acts: Acts) -> None:
    """Abuse cases D01 and D05 on an edit."""
    viewer = await acts.viewer(GULNAR)
    irina = (await seat(IRINA)).id
    await refused(
        change(acts.request, viewer, irina, await wanted_of(IRINA, permissions=LOOKS | {P.DNS_EDIT})), "permissions"
    )
    await grant(IRINA, permissions=LOOKS | {P.DNS_EDIT})
    after = await change(acts.request, viewer, irina, await wanted_of(IRINA, permissions=frozenset({P.PAYMENTS_VIEW})))
    assert after.own.permissions == {P.PAYMENTS_VIEW, P.DNS_EDIT}
    assert after.standing.permissions == {P.PAYMENTS_VIEW}


async def test_what_counts_is_what_the_line_leaves_at_that_moment(acts: Acts) -> None:
    """Abuse case D01: neither what the page knew nor what was once granted."""
    viewer, irina = await acts.viewer(GULNAR), (await seat(IRINA)).id
    asked = await wanted_of(IRINA, permissions=LOOKS | {P.BALANCE_VIEW})
    above = await acts.join(AIGERIM, DANA, *LOOKS, P.USERS_MANAGE)
    await move_to(acts.request, await acts.viewer(AIGERIM), viewer.membership_id, above.id)
    assert P.BALANCE_VIEW in viewer.permissions & (await seat(GULNAR)).own.permissions
    await refused(change(acts.request, viewer, irina, asked), "permissions")
    await grant(DANA, permissions=LOOKS)
    with pytest.raises(HTTPException) as caught:
        await change(acts.request, viewer, irina, await wanted_of(IRINA, position="Senior"))
    assert caught.value.status_code == 403


async def test_reach_is_given_within_ones_own(acts: Acts) -> None:
    """Abuse cases A03 and D01."""
    ten, eleven = await contract("4445/10"), await contract("4445/11")
    await grant(GULNAR, contracts=frozenset({ten}))
    viewer, irina = await acts.viewer(GULNAR), (await seat(IRINA)).id
    for field, contracts in (
        ("reach", None),
        ("contracts", frozenset({ten, eleven})),
        ("contracts", frozenset({1 << 40})),
    ):
        await refused(change(acts.request, viewer, irina, await wanted_of(IRINA, contracts=contracts)), field)


async def test_the_login_of_who_has_accepted_is_theirs(acts: Acts) -> None:
    """Abuse cases D03 and M03: nobody turns another's login to an address of their own."""
    viewer = await acts.viewer(GULNAR)
    await refused(change(acts.request, viewer, (await seat(IRINA)).id, await wanted_of(IRINA, email=DANA)), "email")


async def test_no_edit_sets_a_password(acts: Acts) -> None:
    """Abuse case D03."""
    before = (await User.get(email=IRINA)).password_hash
    wanted = await wanted_of(IRINA, password="another quiet mountain", position="New")
    await change(acts.request, await acts.viewer(GULNAR), (await seat(IRINA)).id, wanted)
    assert (await User.get(email=IRINA)).password_hash == before


async def test_another_address_for_who_waits_is_another_invitation(acts: Acts) -> None:
    """Abuse cases D07 and M03: the old link is dead; what was chosen goes on."""
    made = await acts.add(GULNAR)
    old = await acts.token(DANA)
    viewer = await acts.viewer(GULNAR)
    await change(acts.request, viewer, made.id, await wanted_of(DANA, email=ERLAN))
    await not_there(accept(acts.request, old, None))
    await acts.accept(ERLAN)
    assert await fits(CHOSEN, (await User.get(email=ERLAN)).password_hash)
    assert not await User.exists(email=DANA)


async def test_an_address_that_is_taken_is_refused_on_an_edit_too(acts: Acts) -> None:
    """Abuse case A11: the same rule on every path."""
    made = await acts.add(GULNAR)
    viewer = await acts.viewer(GULNAR)
    await refused(change(acts.request, viewer, made.id, await wanted_of(DANA, email=IRINA)), "email")


async def test_an_invitation_is_not_raised_while_it_waits(acts: Acts) -> None:
    """Abuse case D07: refused at the edit, as at the adding."""
    made = await acts.add(GULNAR)
    viewer = await acts.viewer(GULNAR)
    await refused(
        change(acts.request, viewer, made.id, await wanted_of(DANA, permissions=frozenset({P.DNS_EDIT}))), "permissions"
    )
