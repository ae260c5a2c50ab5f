"""Random acts on model and product side by side; after each, everything that can be decided is compared.

Three kinds: chains of invitations, acceptances and sign-ins; a ready-made tree nine deep with random acts; and any
act at any time from an account with its owner alone.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from copy import deepcopy
from datetime import date, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.delegation.model import BOUNDS, MANAGE, PERMISSIONS, REFUSED, ROLES, Model, No
from tests.delegation.product import CONTRACTS, PASSWORD, START, Product, Stage

POOL = (
    "balance.top_up",
    "balance.view",
    "contracts.view",
    "dns.edit",
    "invoices.view",
    "journal.view",
    "payments.view",
)
# Unbounded mostly; the first of the last days is over when the story begins.
CHOICES: dict[str, tuple[date | None, ...]] = {
    "valid_from": (None, None, None, None, date(2026, 11, 18), date(2026, 11, 21)),
    "valid_until": (
        None,
        None,
        None,
        None,
        date(2026, 11, 20),
        date(2026, 11, 22),
        date(2026, 12, 31),
        date(2026, 11, 19),
    ),
    "documents_from": (None, None, None, None, date(2025, 1, 1), date(2025, 7, 1)),
    "documents_until": (None, None, None, None, date(2025, 12, 31), date(2025, 6, 30)),
}
# Days on both sides of every bound.
DOCUMENTS = [
    date.fromisoformat(each)
    for each in ("2024-12-31", "2025-01-01", "2025-06-30", "2025-07-01", "2025-12-31", "2026-01-01")
]
DAYS = [date(2026, 11, 17) + timedelta(days=each) for each in range(7)] + [date(2026, 12, 31), date(2027, 1, 1)]
DEPTH = 9
_numbers = count(1)


class Machine(RuleBasedStateMachine):
    """What all kinds share. ``trail`` is what was done, for who reads a failure."""

    stage: Stage
    result: Any  # counts examples and acts
    kind: Callable[[Stage], Product] = Product

    def __init__(self) -> None:
        super().__init__()
        self.stage.now = START
        self.count = 0
        self.wild = ""
        self.trail: list[str] = []
        self.product = type(self).kind(self.stage)
        prefix = f"e{next(_numbers)}"
        self.emails = [f"{name}@{prefix}.example" for name in ("anna", "dias", "irina", "timur", "viktor", "zere")]
        self.owner, self.known = f"owner@{prefix}.example", f"known@{prefix}.example"

    def start(self) -> None:
        self.model = Model(START, self.owner, set(CONTRACTS))
        self.model.logins.add(self.known)
        self.does(self.product.begin(self.owner, [self.known]))

    def teardown(self) -> None:
        self.does(self.product.end())
        if not self.result.failure:
            self.result.examples += 1

    def does(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.stage.run(work)

    def new(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    # Each act is asked of both, and both answer alike.

    def act(self, what: str, expected: Callable[[], Any], work: Callable[[], Coroutine[Any, Any, str | None]]) -> bool:
        """Does it on both sides; whether it was done. What was meant to be right and is not is not asked."""
        before = deepcopy((self.model.members, self.model.links, self.model.offers))
        reasons: set[str] = set()
        try:
            expected()
        except No as no:
            reasons = no.reasons
        changed = before != (self.model.members, self.model.links, self.model.offers)
        assert not (reasons and changed), "the model refuses and changes"
        if reasons and not self.wild:
            return False
        got = self.does(self.both(what, reasons, changed, work))
        return got is None

    async def both(self, what: str, reasons: set[str], changed: bool, work: Callable[[], Any]) -> str | None:
        _, rows = await self.product.counted()
        got: str | None = await work()
        self.trail.append(f"{what} → {got or 'done'}")
        self.result.acts += 1
        self.result.refused += got is not None
        if reasons:
            assert got in reasons, self.told(f"the model refuses: {sorted(reasons)}; the product: {got or 'done'}")
        else:
            assert got is None, self.told(f"the model allows it, the product refuses: {got}")
        _, after = await self.product.counted()
        if not (reasons and self.product.through_pages):  # who asks for what is beyond them leaves a trace there
            least, most = (1, 1) if changed else (0, 0) if reasons else (0, 1)
            assert least <= after - rows <= most, self.told(f"{after - rows} rows of the journal")
        await self.compare(everything=changed)
        return got

    def told(self, what: str) -> str:
        return "\n".join([what, *self.trail[-30:], f"members: {self.model.members}", f"ids: {self.product.ids}"])

    async def compare(self, *, everything: bool = True) -> None:
        """The tree as it is stored and what it comes to; the whole decision matrix as people get it."""
        model, product = self.model, self.product
        found = await product.standing([each for each, facts in model.members.items() if facts["parent"] is None])
        there, _ = await product.counted()
        assert there == len(found) == len(model.members), self.told("who is there")
        by_label = {label: found.get(product.ids[label]) for label in model.members}
        names = {number: name for name, number in product.contracts.items()}
        for label, facts in model.members.items():
            one = by_label[label]
            assert one is not None, self.told(f"{label} is not there")
            parent = product.ids[facts["parent"]] if facts["parent"] else None
            stored = (one.parent_id, one.owner, one.email, one.user_id is not None)
            assert stored == (parent, facts["owner"], facts["email"], facts["person"] is not None), self.told(label)
            own = {
                "permissions": {str(each) for each in one.own.permissions},
                "contracts": None if one.own.contracts is None else {names[each] for each in one.own.contracts},
                "suspended": one.own.suspended,
                **{name: getattr(one.own, name) for name in BOUNDS},
            }
            wanted = {name: facts[name] for name in own} | ({"permissions": PERMISSIONS} if facts["owner"] else {})
            assert own == wanted, self.told(f"the grant of {label}: {own}")
            assert self.rights(one.standing, names) == self.decided(label), self.told(f"the standing of {label}")
        if not everything:
            return
        acting = set()
        for label in model.members:
            viewer = await product.sees(label)
            if not model.present(label):
                assert viewer is None, self.told(f"{label} gets in")
                continue
            assert viewer is not None, self.told(f"{label} does not get in")
            permissions, contracts, _, days = self.decided(label)
            cells = {
                (name, day): (contracts is None or name in contracts) and open
                for name in CONTRACTS
                for day, open in zip(DOCUMENTS, days, strict=True)
            }
            seen = {(name, day): viewer.reaches(number, day) for number, name in names.items() for day in DOCUMENTS}
            assert seen == cells, self.told(f"what {label} reaches: {seen}")
            assert {str(each) for each in viewer.permissions} == permissions, self.told(f"what {label} may")
            assert (viewer.reach is None) == (contracts is None), self.told(f"{label} has all contracts, or not")
            if viewer.may(MANAGE):  # type: ignore[arg-type]
                acting |= {(label, other) for other in model.members if by_label[label].above(by_label[other])}
        pairs = {(a, b) for a in model.members for b in model.members if model.may_act(a, b)}
        assert acting == pairs, self.told(f"who may act on whom: {acting ^ pairs}")
        waiting = {
            product.ids[link["member"]]
            for link in model.links.values()
            if link["live"] and link["ends"] > model.now and link["member"] in model.members
        }
        assert await product.waiting() == waiting, self.told("open invitations")

    @staticmethod
    def rights(standing: Any, names: dict[int, str]) -> tuple[Any, ...]:
        contracts = standing.contracts
        first, last = standing.documents_from, standing.documents_until
        return (
            {str(each) for each in standing.permissions},
            None if contracts is None else {names[each] for each in contracts},
            [standing.open_on(each) for each in DAYS],
            [(first is None or each >= first) and (last is None or each <= last) for each in DOCUMENTS],
        )

    def decided(self, label: str) -> tuple[Any, ...]:
        """The decision matrix of one member by its factors: a cell is allowed where all of them allow it."""
        model = self.model
        return (
            {each for each in PERMISSIONS if model.holds(label, each)},
            None if model.reaches_all(label) else {each for each in CONTRACTS if model.reaches(label, each)},
            [model.is_open(label, each) for each in DAYS],
            [model.sees(label, each) for each in DOCUMENTS],
        )

    # Who, whom, and what is asked for. Six times out of ten all of it is right; else one part of it may not be, since
    # two at once would hide that one of them is let through; one time out of ten any of it.

    def part(self, data: st.DataObject) -> None:
        """Before each act: which part of it is ``wild``."""
        self.wild = data.draw(st.sampled_from([""] * 6 + ["who", "whom", "what", "any"]))

    def off(self, part: str) -> bool:
        return self.wild in (part, "any")

    def actor(self, data: st.DataObject, *, owner: bool = False) -> str | None:
        """Somebody who may act; or anybody who ever was signed in, gone or not."""
        model = self.model
        labels = [each for each in model.members if model.present(each)]
        able = [each for each in labels if (model.members[each]["owner"] if owner else model.holds(each, MANAGE))]
        if self.off("what"):  # an owner lacks nothing
            able = [each for each in able if not model.members[each]["owner"]] or able
        others = [each for each in self.product.viewers if each not in able]
        return self.comes(data, data.draw(st.sampled_from((others if self.off("who") else able) or [*able, *others])))

    def comes(self, data: st.DataObject, label: str) -> str | None:
        if data.draw(st.booleans()) or label not in self.product.viewers:
            self.does(self.product.sees(label))  # else as long ago as they last looked
        return label if label in self.product.viewers else None

    def pair(
        self, data: st.DataObject, among: list[str] | None = None, *, owner: bool = False
    ) -> tuple[str | None, str]:
        """Who acts on whom."""
        model = self.model
        likely = list(model.members) if among is None else among
        if self.off("who") or self.off("whom"):
            actor = self.actor(data, owner=owner)
            return actor, self.target(data, actor or "m1")
        pairs = [
            (a, b)
            for a, facts in model.members.items()
            if facts["owner"] or (model.holds(a, MANAGE) and not owner)
            for b in likely
            if model.may_act(a, b)
        ]
        if self.off("what"):
            pairs = [each for each in pairs if not model.members[each[0]]["owner"]] or pairs
        if not pairs:
            return None, ""
        found, target = data.draw(st.sampled_from(pairs))
        return self.comes(data, found), target

    def target(self, data: st.DataObject, actor: str) -> str:
        """Somebody below; or anybody else, oneself, those beside and above among them."""
        model = self.model
        there = actor in model.members
        below = [each for each in model.members if there and model.above(actor, each)]
        if below and not self.off("whom"):
            return data.draw(st.sampled_from(below))
        beside = [
            each
            for each, facts in model.members.items()
            if there and each != actor and facts["parent"] == model.members[actor]["parent"]
        ]
        gone = [each for each in self.product.ids if each not in model.members][:1]
        rest = [each for each in model.members if each not in below]
        return data.draw(st.sampled_from([actor, *beside * 2, *rest, *gone, "foreign"]))

    def permissions(self, data: st.DataObject, among: list[str]) -> set[str]:
        mask = data.draw(st.integers(0, 2 ** len(among) - 1))
        return {each for place, each in enumerate(among) if mask >> place & 1}

    def contracts(self, data: st.DataObject, among: list[str], *, everything: bool) -> set[str] | None:
        if everything and data.draw(st.booleans()):
            return None
        return self.permissions(data, among)

    def wish(self, data: st.DataObject, actor: str, email: str, had: dict[str, Any] | None) -> dict[str, Any]:
        """Within the actor's rights, but in one thing where that is what is wrong; of somebody known a part changes."""
        model = self.model
        there = actor in model.members
        loose = data.draw(st.sampled_from(["permissions", "role", "contracts", "days"])) if self.wild == "what" else ""

        def honest(thing: str) -> bool:
            return there and thing != loose and self.wild != "any"

        mine = [each for each in POOL if there and model.holds(actor, each)] if honest("permissions") else list(POOL)
        made: dict[str, Any] = {"email": email, "permissions": set(), "contracts": set(), **dict.fromkeys(BOUNDS)}
        if had:
            made |= {name: had[name] for name in made if name != "email"}
        parts = data.draw(st.integers(1, 15)) if had else 15
        if parts & 1 or loose == "permissions":
            kept = {each for each in made["permissions"] if there and not model.holds(actor, each)}
            made["permissions"] = self.permissions(data, mine) | kept
            if data.draw(st.booleans()) and (not honest("permissions") or model.holds(actor, MANAGE)):
                made["permissions"].add(MANAGE)
        if parts & 2 or loose == "contracts":
            reach = [each for each in CONTRACTS if not honest("contracts") or model.reaches(actor, each)]
            everything = not honest("contracts") or model.reaches_all(actor)
            made["contracts"] = self.contracts(data, reach, everything=everything)
        for bit, names in ((4, BOUNDS[:2]), (8, BOUNDS[2:])):
            for name in names if parts & bit or loose == "days" else ():
                made[name] = self.bound(data, name, actor if honest("days") else None)
        if loose == "role" or data.draw(st.integers(0, 5)) == 0:
            roles = [
                each for each in ROLES if not honest("role") or all(model.holds(actor, one) for one in ROLES[each])
            ]
            made["role"] = data.draw(st.sampled_from([None, *roles]))
        if self.product.through_pages and made["contracts"] == set():
            made["contracts"] = {CONTRACTS[0]}  # a form asks for one at least
        return made

    def bound(self, data: st.DataObject, name: str, within: str | None) -> date | None:
        chosen = data.draw(st.sampled_from(CHOICES[name]))
        if within is None:
            return chosen
        limits = [each[name] for each in self.model.line(within) if each[name] is not None]
        if chosen is not None:
            limits.append(chosen)
        if name == "valid_until" and limits and min(limits) < self.model.now.date():
            limits.append(self.model.now.date())
        return (max(limits) if name.endswith("from") else min(limits)) if limits else None

    def free(self, data: st.DataObject) -> str:
        every = [*self.emails, self.known]
        taken = {each["email"] for each in self.model.members.values()}
        free = [each for each in every if each not in taken]
        return data.draw(st.sampled_from(free if free and not self.off("whom") else every))

    # The acts.

    def adds(self, data: st.DataObject, *, comes: bool = False, below: bool = False) -> None:
        if (actor := self.actor(data)) is None or (below and self.model.members[actor]["owner"]):
            return
        wish = self.wish(data, actor, self.free(data), None)
        token, label = self.new("t"), f"m{self.model.count + 1}"
        smuggled = data.draw(st.sampled_from(["", *self.model.members]))
        done = self.act(
            f"{actor} adds {label} {wish} (parent_id={smuggled})",
            lambda: self.model.add(actor, wish, token),
            lambda: self.product.add(actor, wish, token, label, smuggled),
        )
        if done and comes:
            self.wild = ""
            self.accepts(token, wish["email"] if wish["email"] in self.model.logins else None)

    def joins(self, data: st.DataObject) -> None:
        self.adds(data, comes=True)

    def accepts(self, token: str, person: str | None) -> None:
        person = self.signed_in(person)
        self.act(
            f"{token} is accepted by {person or 'a new person'}",
            lambda: self.model.accept(token, person),
            lambda: self.product.accept(token, person),
        )

    def accept(self, data: st.DataObject) -> None:
        model, tokens = self.model, list(self.model.links)
        if self.wild:
            if not tokens:
                return
            self.wild = "any"
            live = [each for each in tokens if model.links[each]["live"]]
            token = data.draw(st.sampled_from(live * 3 + tokens[-3:]))
            email, logins = model.links[token]["email"], sorted(model.logins)
            usual = [email] if email in logins else [None]
            self.accepts(token, data.draw(st.sampled_from([*usual * 4, None, self.known, *logins[:2]])))
        elif ready := [each for each in tokens if self.ready(each)]:
            token = data.draw(st.sampled_from(ready))
            email = model.links[token]["email"]
            self.accepts(token, email if email in model.logins else None)

    def ready(self, token: str) -> bool:
        link, trial = self.model.links[token], deepcopy(self.model)
        if not link["live"]:
            return False
        try:
            trial.accept(token, link["email"])
        except No:
            return False
        return True

    def cut_inviter(self, data: st.DataObject) -> None:
        """Whoever invited somebody that still waits loses a right, or their place, before the acceptance."""
        self.wild, model = "", self.model
        waiting = [
            (token, link["member"])
            for token, link in model.links.items()
            if self.ready(token) and model.members[link["member"]]["parent"] is not None
        ]
        if not waiting:
            return self.adds(data, below=True)
        token, label = data.draw(st.sampled_from(waiting))
        email, parent = model.links[token]["email"], model.members[label]["parent"]
        actor = self.comes(data, data.draw(st.sampled_from([a for a in model.members if model.may_act(a, parent)])))
        if actor is None:
            return None
        had = model.members[parent]
        if data.draw(st.integers(0, 3)) == 0:
            self.suspends(actor, parent, True)
        else:
            wish = {name: had[name] for name in ("email", "permissions", "contracts", *BOUNDS)}
            lost = {MANAGE} if data.draw(st.booleans()) else {*POOL}
            self.edits(actor, parent, wish | {"permissions": had["permissions"] - lost})
        self.wild = "any"
        return self.accepts(token, email if email in model.logins else None)

    def signed_in(self, person: str | None) -> str | None:
        """In a browser only who has an open place can be signed in."""
        inside = [each for each, facts in self.model.members.items() if facts["person"] == person]
        return person if not self.product.through_pages or any(map(self.model.present, inside)) else None

    def sign_in(self, data: st.DataObject) -> None:
        email = data.draw(st.sampled_from([self.owner, self.known, *self.emails]))
        label = self.does(self.product.signs_in(email))
        inside = [each for each, facts in self.model.members.items() if facts["person"] == email]
        expected = next((each for each in inside if self.model.present(each)), None)
        self.trail.append(f"{email} signs in → {label}")
        assert label == expected, self.told(f"{email} should come in as {expected}")

    def edit(self, data: st.DataObject, *, waiting: bool = False) -> None:
        actor, target = self.pair(data, self.pending() if waiting else None)
        if actor is None:
            return
        had = self.model.members.get(target)
        email = had["email"] if had else self.emails[0]
        if had and (had["person"] is None or self.off("what")) and data.draw(st.integers(0, 1 if waiting else 3)) == 0:
            email = self.free(data)
        self.edits(actor, target, self.wish(data, actor, email, had))

    def edits(self, actor: str, target: str, wish: dict[str, Any]) -> None:
        token = self.new("t")
        self.act(
            f"{actor} edits {target} {wish}",
            lambda: self.model.edit(actor, target, wish, token),
            lambda: self.product.edit(actor, target, wish, token),
        )

    def pending(self) -> list[str]:
        return [each for each, facts in self.model.members.items() if facts["person"] is None]

    def edit_waiting(self, data: st.DataObject) -> None:
        self.edit(data, waiting=True)

    def send_again(self, data: st.DataObject) -> None:
        actor, target = self.pair(data, None if self.off("what") else self.pending())
        if actor is None:
            return
        token = self.new("t")
        self.act(
            f"{actor} invites {target} again",
            lambda: self.model.send_again(actor, target, token),
            lambda: self.product.send_again(actor, target, token),
        )

    def suspend(self, data: st.DataObject) -> None:
        shut = [each for each, facts in self.model.members.items() if facts["suspended"]]
        actor, target = self.pair(data, shut if shut and data.draw(st.integers(0, 2)) else None)
        if actor is not None:
            suspended = target not in shut
            self.suspends(actor, target, suspended != (data.draw(st.integers(0, 5)) == 0))

    def suspends(self, actor: str, target: str, suspended: bool) -> None:
        self.act(
            f"{actor} {'suspends' if suspended else 'resumes'} {target}",
            lambda: self.model.suspend(actor, target, suspended),
            lambda: self.product.suspend(actor, target, suspended),
        )

    def move(self, data: st.DataObject) -> None:
        model = self.model
        parents = [each for each in model.members if any(model._under(other, each) for other in model.members)]
        actor, target = self.pair(data, parents if parents and self.off("what") else None)
        if actor is None:
            return
        branch = model.below(target) if target in model.members else []
        there = actor in model.members
        places: list[str | None] = [a for a in model.members if there and (a == actor or model.above(actor, a))]
        places = [each for each in places if each not in branch] + (
            [None] if there and model.members[actor]["owner"] else []
        )
        if self.off("what") or not places:
            places = [*branch, *branch, None, *model.members, "foreign"]
        parent = data.draw(st.sampled_from(places))
        self.act(
            f"{actor} moves {target} under {parent}",
            lambda: self.model.move(actor, target, parent),
            lambda: self.product.move(actor, target, parent),
        )

    def remove(self, data: st.DataObject) -> None:
        actor, target = self.pair(data)
        if actor is None:
            return
        way, removal = data.draw(st.sampled_from(["branch", "children"])), self.new("r")
        done = self.act(
            f"{actor} removes {target} ({way}) as {removal}",
            lambda: self.model.remove(actor, target, way, removal),
            lambda: self.product.remove(actor, target, way, removal),
        )
        if done and data.draw(st.integers(0, 2)) == 0:
            self.wild = ""
            self.undoes(actor, removal)

    def undo(self, data: st.DataObject) -> None:
        every = [*self.product.removals]
        fresh = [each for each in every if each in self.model.removals]
        if not every or (actor := self.actor(data)) is None:
            return
        self.undoes(actor, data.draw(st.sampled_from((every if self.off("whom") or not fresh else fresh)[-2:])))

    def undoes(self, actor: str, removal: str) -> None:
        self.act(
            f"{actor} undoes {removal}",
            lambda: self.model.undo(actor, removal),
            lambda: self.product.undo(actor, removal),
        )

    # Owners.

    def offer(self, data: st.DataObject) -> None:
        present = [each for each in self.model.members if self.model.present(each)]
        actor, target = self.pair(data, None if self.off("what") else present, owner=True)
        if actor is None:
            return
        kind, password = data.draw(st.sampled_from(["second", "second", "instead"])), self.password(data)
        done = self.act(
            f"{actor} offers ownership to {target} ({kind}, {password})",
            lambda: self.proved(password, lambda: self.model.offer(actor, target, kind)),
            lambda: self.product.offer(actor, target, kind, password),
        )
        if done and data.draw(st.booleans()):
            self.wild = ""
            self.takes((actor, target), target, PASSWORD)

    def take_offer(self, data: st.DataObject) -> None:
        every = [*self.product.offers]
        live = [each for each in every if each in self.model.offers]
        if not every:
            return
        pair = data.draw(st.sampled_from((every if self.off("whom") or not live else live)[-2:]))
        who = data.draw(st.sampled_from([*self.product.viewers])) if self.off("who") else pair[1]
        self.does(self.product.sees(who))
        if who in self.product.viewers:
            self.takes(pair, who, self.password(data))

    def takes(self, pair: tuple[str, str], who: str, password: str) -> None:
        self.act(
            f"{who} accepts the offer {pair} ({password})",
            lambda: self.proved(password, lambda: self.model.take_offer(pair[0], pair[1], who)),
            lambda: self.product.take_offer(who, pair, password),
        )

    def withdraw(self, data: st.DataObject) -> None:
        if not self.product.offers:
            return
        pair = data.draw(st.sampled_from(list(self.product.offers)[-2:]))
        who = data.draw(st.sampled_from([*self.product.viewers] if self.off("who") else pair))
        self.does(self.product.sees(who))
        if who not in self.product.viewers:
            return
        self.act(
            f"{who} withdraws the offer {pair}",
            lambda: self.model.withdraw(who, *pair),
            lambda: self.product.withdraw(who, pair),
        )

    def step_down(self, data: st.DataObject) -> None:
        if (actor := self.actor(data, owner=True)) is None:
            return
        password = self.password(data)
        self.act(
            f"{actor} steps down ({password})",
            lambda: self.proved(password, lambda: self.model.step_down(actor)),
            lambda: self.product.step_down(actor, password),
        )

    def dismiss(self, data: st.DataObject) -> None:
        label = data.draw(st.sampled_from([*self.model.members] if self.off("whom") else self.model.owners()))
        email = self.model.members[label]["email"]
        self.act(
            f"the operator removes {label}",
            lambda: self.model.operator_removes(label),
            lambda: self.product.dismiss(email),
        )

    def password(self, data: st.DataObject) -> str:
        return "a wrong one" if self.off("what") and data.draw(st.booleans()) else PASSWORD

    def proved(self, password: str, act: Callable[[], Any]) -> None:
        """The functions look at the password first; a page may say before it that the actor may not."""
        if password == PASSWORD:
            return act()
        model, reasons = self.model, {REFUSED}
        if self.product.through_pages:
            self.model = deepcopy(model)
            try:
                act()
            except No as no:
                reasons |= no.reasons
            finally:
                self.model = model
        raise No(*reasons)

    def wait(self, data: st.DataObject) -> None:
        time = timedelta(minutes=data.draw(st.sampled_from([1, 9, 11, 1440, 1440, 6 * 1440, 7 * 1440])))
        self.stage.now += time
        self.model.now += time
        self.trail.append(f"{time} go by")
        self.does(self.compare())


