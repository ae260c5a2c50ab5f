"""Why somebody may or may not: each answer with the link of the chain that decides it.

The chain goes from the owners down to the person. Whoever looks sees it from their own place on: what stands above
them counts as theirs and is not named. An answer is decided, in this order, by the person's own grant, by the topmost
link that lacks it, by not having accepted yet, by a suspension, by days; what is allowed may still be limited by reach.
About themself people are told the same: their own grant, and what all those above leave of it, of whom none is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from users.hierarchy.contracts import contracts_of
from users.hierarchy.refusing import NotThere
from users.hierarchy.tree import Member, line_up, member
from users.permissions.permission import Permission
from users.permissions.permission import Permission as P
from users.permissions.rights import EVERYTHING, Rights, meet
from users.permissions.viewer import Viewer

Reason = Literal["granted", "own", "above", "waiting", "suspended", "not_yet", "over", "reach"]
# What names a contract: without one within reach there is nothing to see.
WITHIN_REACH = frozenset(
    {
        P.CONTRACTS_VIEW,
        P.DNS_EDIT,
        P.DNS_VIEW,
        P.INVOICES_VIEW,
        P.READINGS_SUBMIT,
        P.SERVICES_DISCONNECT,
        P.SERVICES_VIEW,
        P.USAGE_REQUEST,
        P.USAGE_VIEW,
    }
)


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain. ``who``: the owners together, whoever looks, a member in between, the person.

    ``above``: all who stand above somebody that asks about themself.
    """

    who: Literal["owners", "above", "you", "member", "person"]
    id: int | None
    name: str
    rights: Rights


@dataclass(frozen=True, slots=True)
class Decision:
    """``allowed`` is what the cabinet does today; ``link`` is where that is decided."""

    permission: Permission
    allowed: bool
    reason: Reason
    link: Link
    day: date | None = None  # of not_yet and over


@dataclass(frozen=True, slots=True)
class ContractDecision:
    number: str
    reached: bool
    link: Link


@dataclass(frozen=True, slots=True)
class Bound:
    """A day that limits, and the link that sets it; the narrowest of the chain."""

    day: date
    link: Link


@dataclass(frozen=True, slots=True)
class Why:
    """``shut`` is why nothing at all is allowed today, if so. ``contracts`` are those the viewer reaches.

    ``all_contracts``: also those to come; ``reach`` is the link that narrows them, None where all are reached.
    """

    member: Member
    chain: tuple[Link, ...]
    shut: Decision | None
    decisions: tuple[Decision, ...]
    all_contracts: bool
    reach: Link | None
    contracts: tuple[ContractDecision, ...]
    valid_from: Bound | None
    valid_until: Bound | None
    documents_from: Bound | None
    documents_until: Bound | None

    def decision(self, permission: Permission) -> Decision:
        return next(each for each in self.decisions if each.permission == permission)


async def why(viewer: Viewer, membership_id: int, today: date) -> Why:
    """About somebody below the viewer, or about themself who is no owner; NotThere for anybody else."""
    actor, found = await member(viewer.membership_id), await member(membership_id)
    if actor is None or found is None or found.owner or not (actor.above(found) or actor.id == found.id):
        raise NotThere
    line = await line_up(found)
    chain = _own_chain(line) if actor.id == found.id else _chain(actor, line)
    numbers = await contracts_of(found.account_id)
    mine = actor.standing.contracts
    return explained(found, chain, today, {id: number for id, number in numbers.items() if mine is None or id in mine})


def explained(found: Member, chain: tuple[Link, ...], today: date, numbers: dict[int, str]) -> Why:
    """The answers, out of the chain alone; ``numbers`` are the contracts that the viewer reaches."""
    shut = _shut(found, chain, today)
    nowhere = _common(chain) == frozenset()
    reach = next((each for each in chain if each.rights.contracts is not None), None)
    return Why(
        member=found,
        chain=chain,
        shut=shut,
        decisions=tuple(_decision(each, chain, shut, reach if nowhere else None) for each in Permission),
        all_contracts=reach is None,
        reach=reach,
        contracts=tuple(
            _contract(id, number, chain) for id, number in sorted(numbers.items(), key=lambda pair: pair[1])
        ),
        valid_from=_bound(chain, "valid_from", latest=True),
        valid_until=_bound(chain, "valid_until", latest=False),
        documents_from=_bound(chain, "documents_from", latest=True),
        documents_until=_bound(chain, "documents_until", latest=False),
    )


def _chain(actor: Member, line: list[Member]) -> tuple[Link, ...]:
    """From the viewer's place down; what the viewer comes to stands for everything above."""
    below = [each for each in line if each.id != actor.id and (actor.owner or each.line.startswith(actor.line))]
    links = [Link("person" if each is below[-1] else "member", each.id, each.name, each.own) for each in below]
    top = Link("owners", None, "", EVERYTHING) if actor.owner else Link("you", actor.id, actor.name, actor.standing)
    return (top, *links)


def _own_chain(line: list[Member]) -> tuple[Link, ...]:
    """Who asks about themself, under all those above as one."""
    above = EVERYTHING
    for each in line[:-1]:
        above = meet(above, each.own)
    own = line[-1]
    return Link("above", None, "", above), Link("person", own.id, own.name, own.own)


def _decision(permission: Permission, chain: tuple[Link, ...], shut: Decision | None, nowhere: Link | None) -> Decision:
    own = chain[-1]
    if permission not in own.rights.permissions:
        return Decision(permission, False, "own", own)
    lacking = next((each for each in chain if permission not in each.rights.permissions), None)
    if lacking is not None:
        return Decision(permission, False, "above", lacking)
    if shut is not None:
        return Decision(permission, False, shut.reason, shut.link, shut.day)
    if nowhere is not None and permission in WITHIN_REACH:
        return Decision(permission, True, "reach", nowhere)
    return Decision(permission, True, "granted", own)


def _shut(found: Member, chain: tuple[Link, ...], today: date) -> Decision | None:
    """Why the person gets nowhere today: waiting, then the topmost suspension, then days. About no permission."""
    any_permission = P.USERS_MANAGE
    if found.user_id is None:
        return Decision(any_permission, False, "waiting", chain[-1])
    for link in chain:
        if link.rights.suspended:
            return Decision(any_permission, False, "suspended", link)
    for link in chain:
        if link.rights.valid_from and today < link.rights.valid_from:
            return Decision(any_permission, False, "not_yet", link, link.rights.valid_from)
        if link.rights.valid_until and today > link.rights.valid_until:
            return Decision(any_permission, False, "over", link, link.rights.valid_until)
    return None


def _contract(contract_id: int, number: str, chain: tuple[Link, ...]) -> ContractDecision:
    own = chain[-1]
    lacking = [each for each in chain if each.rights.contracts is not None and contract_id not in each.rights.contracts]
    if not lacking:
        return ContractDecision(number, True, own)
    return ContractDecision(number, False, own if own in lacking else lacking[0])


def _common(chain: tuple[Link, ...]) -> frozenset[int] | None:
    left = EVERYTHING
    for each in chain:
        left = meet(left, each.rights)
    return left.contracts


def _bound(chain: tuple[Link, ...], name: str, *, latest: bool) -> Bound | None:
    """The narrowest day of the chain; of equal ones the topmost decides."""
    found: Bound | None = None
    for link in chain:
        day: date | None = getattr(link.rights, name)
        if day is not None and (found is None or (day > found.day if latest else day < found.day)):
            found = Bound(day, link)
    return found
