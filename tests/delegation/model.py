"""The rules of delegation, written a second time, in plain dicts and sets, and nothing taken from the product.

The product stores with every change what a whole line of grants comes to. Here nothing is worked out before it is
asked for: each question climbs the parents at that moment. Where the two ways agree after every act, both are right
or both were misread; the rules are in the design ("Delegation").

An act that may not be done raises ``No`` with every reason there is, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any

MANAGE = "users.manage"
RESOURCES = {
    "account": ("edit",),
    "balance": ("auto_top_up", "top_up", "view"),
    "cards": ("manage",),
    "claims": ("file",),
    "contracts": ("view",),
    "dns": ("edit", "view"),
    "invoices": ("view",),
    "journal": ("view",),
    "payments": ("view",),
    "readings": ("submit",),
    "requests": ("approve",),
    "services": ("disconnect", "order", "view"),
    "usage": ("request", "view"),
    "users": ("manage",),
}
PERMISSIONS = frozenset(f"{resource}.{action}" for resource, actions in RESOURCES.items() for action in actions)
VIEWER = {name for name in PERMISSIONS if name.endswith(".view")} - {"journal.view"}
ROLES = {
    "manager": PERMISSIONS - {MANAGE},
    "finance": {name for name in PERMISSIONS if name.partition(".")[0] in {"balance", "cards"}}
    | {"contracts.view", "invoices.view", "payments.view"},
    "technician": {name for name in PERMISSIONS if name.partition(".")[0] in {"dns", "services", "usage"}}
    | {"contracts.view", "readings.submit"},
    "viewer": VIEWER,
}
BOUNDS = ("valid_from", "valid_until", "documents_from", "documents_until")
INVITED_FOR = timedelta(days=7)
OFFERED_FOR = timedelta(days=7)
UNDO_FOR = timedelta(minutes=10)

# Why not: 403, 404 or 422.
LOST = "the actor may not act any more"
NOT_THERE = "nobody there for this actor"
REFUSED = "there, but not so"


class No(Exception):
    """The act is refused; ``reasons`` holds all that apply, since nobody promises which is looked for first."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = set(reasons)


