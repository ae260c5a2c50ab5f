"""Adding people: under oneself, with what one has, by a letter."""

from __future__ import annotations

from datetime import date

import pytest
from starlette.exceptions import HTTPException

from components.messages.models import Message
from tests.support.cast import AIGERIM, GULNAR, IRINA, MARAT, SAULE, VIKTOR
from tests.support.grants import grant, seat
from tests.users.hierarchy.acts import CHOSEN, DANA, ERLAN, LOOKS, Acts, contract, refused, tables, tree_holds
from users.hierarchy.adding import add
from users.hierarchy.models import Membership, User
from users.hierarchy.moving import move_to
from users.hierarchy.wanted import Wanted
from users.journal.models import JournalRow
from users.links.models import Link
from users.permissions.permission import Permission as P
from users.sessions.tokens import hashed


async def test_gulnar_adds_somebody_under_herself(acts: Acts) -> None:
    made = await acts.add(GULNAR, " Dana@Customer1.Example ", P.INVOICES_VIEW, first_name="Dana", position="Clerk")
    assert made.parent_id == (await seat(GULNAR)).id
    assert (made.email, made.user_id, made.name, made.position) == (DANA, None, "Dana", "Clerk")
    assert not await User.exists(email=DANA), "no login before the address is confirmed"
    await tree_holds()


async def test_whom_an_owner_adds_hangs_under_the_root(acts: Acts) -> None:
    made = await acts.add(AIGERIM)
    assert made.parent_id is None
    owner = await Membership.get(account__number=AIGERIM, owner=True)
    assert (await Membership.get(id=made.id)).added_by_id == owner.user_id  # type: ignore[attr-defined]


async def test_the_letter_has_the_link_and_the_database_only_its_hash(acts: Acts) -> None:
    """Abuse case D09: the token is in the letter and nowhere else."""
    await acts.add(GULNAR)
    token = await acts.token(DANA)
    assert len(token) > 40
    link = await Link.get(email=DANA)
    assert link.token_hash == hashed(token)
    letter = await Message.get(receiver=DANA)
    assert letter.secret
    assert letter.expires_at is not None
    assert letter.expires_at <= link.expires_at, "it never leaves for nothing"
    assert "Gulnar Akhmetova" in letter.text
    assert "4445" in letter.subject
    assert acts.cabinet.base + "/invitations/" in letter.text
    for name, rows in (await tables()).items():
        assert name == "message" or token not in repr(rows), name


async def test_a_generated_password_is_in_the_letter_and_a_chosen_one_is_not(acts: Acts) -> None:
    await acts.add(GULNAR)
    assert CHOSEN not in (await Message.get(receiver=DANA)).text
    await acts.add(GULNAR, "erlan@customer1.example", password=None)
    assert "opens only the page" in (await Message.get(receiver="erlan@customer1.example")).text
    data = (await Link.get(email="erlan@customer1.example")).data
    assert data is not None
    assert data["temporary"] is True


async def test_a_password_against_the_rules_is_refused(acts: Acts) -> None:
    for password in ("short", "dana@customer1.example", "password123"):
        await refused(acts.add(GULNAR, password=password), "password")


async def test_who_may_not_add_users_adds_nobody(acts: Acts) -> None:
    """Abuse case D01."""
    before = await tables()
    viewer = await acts.viewer(IRINA)
    with pytest.raises(HTTPException) as caught:
        await add(acts.request, viewer, Wanted(DANA, CHOSEN))
    assert caught.value.status_code == 403
    assert await tables() == before


async def test_nobody_gives_what_they_lack(acts: Acts) -> None:
    """Abuse cases A03 and D01."""
    viewer = await acts.viewer(GULNAR)
    await refused(add(acts.request, viewer, Wanted(DANA, CHOSEN, permissions=frozenset({P.DNS_EDIT}))), "permissions")
    await grant(GULNAR, contracts=frozenset({await contract("4445/10")}))
    viewer = await acts.viewer(GULNAR)
    await refused(add(acts.request, viewer, Wanted(DANA, CHOSEN)), "reach")
    other = frozenset({await contract("4445/11")})
    await refused(add(acts.request, viewer, Wanted(DANA, CHOSEN, contracts=other)), "contracts")


