"""Thirteen ways in which delegation has gone wrong elsewhere, planted in the product one at a time. In tests only."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

import pytest

from users.hierarchy import accepting, adding, dismissing, editing, moving, owning, placing, removing, standing
from users.hierarchy.tree import Member, member
from users.links import links
from users.links.models import Link
from users.permissions.permission import ALL, Permission
from users.permissions.rights import Rights
from users.permissions.roles import ROLES
from users.sessions.tokens import hashed

Patch = pytest.MonkeyPatch


def no_containment_on_create(patch: Patch) -> None:
    patch.setattr(adding, "granted", lambda wanted, *others: wanted)


def no_containment_on_edit(patch: Patch) -> None:
    def granted(wanted: Rights, giver: Rights, today: Any, known: Any, before: Rights) -> Rights:
        return replace(wanted, suspended=before.suspended)

    patch.setattr(editing, "granted", granted)


def no_containment_on_invite(patch: Patch) -> None:
    """What was written into the invitation counts, whatever the inviter has by then."""
    patch.setattr(accepting, "meet", lambda above, own: own)


def no_containment_on_preset(patch: Patch) -> None:
    """A role is taken as it is."""
    usual = adding.granted

    def granted(wanted: Rights, giver: Rights, *others: Any) -> Rights:
        preset = wanted.permissions - {Permission.USERS_MANAGE} in ROLES.values()
        return usual(wanted, replace(giver, permissions=ALL) if preset else giver, *others)

    patch.setattr(adding, "granted", granted)
    patch.setattr(editing, "granted", granted)


def stale_invitation(patch: Patch) -> None:
    """A link opens after its end."""

    async def find(purpose: str, token: str) -> Link | None:
        return await Link.get_or_none(purpose=purpose, token_hash=hashed(token))

    async def use(link: Link) -> bool:
        return True

    patch.setattr(links, "find", find)
    patch.setattr(links, "use", use)


def stale_inviter(patch: Patch) -> None:
    """The same mistake in its other form: who invited is not asked about again."""
    patch.setattr(accepting, "_may_invite", lambda inviter, request: True)


def self_edit(patch: Patch) -> None:
    _also(patch, lambda actor, found: found.id == actor.id)


def sideways_edit(patch: Patch) -> None:
    _also(patch, lambda actor, found: found.parent_id == actor.parent_id and found.id != actor.id and not found.owner)


def _also(patch: Patch, reached: Callable[[Member, Member], bool]) -> None:
    usual = editing.below

    async def below(actor: Member, membership_id: int) -> Member:
        found = await member(membership_id)
        if found and found.account_id == actor.account_id and reached(actor, found):
            return found
        return await usual(actor, membership_id)

    patch.setattr(editing, "below", below)


def client_set_parent(patch: Patch) -> None:
    """``parent_id`` of the request is where a new person hangs."""
    sent: ContextVar[str] = ContextVar("sent", default="")
    add, enter = adding.add, adding.enter

    async def adds(request: Any, *others: Any) -> Member:
        sent.set(request.query_params.get("parent_id", ""))
        return await add(request, *others)

    async def enters(*others: Any, parent: Member | None = None, **facts: Any) -> Member:
        chosen = await member(int(sent.get())) if sent.get() else None
        return await enter(*others, parent=chosen or parent, **facts)

    patch.setattr(adding, "add", adds)
    patch.setattr(adding, "enter", enters)


def move_into_own_subtree(patch: Patch) -> None:
    place, move = moving._place, moving.move

    async def somewhere(actor: Member, parent_id: int | None) -> Member | None:
        found = await place(actor, parent_id)
        return replace(found, line="nowhere") if found else None

    async def moves(one: Member, parent: Member | None) -> None:
        await move(one, await member(parent.id) if parent else None)

    patch.setattr(moving, "_place", somewhere)
    patch.setattr(moving, "move", moves)


def suspended_parents_child_goes_on(patch: Patch) -> None:
    usual = standing.meet
    patch.setattr(standing, "meet", lambda above, own: replace(usual(above, own), suspended=own.suspended))


def orphan_on_removal(patch: Patch) -> None:
    """Who moves up hangs under nobody."""
    usual = removing.move

    async def move(one: Member, parent: Member | None) -> None:
        await usual(one, None)

    patch.setattr(removing, "move", move)


def last_owner_removed(patch: Patch) -> None:
    async def others(one: Member) -> int:
        return 1

    patch.setattr(owning, "other_owners", others)
    patch.setattr(dismissing, "other_owners", others)


def rights_kept_after_an_ancestors_are_cut(patch: Patch) -> None:
    """Another grant is worked out for its own member alone."""
    usual = standing.branch

    async def regranted(account_id: int, line: str) -> None:
        with pytest.MonkeyPatch.context() as within:

            async def alone(*which: Any) -> list[Member]:
                return (await usual(*which))[:1]

            within.setattr(standing, "branch", alone)
            await standing.refresh(account_id, line)

    patch.setattr(placing, "refresh", regranted)


MISTAKES: dict[str, Callable[[Patch], None]] = {
    "no containment on create": no_containment_on_create,
    "no containment on edit": no_containment_on_edit,
    "no containment on invite": no_containment_on_invite,
    "no containment on preset": no_containment_on_preset,
    "stale invitation": stale_invitation,
    "stale invitation: its inviter": stale_inviter,
    "self-edit": self_edit,
    "sideways edit": sideways_edit,
    "client-set parent": client_set_parent,
    "move into own subtree": move_into_own_subtree,
    "suspended parent's child goes on": suspended_parents_child_goes_on,
    "orphan on removal": orphan_on_removal,
    "last owner removed": last_owner_removed,
    "rights kept after an ancestor's are cut": rights_kept_after_an_ancestors_are_cut,
}

# The kind of story that shows a mistake soonest, where it is not the chain of invitations.
SOONEST = {
    "no containment on edit": "uniform",
    "sideways edit": "uniform",
    "move into own subtree": "nine",
    "suspended parent's child goes on": "uniform",
    "orphan on removal": "nine",
    "last owner removed": "uniform",
}