class Model:
    """One account. Members are known by labels: ``m1`` is the first owner.

    A wish is a dict: ``email``, ``permissions`` (a set), ``contracts`` (a set, None for all), the four days, and
    perhaps ``role``: that role's permissions then, and of the others only "may add users" counts."""

    def __init__(self, now: datetime, owner: str, contracts: set[str]) -> None:
        self.now = now  # where the operator is
        self.logins = {owner}  # e-mails that sign in already, here or elsewhere
        self.contracts = frozenset(contracts)
        self.members: dict[str, dict[str, Any]] = {}
        self.links: dict[str, dict[str, Any]] = {}  # live and dead ones, by token
        self.removals: dict[str, dict[str, Any]] = {}
        self.offers: dict[tuple[str, str], dict[str, Any]] = {}
        self.count = 0
        self._put(self._empty(owner, owner=True, person=owner))

    # What somebody may: each climbs the line at the moment it is asked.

    def line(self, label: str) -> Iterator[dict[str, Any]]:
        """The member and everybody above, upwards."""
        at: str | None = label
        while at is not None:
            yield self.members[at]
            at = self.members[at]["parent"]

    def holds(self, label: str, permission: str) -> bool:
        return all(each["owner"] or permission in each["permissions"] for each in self.line(label))

    def reaches(self, label: str, contract: str) -> bool:
        return all(each["contracts"] is None or contract in each["contracts"] for each in self.line(label))

    def reaches_all(self, label: str) -> bool:
        """Also the contracts to come."""
        return all(each["contracts"] is None for each in self.line(label))

    def sees(self, label: str, day: date) -> bool:
        """Documents of this day."""
        return all(_inside(day, each["documents_from"], each["documents_until"]) for each in self.line(label))

    def is_open(self, label: str, day: date | None = None) -> bool:
        today = day or self.now.date()
        return all(
            not each["suspended"] and _inside(today, each["valid_from"], each["valid_until"])
            for each in self.line(label)
        )

    def present(self, label: str) -> bool:
        """Has accepted, and the whole line is open today."""
        return label in self.members and self.members[label]["person"] is not None and self.is_open(label)

    def may(self, label: str, permission: str, contract: str, day: date) -> bool:
        """One cell of the decision matrix."""
        return (
            self.present(label)
            and self.holds(label, permission)
            and self.reaches(label, contract)
            and self.sees(label, day)
        )

    def may_act(self, actor: str, target: str) -> bool:
        return self.present(actor) and self.holds(actor, MANAGE) and self.above(actor, target)

    def above(self, actor: str, target: str) -> bool:
        """Strictly: never oneself, never sideways or up. All owners stand above all who are none."""
        if actor == target or self.members[target]["owner"]:
            return False
        upwards = list(self.line(target))[1:]
        return self.members[actor]["owner"] or any(each is self.members[actor] for each in upwards)

    def below(self, label: str) -> list[str]:
        """The branch: this member and everybody whose line passes here, parents first."""
        found = [label]
        for each in found:
            found += [other for other, facts in self.members.items() if facts["parent"] == each]
        return found

    def owners(self) -> list[str]:
        return [label for label, facts in self.members.items() if facts["owner"]]

    # People come.

    def add(self, actor: str, wish: dict[str, Any], token: str) -> str:
        """A membership that waits for its acceptance, under the actor; an owner's stands under the root."""
        reasons = self._actor(actor)
        if actor in self.members:
            reasons |= self._beyond(actor, wish, None)
        if self._taken(wish["email"]):
            reasons.add(REFUSED)
        _stop(reasons)
        facts = self._empty(wish["email"], parent=None if self.members[actor]["owner"] else actor)
        label = self._put(facts | _grant(wish))
        self._invite(label, token, actor)
        return label

    def send_again(self, actor: str, target: str, token: str) -> None:
        reasons = self._pair(actor, target)
        if target in self.members and self.members[target]["person"] is not None:
            reasons |= {NOT_THERE, REFUSED}
        _stop(reasons)
        self._invite(target, token, actor)

    def accept(self, token: str, person: str | None) -> str:
        """``person``: who is signed in, if anybody. The link is enough for a new e-mail, a known one signs in first;
        whoever is signed in as somebody else signs out.
        """
        link = self.links.get(token)
        if link is None or not link["live"] or self.now >= link["ends"] or link["member"] not in self.members:
            raise No(NOT_THERE)
        label = link["member"]
        facts = self.members[label]
        if (link["email"] in self.logins or person is not None) and person != link["email"]:
            raise No(NOT_THERE, REFUSED)
        if facts["person"] is not None or not self._vouched(label) or self._over(label):
            raise No(NOT_THERE, REFUSED)
        above = facts["parent"]
        if above is not None:
            self._clip(facts, above)
        facts["person"] = link["email"]
        self.logins.add(link["email"])
        link["live"] = False
        return label

    def _vouched(self, label: str) -> bool:
        """Whether those who invited are still there, open, and may still add users."""
        above = self.members[label]["parent"]
        if above is None:
            return any(self.present(each) for each in self.owners())
        return self.present(above) and self.holds(above, MANAGE)

    def _over(self, label: str) -> bool:
        """A place that is suspended, or whose days are gone, is not taken; one that has not begun is."""
        today = self.now.date()
        return any(
            each["suspended"] or (each["valid_until"] is not None and each["valid_until"] < today)
            for each in self.line(label)
        )

    # Grants change.

    def edit(self, actor: str, target: str, wish: dict[str, Any], token: str | None = None) -> None:
        """``token``: of the letter that goes out when a waiting one's e-mail is another now."""
        reasons = self._pair(actor, target)
        if actor in self.members and target in self.members:
            facts = self.members[target]
            reasons |= self._beyond(actor, wish, facts)
            if wish["email"] != facts["email"] and (facts["person"] is not None or self._taken(wish["email"])):
                reasons.add(REFUSED)
        _stop(reasons)
        kept = {each for each in facts["permissions"] if not self.holds(actor, each)}
        grant = _grant(wish)
        grant["permissions"] = {each for each in wished(wish) if self.holds(actor, each)} | kept
        grant["contracts"] = self._contracts_after(actor, wish["contracts"], facts["contracts"])
        facts.update(grant)
        if wish["email"] != facts["email"]:
            facts["email"] = wish["email"]
            self._invite(target, token or "", actor)

    def _contracts_after(self, actor: str, wished: Any, had: Any) -> set[str] | None:
        if wished is None or self.reaches_all(actor):
            return None if wished is None else set(wished)
        kept = {each for each in (had or ()) if not self.reaches(actor, each)}
        return {each for each in wished if self.reaches(actor, each)} | kept

    def suspend(self, actor: str, target: str, suspended: bool) -> None:
        _stop(self._pair(actor, target))
        self.members[target]["suspended"] = suspended

    # Places change.

    def move(self, actor: str, target: str, parent: str | None) -> None:
        """Under ``parent``, None or an owner being the root; the grants stay as they were stored."""
        _stop(self._pair(actor, target))
        if parent is None or (parent in self.members and self.members[parent]["owner"]):
            fine, to = self.members[actor]["owner"], None
        else:
            mine = parent in self.members and (parent == actor or self.above(actor, parent))
            fine, to = mine and parent not in self.below(target), parent
        if not fine:
            raise No(NOT_THERE, REFUSED)
        self.members[target]["parent"] = to

    def remove(self, actor: str, target: str, way: str, removal: str) -> None:
        """``branch``: everybody below goes too. ``children``: they move up and keep what they had."""
        _stop(self._pair(actor, target))
        gone = self.below(target) if way == "branch" else [target]
        children = [] if way == "branch" else [each for each in self.below(target)[1:] if self._under(each, target)]
        kept = {each: deepcopy(self.members[each]) for each in gone}
        clipped = {}
        for child in children:
            facts, before = self.members[child], _grant_of(self.members[child])
            self._clip(facts, target)
            facts["suspended"] = any(each["suspended"] for each in self.line(child))
            clipped[child] = (before, _grant_of(facts))
        for child in children:
            self.members[child]["parent"] = self.members[target]["parent"]
            if self.members[child]["person"] is None:
                self._end_links(child)
        for each in gone:
            self._end_links(each)
            del self.members[each]
            self.offers = {pair: offer for pair, offer in self.offers.items() if each not in pair}
        self.removals[removal] = {
            "top": target,
            "members": kept,
            "clipped": clipped,
            "ends": self.now + UNDO_FOR,
            "by": self.members[actor]["person"],
        }

    def undo(self, actor: str, removal: str) -> None:
        """Places and rights come back; links do not."""
        reasons = self._actor(actor)
        found = self.removals.get(removal)
        if found is None or self.now >= found["ends"]:
            raise No(NOT_THERE, REFUSED, *reasons)
        parent = found["members"][found["top"]]["parent"]
        if parent in self.members and self.members[parent]["owner"]:
            parent = None
        if actor in self.members and not self._may_undo(actor, found["by"], parent):
            reasons.add(NOT_THERE)
        if parent is not None and parent not in self.members:
            reasons |= {NOT_THERE, REFUSED}
        if any(self._taken(facts["email"]) for facts in found["members"].values()):
            reasons.add(REFUSED)
        _stop(reasons)
        del self.removals[removal]
        self.members |= found["members"]
        self.members[found["top"]]["parent"] = parent
        for child, (before, after) in found["clipped"].items():
            facts = self.members.get(child)
            if facts is not None and not facts["owner"] and facts["parent"] == parent:
                facts["parent"] = found["top"]
                if _grant_of(facts) == after:
                    facts.update(before)

    def _may_undo(self, actor: str, by: str, parent: str | None) -> bool:
        """Who removed them, while the place is still theirs to fill; or an owner."""
        if self.members[actor]["owner"]:
            return True
        mine = parent in self.members and (parent == actor or self.above(actor, parent))
        return mine and self.members[actor]["person"] == by

    # Owners.

    def offer(self, owner: str, receiver: str, kind: str) -> None:
        """``second``: beside the giver. ``instead``: in the giver's place."""
        reasons = set() if self._owns(owner) else {LOST, NOT_THERE}
        if receiver not in self.members or owner not in self.members or not self.above(owner, receiver):
            reasons.add(NOT_THERE)
        elif not self.present(receiver):
            reasons.add(REFUSED)
        _stop(reasons)
        self.offers[owner, receiver] = {"kind": kind, "ends": self.now + OFFERED_FOR}

    def withdraw(self, who: str, owner: str, receiver: str) -> None:
        """The giver takes it back, or the receiver declines it."""
        live = (owner, receiver) in self.offers and self.now < self.offers[owner, receiver]["ends"]
        if not self.present(who) or who not in (owner, receiver) or not live:
            raise No(LOST, NOT_THERE)
        del self.offers[owner, receiver]

    def take_offer(self, owner: str, receiver: str, who: str | None = None) -> None:
        """``who``: who tries, the receiver unless another is named."""
        offer = self.offers.get((owner, receiver))
        if who not in (None, receiver):
            raise No(LOST, NOT_THERE)
        if offer is None or self.now >= offer["ends"] or not self._owns(owner) or not self.present(receiver):
            raise No(LOST, NOT_THERE, REFUSED)
        facts = self.members[receiver]
        for label in self.members:
            if self._under(label, receiver):
                self.members[label]["parent"] = None
        self.members[receiver] = self._empty(facts["email"], owner=True, person=facts["person"])
        if offer["kind"] == "instead":
            self._becomes_plain(owner)
        self.offers = {pair: each for pair, each in self.offers.items() if receiver not in pair}

    def step_down(self, owner: str) -> None:
        if not self._owns(owner):
            raise No(LOST, NOT_THERE, REFUSED)
        if len(self.owners()) == 1:
            raise No(REFUSED)
        self._becomes_plain(owner)

    def operator_removes(self, owner: str, *, force: bool = False) -> None:
        if not self._owns(owner) or (len(self.owners()) == 1 and not force):
            raise No(REFUSED)
        self._end_invitations_of(owner)
        self.offers = {pair: each for pair, each in self.offers.items() if owner not in pair}
        del self.members[owner]

    def _owns(self, label: str) -> bool:
        return label in self.members and self.members[label]["owner"] and self.present(label)

    def _becomes_plain(self, owner: str) -> None:
        """A member under the root with every permission."""
        self._end_invitations_of(owner)
        facts = self.members[owner]
        self.members[owner] = self._empty(facts["email"], person=facts["person"]) | {"permissions": set(PERMISSIONS)}
        self.offers = {pair: each for pair, each in self.offers.items() if pair[0] != owner}

    def _end_invitations_of(self, owner: str) -> None:
        """The letters they sent themselves, to the root, which they are part of no more."""
        for link in self.links.values():
            facts = self.members.get(link["member"])
            mine = link["by"] == self.members[owner]["person"]
            if mine and facts and facts["parent"] is None and facts["person"] is None:
                link["live"] = False

    # What the acts above share.

    def _actor(self, actor: str) -> set[str]:
        """Why this one may change nobody at all."""
        return set() if self.present(actor) and self.holds(actor, MANAGE) else {LOST, NOT_THERE}

    def _pair(self, actor: str, target: str) -> set[str]:
        """Why this actor may not act on this target."""
        reasons = self._actor(actor)
        if actor not in self.members or target not in self.members or not self.above(actor, target):
            reasons.add(NOT_THERE)
        return reasons

    def _beyond(self, actor: str, wish: dict[str, Any], had: dict[str, Any] | None) -> set[str]:
        """Whether the wish gives what the actor lacks and the target had not. Unchanged is not given."""
        given = wished(wish) - (had["permissions"] if had else set())
        if any(not self.holds(actor, each) for each in given) or not given <= PERMISSIONS:
            return {REFUSED}
        if wish["contracts"] is None:
            if not self.reaches_all(actor) and (had is None or had["contracts"] is not None):
                return {REFUSED}
        else:
            known = (had["contracts"] or set()) if had else set()
            if any(not self.reaches(actor, each) or each not in self.contracts for each in wish["contracts"] - known):
                return {REFUSED}
        for name in BOUNDS:
            if (had is None or wish[name] != had[name]) and any(
                _wider(name, wish[name], each[name]) for each in self.line(actor)
            ):
                return {REFUSED}
        for first, last in (BOUNDS[:2], BOUNDS[2:]):
            if wish[first] and wish[last] and wish[first] > wish[last]:
                return {REFUSED}
        until = wish["valid_until"]
        if until and until < self.now.date() and (had is None or until != had["valid_until"]):
            return {REFUSED}
        return set()

    def _clip(self, facts: dict[str, Any], above: str) -> None:
        """Cuts a stored grant to what ``above`` has at this moment."""
        facts["permissions"] = {each for each in facts["permissions"] if self.holds(above, each)}
        if facts["contracts"] is not None or not self.reaches_all(above):
            wished = self.contracts if facts["contracts"] is None else facts["contracts"]
            facts["contracts"] = {each for each in wished if self.reaches(above, each)}
        for name in BOUNDS:
            for each in self.line(above):
                if _wider(name, facts[name], each[name]):
                    facts[name] = each[name]

    def _invite(self, label: str, token: str, actor: str) -> None:
        self._end_links(label)
        self.links[token] = {
            "member": label,
            "by": self.members[actor]["person"],
            "email": self.members[label]["email"],
            "ends": self.now + INVITED_FOR,
            "live": True,
        }

    def _end_links(self, label: str) -> None:
        for link in self.links.values():
            if link["member"] == label:
                link["live"] = False

    def _taken(self, email: str) -> bool:
        return any(email in (each["email"], each["person"]) for each in self.members.values())

    def _under(self, label: str, parent: str) -> bool:
        return bool(self.members[label]["parent"] == parent)

    def _put(self, facts: dict[str, Any]) -> str:
        self.count += 1
        self.members[f"m{self.count}"] = facts
        return f"m{self.count}"

    @staticmethod
    def _empty(
        email: str, *, owner: bool = False, person: str | None = None, parent: str | None = None
    ) -> dict[str, Any]:
        return {
            "email": email,
            "person": person,
            "owner": owner,
            "parent": parent,
            "permissions": set(),
            "contracts": None,
            "suspended": False,
            **dict.fromkeys(BOUNDS),
        }


def wished(wish: dict[str, Any]) -> set[str]:
    role = wish.get("role")
    return set(ROLES[role]) | (wish["permissions"] & {MANAGE}) if role else set(wish["permissions"])


def _inside(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or day >= first) and (last is None or day <= last)


def _wider(name: str, wished: date | None, limit: date | None) -> bool:
    """Whether a bound lets more through than another."""
    if limit is None:
        return False
    return wished is None or (wished < limit if name.endswith("from") else wished > limit)


def _grant(wish: dict[str, Any]) -> dict[str, Any]:
    return {
        "permissions": wished(wish),
        "contracts": None if wish["contracts"] is None else set(wish["contracts"]),
        **{name: wish[name] for name in BOUNDS},
    }


def _grant_of(facts: dict[str, Any]) -> dict[str, Any]:
    """A copy of what is granted here."""
    return deepcopy({name: facts[name] for name in ("permissions", "contracts", "suspended", *BOUNDS)})


def _stop(reasons: set[str]) -> None:
    if reasons:
        raise No(*reasons)