async def test_what_counts_is_what_one_has_at_that_moment(acts: Acts) -> None:
    """The page was opened with a right that is gone meanwhile (abuse cases D01 and D13)."""
    viewer = await acts.viewer(GULNAR)
    await grant(GULNAR, permissions=frozenset({P.USERS_MANAGE}))
    await refused(
        add(acts.request, viewer, Wanted(DANA, CHOSEN, permissions=frozenset({P.INVOICES_VIEW}))), "permissions"
    )
    await grant(GULNAR, suspended=True)
    with pytest.raises(HTTPException):
        await add(acts.request, viewer, Wanted(DANA, CHOSEN))


async def test_what_is_held_back_above_is_not_given_on(acts: Acts) -> None:
    """Abuse case D01: Gulnar was granted it, but the line leaves nothing of it."""
    above = await acts.join(AIGERIM, ERLAN, *LOOKS, P.USERS_MANAGE)
    await move_to(acts.request, await acts.viewer(AIGERIM), (await seat(GULNAR)).id, above.id)
    assert P.PAYMENTS_VIEW in (await seat(GULNAR)).own.permissions
    viewer = await acts.viewer(GULNAR)
    await refused(
        add(acts.request, viewer, Wanted(DANA, CHOSEN, permissions=frozenset({P.PAYMENTS_VIEW}))), "permissions"
    )
    await grant(ERLAN, contracts=frozenset({await contract("4445/10")}))
    await refused(add(acts.request, viewer, Wanted(DANA, CHOSEN)), "reach")
    await grant(ERLAN, contracts=None, valid_until=date(2026, 12, 31))
    await refused(add(acts.request, viewer, Wanted(DANA, CHOSEN)), "valid_until")


async def test_a_member_is_not_added_twice_and_who_may_know_is_told(acts: Acts) -> None:
    gulnar, viktor = await acts.viewer(GULNAR), await acts.viewer(VIKTOR)
    assert "Irina Belova" in await refused(add(acts.request, gulnar, Wanted(IRINA, CHOSEN)), "email")
    said = await refused(add(acts.request, viktor, Wanted(IRINA, CHOSEN)), "email")
    assert "Irina" not in said
    assert said == await refused(add(acts.request, viktor, Wanted("office1@customer1.example", CHOSEN)), "email")


@pytest.mark.parametrize("email", ["nobody", "a@b@c", "x" * 300 + "@b.example", "a@b.example\nc", "", "a b@c.example"])
async def test_an_address_that_is_none_is_refused(acts: Acts, email: str) -> None:
    viewer = await acts.viewer(GULNAR)
    await refused(add(acts.request, viewer, Wanted(email, CHOSEN)), "email")


async def test_a_known_and_an_unknown_login_look_alike_to_who_invites(acts: Acts) -> None:
    """The same rows, but for what the receiver reads; nothing of the login is looked up or changed (abuse case D03)."""
    known = (await Membership.get(account__number=MARAT, owner=True).select_related("user")).email
    before = (await User.get(email=known)).password_hash
    one, other = await acts.add(GULNAR), await acts.add(GULNAR, known)
    assert (one.user_id, one.own, one.standing) == (other.user_id, other.own, other.standing)
    links = {each.email: each for each in await Link.filter(purpose="invitation")}
    assert links[DANA].expires_at - links[DANA].created_at == links[known].expires_at - links[known].created_at
    assert "password_hash" not in (links[known].data or {}), "what was chosen for a known login is dropped"
    assert (await User.get(email=known)).password_hash == before
    rows = [(each.act, sorted(each.after or {})) for each in await JournalRow.filter(act="user.added")]
    assert rows[0] == rows[1]


async def test_the_journal_says_who_added_whom_with_what(acts: Acts) -> None:
    await acts.add(
        GULNAR,
        DANA,
        *LOOKS,
        contracts=frozenset({await contract("4445/10")}),
        valid_until=date(2026, 12, 31),
        first_name="Dana",
    )
    row = await JournalRow.get(act="user.added")
    assert (row.actor, row.target, row.address) == (GULNAR, DANA, "192.0.2.7")
    assert row.after == {
        "email": DANA,
        "first_name": "Dana",
        "permissions": ["contracts.view", "invoices.view"],
        "contracts": ["4445/10"],
        "valid_until": "2026-12-31",
    }


async def test_another_account_is_out_of_this(acts: Acts) -> None:
    made = await acts.add(MARAT)
    assert made.account_id != (await seat(SAULE)).account_id