CHAIN = (
    *("adds", "joins", "accept", "cut_inviter", "sign_in", "edit_waiting"),
    *("send_again", "suspend", "edit", "remove", "wait"),
)
OWNING = ("offer", "take_offer", "withdraw", "step_down", "dismiss")
EVERY = (
    "joins",
    "adds",
    "accept",
    "cut_inviter",
    "edit",
    "edit_waiting",
    "send_again",
    "suspend",
    "move",
    "remove",
    "undo",
    "wait",
)


def machine(stage: Stage, kind: str, product: Callable[[Stage], Product] = Product) -> type[Machine]:
    """``chain``, ``nine`` (deep) or ``uniform``."""
    acts = CHAIN if kind == "chain" else EVERY + OWNING

    def begin(self: Machine, data: st.DataObject) -> None:
        self.start()
        if kind == "nine":
            _nine(self, data)
        else:
            _few(self, data, kind)
        self.does(self.compare())

    rules = {f"then_{name}": rule(data=st.data())(_rule(name)) for name in acts}
    return type(
        kind, (Machine,), {"stage": stage, "kind": product, "begin": initialize(data=st.data())(begin), **rules}
    )


def _rule(name: str) -> Callable[[Machine, st.DataObject], None]:
    def act(self: Machine, data: st.DataObject) -> None:
        self.part(data)
        getattr(Machine, name)(self, data)

    act.__name__ = f"then_{name}"
    return act


