"""Removing somebody: first what it comes to, then the same done at once, to be undone for ten minutes.

Who stands below either goes too (``branch``), or moves up to where the removed one hung (``children``), each with no
more than they effectively had: never an orphan, never a right more. Their sign-ins on this account end, also where the
person has other accounts: nothing of this one stays open in a browser. Invitations that they or those who go have sent
die.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from starlette.requests import Request

from components.data import clock
from components.data.database import execute, fetch, transaction
from components.jobs.queue import enqueue
from components.web.language import N_
from users.hierarchy.acting import acting, below
from users.hierarchy.contracts import contracts_of
from users.hierarchy.inviting import cancel
from users.hierarchy.keeping import kept, rights_kept
from users.hierarchy.models import Removal
from users.hierarchy.placing import move, regrant
from users.hierarchy.recording import described, said
from users.hierarchy.refusing import NotThere, Refused
from users.hierarchy.tree import Member, branch, member
from users.journal.writing import note
from users.permissions.permission import Permission
from users.permissions.rights import Rights
from users.permissions.viewer import Viewer

Way = Literal["branch", "children"]
UNDO = timedelta(minutes=10)
CHOOSE = N_("Choose what becomes of the people below: they move up, or they go too.")
NAMED = 100  # e-mails of those who go with somebody, in the journal's row; the rest are counted


@dataclass(frozen=True, slots=True)
class MovesUp:
    """Somebody directly below who stays: their own grant now, and what it will be."""

    member: Member
    before: Rights
    after: Rights

    @property
    def loses(self) -> frozenset[Permission]:
        return self.before.permissions - self.after.permissions


@dataclass(frozen=True, slots=True)
class Preview:
    """What a removal comes to. ``gone`` begins with who is removed; ``below`` counts everybody under them."""

    way: Way
    gone: tuple[Member, ...]
    moved: tuple[MovesUp, ...]
    below: int
    sign_ins: int
    invitations: int

    @property
    def target(self) -> Member:
        return self.gone[0]


def chosen(way: str) -> Way:
    """One of the two ways; Refused for any other text."""
    if way == "branch":
        return "branch"
    if way == "children":
        return "children"
    raise Refused("way", CHOOSE)


async def preview(viewer: Viewer, membership_id: int, way: str) -> Preview:
    """Who goes, who moves up with which grant, how many sign-ins end and invitations die. Changes nothing."""
    actor = await member(viewer.membership_id)
    if actor is None:
        raise NotThere
    return await _plan(await below(actor, membership_id), chosen(way))


async def remove(request: Request, viewer: Viewer, membership_id: int, way: str) -> Removal:
    """Does what ``preview`` says, at once. The Removal is what ``undoing.undo`` takes until its ``until``."""
    how = chosen(way)
    async with transaction():
        actor = await acting(request, viewer)
        plan = await _plan(await below(actor, membership_id), how)
        how = how if plan.below else "children"  # nobody is below: nobody else goes, whatever was chosen
        numbers = await contracts_of(actor.account_id)
        now = clock.now()
        removal = await Removal.create(
            account_id=actor.account_id,
            removed_by_id=viewer.user_id,
            name=plan.target.name[:254],
            way=how,
            rows=(await kept(await branch(actor.account_id, plan.target.line)))[: len(plan.gone)],
            rights=[
                {"id": each.member.id, "before": rights_kept(each.before), "after": rights_kept(each.after)}
                for each in plan.moved
            ],
            removed_at=now,
            until=now + UNDO,
        )
        await cancel(each.id for each in _uninvited(plan))
        await _move_up(plan)
        await end_sign_ins(plan.target)
        await erase(plan.target)
        facts = said(described(plan.target, numbers)) | ({"way": how} if plan.below else {})
        with_them = [each.email for each in plan.gone[1:]]
        if with_them:
            facts |= {"with": with_them[:NAMED], "count": len(with_them)}
        if plan.moved:
            facts["moved_up"] = [each.member.email for each in plan.moved]
        await note(request, "user.removed", viewer=viewer, target=plan.target.email, before=facts)
        await enqueue("removal.over", after=removal.until, removal_id=removal.id, by=viewer.name)
    return removal


async def erase(top: Member) -> None:
    """Deletes a member and whoever is still below; grants, standings, links and offers go with them."""
    values = {"account_id": top.account_id, "start": top.line, "end": top.line[:-1] + "/"}
    within = "account_id = :account_id AND line >= :start AND line < :end"
    await execute(f"UPDATE membership SET parent_id = NULL WHERE {within}", **values)
    await execute(f"DELETE FROM membership WHERE {within}", **values)


async def _plan(target: Member, way: Way) -> Preview:
    found = await branch(target.account_id, target.line)
    gone = tuple(found) if way == "branch" else (target,)
    moved = tuple(
        MovesUp(each, each.own, each.standing) for each in found if way == "children" and each.parent_id == target.id
    )
    plan = Preview(way, gone, moved, len(found) - 1, await _sign_ins(target, way), 0)
    return replace(plan, invitations=await _invitations(_uninvited(plan)))


async def _sign_ins(target: Member, way: Way) -> int:
    end = target.line[:-1] + "/" if way == "branch" else target.line + "."  # a dot after the dot: the target alone
    (found,) = await fetch(
        "SELECT count(*) AS n FROM session WHERE ended_at IS NULL AND expires_at > :now AND membership_id IN "
        "(SELECT id FROM membership WHERE account_id = :account_id AND line >= :start AND line < :end)",
        now=clock.now(),
        account_id=target.account_id,
        start=target.line,
        end=end,
    )
    return int(found["n"])


async def _invitations(waiting: list[Member]) -> int:
    listed = ", ".join(str(each.id) for each in waiting)
    (found,) = await fetch(
        "SELECT count(*) AS n FROM link WHERE purpose = 'invitation' AND used_at IS NULL AND expires_at > :now "
        f"AND membership_id IN ({listed or 'NULL'})",
        now=clock.now(),
    )
    return int(found["n"])


def _uninvited(plan: Preview) -> list[Member]:
    """Who waits, and goes, or whose inviter goes."""
    return [each for each in (*plan.gone, *(moved.member for moved in plan.moved)) if each.user_id is None]


async def _move_up(plan: Preview) -> None:
    parent = await member(plan.target.parent_id) if plan.target.parent_id else None
    for each in plan.moved:
        if each.after != each.before:
            await regrant(each.member, each.after)
        await move(each.member, parent)


async def end_sign_ins(top: Member) -> None:
    """Those of a member and whoever is still below, on this account."""
    await execute(
        "UPDATE session SET ended_at = :now WHERE ended_at IS NULL AND membership_id IN "
        "(SELECT id FROM membership WHERE account_id = :account_id AND line >= :start AND line < :end)",
        now=clock.now(),
        account_id=top.account_id,
        start=top.line,
        end=top.line[:-1] + "/",
    )
