"""Places in the tree: how a membership comes to be, gets another grant, and moves. Nobody else writes these columns.

Each keeps lines and standings right, in the caller's transaction, which holds the tree's lock. None asks whether it
may be done: that is for who calls.
"""

from __future__ import annotations

from typing import Any

from components.data import clock
from components.data.database import execute
from users.hierarchy.models import Membership, MembershipContract
from users.hierarchy.standing import refresh
from users.hierarchy.tree import Member, children, member
from users.permissions.permission import stored
from users.permissions.rights import EVERYTHING, Rights

LONGEST = 400  # letters a search looks at
CALLED = ("email", "first_name", "last_name", "position")


async def enter(
    account_id: int,
    email: str,
    rights: Rights,
    *,
    user_id: int | None = None,
    parent: Member | None = None,
    owner: bool = False,
    names: tuple[str, str] = ("", ""),
    position: str = "",
    added_by_id: int | None = None,
) -> Member:
    """Stores a member under ``parent`` (None: under the root) with their line and standing, in the caller's
    transaction.
    """
    under = parent if parent and not parent.owner else None
    made = await Membership.create(
        account_id=account_id,
        user_id=user_id,
        parent_id=under.id if under else None,
        added_by_id=added_by_id,
        email=email,
        first_name=names[0],
        last_name=names[1],
        owner=owner,
        position=position,
        words=words(email, *names, position),
        created_at=clock.now(),
        **columns(Rights() if owner else rights),
    )
    line = f"{under.line if under else ''}{made.id}."
    await Membership.filter(id=made.id).update(line=line)
    await choose(made.id, None if owner else rights.contracts)
    await refresh(account_id, line)
    entered = await member(made.id)
    if entered is None:
        raise RuntimeError("a membership that was just made is not there")
    return entered


def words(email: str, first_name: str, last_name: str, position: str) -> str:
    """What a search looks at, in small letters."""
    return f"{last_name} {first_name} {email} {position}".lower()[:LONGEST]


async def call(membership_id: int, **changes: str) -> None:
    """What the account calls somebody from now on: email, first_name, last_name, position."""
    one = await Membership.select_for_update().get(id=membership_id)
    said = {name: changes.get(name, getattr(one, name)) for name in CALLED}
    await Membership.filter(id=one.id).update(**said, words=words(**said))


async def regrant(one: Member, rights: Rights) -> None:
    """Another own grant for a member who is no owner; the whole branch below is worked out anew."""
    await Membership.filter(id=one.id).update(**columns(rights))
    if rights.contracts != one.own.contracts:
        await choose(one.id, rights.contracts)
    await refresh(one.account_id, one.line)


async def move(one: Member, parent: Member | None) -> None:
    """Puts a member and their branch under ``parent``; None, or an owner, is the root."""
    under = parent if parent and not parent.owner else None
    line = f"{under.line if under else ''}{one.id}."
    await Membership.filter(id=one.id).update(parent_id=under.id if under else None)
    await execute(
        "UPDATE membership SET line = :line || SUBSTR(line, :rest) "
        "WHERE account_id = :account_id AND line >= :start AND line < :end",
        line=line,
        rest=len(one.line) + 1,
        account_id=one.account_id,
        start=one.line,
        end=one.line[:-1] + "/",
    )
    await refresh(one.account_id, line)


async def make_owner(one: Member) -> None:
    """A member becomes an owner: part of the root, without a grant of their own; who hung under them hangs under the
    root.
    """
    for child in await children(one):
        await move(child, None)
    await move(one, None)
    await Membership.filter(id=one.id).update(owner=True, **columns(Rights()))
    await choose(one.id, None)
    await refresh(one.account_id, f"{one.id}.")


async def make_plain(one: Member) -> None:
    """An owner becomes a member under the root with every permission."""
    await Membership.filter(id=one.id).update(owner=False, **columns(EVERYTHING))
    await refresh(one.account_id, one.line)


def columns(rights: Rights) -> dict[str, Any]:
    """A grant as the columns of ``membership``; the chosen contracts are rows of their own."""
    return {
        "permissions": stored(rights.permissions),
        "reach": "all" if rights.contracts is None else "chosen",
        "suspended": rights.suspended,
        "valid_from": rights.valid_from,
        "valid_until": rights.valid_until,
        "documents_from": rights.documents_from,
        "documents_until": rights.documents_until,
    }


async def choose(membership_id: int, contracts: frozenset[int] | None) -> None:
    """Exactly these contracts are within this grant's reach from now on."""
    await MembershipContract.filter(membership_id=membership_id).delete()
    if contracts:
        await MembershipContract.bulk_create(
            [MembershipContract(membership_id=membership_id, contract_id=each) for each in sorted(contracts)]
        )
