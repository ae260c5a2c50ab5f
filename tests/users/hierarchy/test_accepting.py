"""Accepting: the right person, once, within seven days, with no more than the inviter still has."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from components.data.clock import now
from components.messages.models import Message
from tests.support.cast import AIGERIM, ANNA, DIAS, GULNAR, IRINA, MARAT, VIKTOR
from tests.support.grants import grant, seat
from tests.users.hierarchy.acts import CHOSEN, DANA, ERLAN, LOOKS, Acts, contract, not_there, refused, tree_holds
from users.hierarchy.accepting import SIGN_IN_FIRST, accept, invitation
from users.hierarchy.inviting import send_again
from users.hierarchy.models import Membership, User
from users.hierarchy.moving import move_to
from users.hierarchy.removing import remove
from users.hierarchy.suspending import suspend
from users.journal.models import JournalRow
from users.links import links
from users.links.models import Link
from users.permissions.permission import Permission as P
from users.sessions.passwords import fits

DAY = 86_400
MARATS = "office5@customer5.example"


async def _marat() -> str:
    return (await Membership.get(account__number=MARAT, owner=True)).email


async def test_a_new_person_comes_in_with_the_chosen_password(acts: Acts) -> None:
    await acts.add(GULNAR, DANA, *LOOKS, first_name="Dana", last_name="Ibraeva")
    accepted = await acts.accept(DANA)
    user = await User.get(email=DANA)
    assert (accepted.user_id, accepted.new, accepted.account) == (user.id, True, "4445")
    assert (user.first_name, user.password_temporary) == ("Dana", False)
    assert await fits(CHOSEN, user.password_hash)
    assert await acts.gets_in(DANA)
    assert (await acts.viewer(DANA)).permissions == LOOKS
    await tree_holds()
    row = await JournalRow.get(act="invitation.accepted")
    assert (row.actor, row.target, row.before, row.after) == (DANA, DANA, None, None)


async def test_a_generated_password_is_temporary(acts: Acts) -> None:
    await acts.add(GULNAR, password=None)
    await acts.accept(DANA)
    user = await User.get(email=DANA)
    assert user.password_temporary
    assert user.password_expires_at is not None
    assert (await acts.viewer(DANA)).password_temporary


async def test_a_link_works_once(acts: Acts) -> None:
    """Abuse case L05."""
    await acts.add(GULNAR)
    token = await acts.token(DANA)
    assert await invitation(acts.request, token)
    await acts.accept(DANA)
    assert await invitation(acts.request, token) is None
    await not_there(accept(acts.request, token, None))
    assert (await Link.get(email=DANA)).data is None, "the hash is gone with the use"


async def test_a_link_lasts_seven_days(acts: Acts, at_noon: time_machine.Traveller) -> None:
    """Abuse case L05."""
    await acts.add(GULNAR)
    token = await acts.token(DANA)
    at_noon.shift(7 * DAY - 60)
    assert await invitation(acts.request, token)
    at_noon.shift(120)
    assert await invitation(acts.request, token) is None
    await not_there(accept(acts.request, token, None))


async def test_a_link_of_another_purpose_opens_nothing(acts: Acts) -> None:
    """Abuse case D11."""
    from datetime import timedelta

    made = await acts.add(GULNAR)
    for purpose in ("password", "letters"):
        token = await links.issue(purpose, DANA, timedelta(days=1), membership_id=made.id)  # type: ignore[arg-type]
        await not_there(accept(acts.request, token, None))
    assert await links.find("password", await acts.token(DANA)) is None


async def test_a_known_login_signs_in_and_accepts(acts: Acts) -> None:
    """Abuse case D03."""
    marat = await _marat()
    before = await User.get(email=marat)
    await acts.add(GULNAR, marat, *LOOKS)
    token = await acts.token(marat)
    invited = await invitation(acts.request, token)
    assert invited is not None
    assert (invited.known, invited.inviter, invited.account) == (True, "Gulnar Akhmetova", "4445")
    await refused(accept(acts.request, token, None), "")
    irina = await acts.viewer(IRINA)
    await refused(accept(acts.request, token, irina), "")
    accepted = await accept(acts.request, token, await acts.viewer(MARAT))
    assert (accepted.user_id, accepted.new) == (before.id, False)
    assert (await User.get(email=marat)).password_hash == before.password_hash
    assert {each.number for each in (await acts.viewer(MARAT)).accounts} >= {"4445", MARAT}


async def test_nobody_makes_anothers_login_in_passing(acts: Acts) -> None:
    """Whoever opens the link signed in as somebody else is asked to sign out first; the link stays good."""
    await acts.add(GULNAR, DANA, *LOOKS)
    token = await acts.token(DANA)
    assert await refused(accept(acts.request, token, await acts.viewer(IRINA)), "") == SIGN_IN_FIRST % {"email": DANA}
    assert not await User.exists(email=DANA)
    assert (await accept(acts.request, token, None)).new


async def test_the_rules_are_asked_again(acts: Acts) -> None:
    """Abuse case D07: a right that the inviter has lost meanwhile is not in what comes of the invitation."""
    await acts.add(GULNAR, DANA, *LOOKS, P.PAYMENTS_VIEW)
    ten = await contract("4445/10")
    await grant(
        GULNAR,
        permissions=frozenset({P.INVOICES_VIEW, P.USERS_MANAGE}),
        contracts=frozenset({ten}),
        documents_from=date(2025, 1, 1),
    )
    await acts.accept(DANA)
    own = (await seat(DANA)).own
    assert (own.permissions, own.contracts, own.documents_from) == ({P.INVOICES_VIEW}, {ten}, date(2025, 1, 1))
    row = await JournalRow.get(act="invitation.accepted")
    assert row.after is not None
    assert row.after["permissions"] == ["invoices.view"]
    await tree_holds()
    await grant(GULNAR, permissions=LOOKS | {P.USERS_MANAGE}, contracts=None)
    assert (await acts.viewer(DANA)).permissions == {P.INVOICES_VIEW}, "it does not come back by itself"


@pytest.mark.parametrize(
    "change",
    [
        {"suspended": True},
        {"permissions": LOOKS},
        {"valid_until": date(2026, 11, 19)},
        {"valid_from": date(2026, 11, 21)},
    ],
)
async def test_who_may_not_invite_any_more_has_not_invited(acts: Acts, change: dict[str, object]) -> None:
    """Abuse cases D07 and D13."""
    await acts.add(GULNAR, DANA, *LOOKS)
    token = await acts.token(DANA)
    await grant(GULNAR, **change)
    assert await invitation(acts.request, token) is None
    await not_there(accept(acts.request, token, None))


async def test_an_invitation_dies_with_the_inviter(acts: Acts) -> None:
    """Abuse case D07."""
    await acts.join(GULNAR, ERLAN, *LOOKS, P.USERS_MANAGE)
    await acts.add(ERLAN, DANA, *LOOKS)
    token = await acts.token(DANA)
    await remove(acts.request, await acts.viewer(GULNAR), (await seat(ERLAN)).id, "children")
    await not_there(accept(acts.request, token, None))
    assert (await seat(DANA)).parent_id == (await seat(GULNAR)).id, "waiting, under who is left"
    await send_again(acts.request, await acts.viewer(GULNAR), (await seat(DANA)).id)
    await acts.accept(DANA)
    assert await acts.gets_in(DANA)


async def test_a_place_that_was_suspended_or_is_over_is_not_taken(acts: Acts, at_noon: time_machine.Traveller) -> None:
    made = await acts.add(GULNAR, DANA, valid_until=date(2026, 11, 21))
    token = await acts.token(DANA)
    await suspend(acts.request, await acts.viewer(GULNAR), made.id)
    await not_there(accept(acts.request, token, None))
    await grant(DANA, suspended=False)
    at_noon.shift(2 * DAY)
    await not_there(accept(acts.request, token, None))


async def test_after_a_move_the_new_parent_answers_for_it(acts: Acts) -> None:
    made = await acts.add(GULNAR, DANA, P.INVOICES_VIEW)
    await move_to(acts.request, await acts.viewer(AIGERIM), made.id, (await seat(VIKTOR)).id)
    await acts.accept(DANA)
    assert (await seat(DANA)).own.permissions == frozenset(), "Viktor sees no documents"


async def test_sending_again_ends_the_link_before_and_keeps_the_chosen_password(acts: Acts) -> None:
    """Abuse case L05."""
    made = await acts.add(GULNAR)
    first = await acts.token(DANA)
    await send_again(acts.request, await acts.viewer(GULNAR), made.id)
    await not_there(accept(acts.request, first, None))
    assert await acts.token(DANA) != first
    await acts.accept(DANA)
    assert await fits(CHOSEN, (await User.get(email=DANA)).password_hash)
    assert await JournalRow.filter(act="invitation.sent_again", target=DANA).count() == 1


async def test_a_letter_whose_link_is_dead_does_not_leave(acts: Acts) -> None:
    made = await acts.add(GULNAR)
    first = await Message.get(receiver=DANA)
    await send_again(acts.request, await acts.viewer(GULNAR), made.id)
    await first.refresh_from_db()
    second = await Message.get(receiver=DANA, id__not=first.id)
    assert first.expires_at is not None
    assert second.expires_at is not None
    assert first.expires_at <= now() < second.expires_at
    await remove(acts.request, await acts.viewer(AIGERIM), (await seat(GULNAR)).id, "children")
    await second.refresh_from_db()
    assert second.expires_at <= now()


async def test_nobody_is_written_to_again_and_again(acts: Acts) -> None:
    made = await acts.add(GULNAR)
    gulnar = await acts.viewer(GULNAR)
    for _ in range(5):
        await send_again(acts.request, gulnar, made.id)
    await refused(send_again(acts.request, gulnar, made.id), "")
    other = await acts.add(GULNAR, ERLAN)
    await send_again(acts.request, gulnar, other.id)
    assert await Message.filter(receiver=ERLAN, kind="invitation").count() == 2, "abuse case L09: each counted alone"


async def test_only_who_waits_and_stands_below_is_invited_again(acts: Acts) -> None:
    """Abuse cases A11 and D03: nobody makes a link for somebody above or beside them."""
    made = await acts.add(AIGERIM)
    gulnar = await acts.viewer(GULNAR)
    for one in (made.id, (await seat(IRINA)).id, (await seat(DIAS)).id, (await seat(ANNA)).id, 10**9):
        await not_there(send_again(acts.request, gulnar, one))


async def test_two_accounts_invite_the_same_new_person(acts: Acts) -> None:
    """Abuse case D03: the second invitation finds a login, and the second creator's password is nobody's."""
    await acts.add(GULNAR)
    first = await acts.token(DANA)
    await acts.add(MARAT, password="another quiet mountain")
    second = await acts.token(DANA)
    await accept(acts.request, first, None)
    await refused(accept(acts.request, second, None), "")
    await accept(acts.request, second, await acts.viewer(DANA))
    assert await fits(CHOSEN, (await User.get(email=DANA)).password_hash)
    assert await Membership.filter(user__email=DANA).count() == 2