def _nine(self: Machine, data: st.DataObject) -> None:
    """One line of nine below the owner, each with what the one above has or a little less, and two beside it."""
    model = self.model
    parent, rights = "m1", {*POOL, MANAGE}
    reach: set[str] | None = None
    for depth in range(DEPTH + 2):
        email = f"deep{depth}@{self.owner.partition('@')[2]}"
        if depth >= DEPTH:  # beside the line
            parent = data.draw(st.sampled_from(list(model.members)))
        if depth and data.draw(st.integers(0, 2)) == 0:
            rights = rights - {data.draw(st.sampled_from(POOL))}
        if data.draw(st.integers(0, 4)) == 0:
            reach = (set(CONTRACTS) if reach is None else reach) - {data.draw(st.sampled_from(CONTRACTS))}
        facts = model._empty(email, person=email, parent=None if parent == "m1" else parent)
        facts |= {"permissions": set(rights), "contracts": None if reach is None else set(reach)}
        parent = model._put(facts)
        model.logins.add(email)
    self.does(_plant(self))


def _few(self: Machine, data: st.DataObject, kind: str) -> None:
    """Two under the owner and one under the first of them, so that there is somebody to act."""
    model = self.model
    for place, parent in enumerate((None, None, "m2")):
        email = f"few{place}@{self.owner.partition('@')[2]}"
        facts = model._empty(email, person=email, parent=parent)
        rights = (
            set(PERMISSIONS) if data.draw(st.integers(0, 3)) == 0 else {*self.permissions(data, list(POOL)), MANAGE}
        )
        model._put(facts | {"permissions": rights})
        model.logins.add(email)
    self.does(_plant(self))


async def _plant(self: Machine) -> None:
    from components.data.database import transaction

    async with transaction():
        for label, facts in self.model.members.items():
            if label != "m1":
                await self.product.plant(label, facts)
