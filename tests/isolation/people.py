"""Who looks, what is within their reach, and which words they must never read. Written by hand, from the tree."""

from __future__ import annotations

from dataclasses import dataclass

from tests.isolation.routes import PUBLIC, SIGNED_IN, Line
from tests.isolation.world import (
    ABOVE,
    BELOW,
    BESIDE,
    BOTH,
    ELSEWHERE,
    FAR,
    LEAD,
    NAMED_ONE,
    NAMED_TWO,
    NARROW,
    ONE,
    OWNER,
    PLACES,
    ROLE,
    TWO,
    Canary,
    World,
    email,
)
from users.permissions.permission import ALL, Permission
from users.permissions.roles import ROLES

EVERYBODY = (OWNER, ABOVE, LEAD, BESIDE, ELSEWHERE, ROLE, NARROW, BOTH)
P = Permission


@dataclass(frozen=True, slots=True)
class Looker:
    """``seat``: the name of a place of ``world``, empty for a visitor. ``own``: the words of their branch."""

    name: str
    seat: str
    permissions: frozenset[Permission]
    own: tuple[Canary, ...] = ()
    second: bool = False  # looks at the other account

    @property
    def owner(self) -> bool:
        return self.seat in ("owner", "owner2")

    @property
    def here(self) -> str:
        return "other" if self.second else "own"

    @property
    def forbidden(self) -> tuple[Canary, ...]:
        """What must be in no byte of theirs."""
        if not self.seat:
            return (ONE, TWO, NAMED_ONE, NAMED_TWO, FAR, *EVERYBODY)
        if self.second:
            beyond: tuple[Canary, ...] = (ONE, FAR, *(each for each in EVERYBODY if each is not BOTH))
            return beyond if self.name == "both2" else (*beyond, NAMED_ONE)
        beyond = (TWO,) if self.name == "both" else (TWO, NAMED_TWO)
        if not self.owner:
            beyond = (*beyond, *(each for each in EVERYBODY if each not in self.own))
        return (*beyond, FAR) if self.name == "narrow" else beyond

    def email(self) -> str:
        return email("both") if self.seat == "both2" else email(self.seat, TWO if self.second else ONE)


LOOKERS = (
    Looker("visitor", "", frozenset()),
    Looker("suspended", "", frozenset()),
    Looker("owner", "owner", ALL),
    Looker("lead", "lead", ALL, (LEAD,)),
    Looker("below", "below", ROLES["viewer"] | {P.USERS_MANAGE}, (LEAD,)),
    Looker("manager", "manager", ROLES["manager"], (ROLE,)),
    Looker("finance", "finance", ROLES["finance"], (ROLE,)),
    Looker("technician", "technician", ROLES["technician"], (ROLE,)),
    Looker("viewer", "viewer", ROLES["viewer"], (ROLE,)),
    Looker("nobody", "nobody", frozenset(), (ROLE,)),
    Looker("narrow", "narrow", ALL - {P.BALANCE_VIEW}, (NARROW,)),
    Looker("both", "both", ALL, (BOTH,)),
    Looker("both2", "both2", ALL, (BOTH,), second=True),
    Looker("owner2", "owner2", ALL, second=True),
)
_PEOPLE_ONE = frozenset(each.name for each in PLACES)
_PEOPLE_TWO = frozenset({"owner2", "other2", "quiet2", "waiting2", "both2"})


def below(who: Looker) -> frozenset[str]:
    """Whom they stand above."""
    if who.owner:
        return (_PEOPLE_TWO if who.second else _PEOPLE_ONE) - {who.seat}
    return BELOW.get(who.seat, frozenset())


def reaches(who: Looker, line: Line, id: str, world: World) -> bool:
    """Whether this id stands for something of theirs."""
    names = {str(number): name for name, number in world.members.items()}
    name = names.get(id, "")
    if line.kind in ("member", "given"):
        return name in below(who)
    if line.kind == "seen":
        return name in below(who) or name == who.seat
    if line.kind == "resigning":
        return who.owner and name == who.seat
    if line.kind == "offered":
        return (who.seat, name) in (("owner", "manager"), ("owner2", "other2"))
    if line.kind == "offer":
        return who.seat == "manager" and id in world.ids["offer"]["own"]
    if line.kind == "removal":
        return who.owner and id in world.ids["removal"][who.here]
    if line.kind in ("contract", "service", "invoice"):
        return id in world.ids[line.kind][who.here] and not (who.seat == "narrow" and FAR.latin in id)
    if line.kind == "account":
        return id == account_number(who.second) or (
            who.name in ("both", "both2") and id == account_number(not who.second)
        )
    if line.kind in ("reset", "invitation"):  # whoever has the token
        return any(id in listed for listed in world.ids[line.kind].values())
    if line.kind == "static":
        return id == "css/tokens.css"
    return False  # letters, sign-ins: of people who look at nothing here


def account_number(second: bool) -> str:
    return f"{NAMED_TWO.latin}-A2" if second else f"{NAMED_ONE.latin}-A1"


def ids_of(who: Looker, line: Line, world: World) -> list[str]:
    """Own ones, the other account's, unknown ones and no ids at all."""
    if line.kind in ("", "owners"):
        return [""]
    wrong = ["0", "-1", "x", "99999999999999999999", "1 OR 1=1"]
    if line.kind in ("member", "seen", "given", "resigning", "offered"):
        listed = sorted(world.members.values()) if line.kind == "seen" else _some(who, world)
        return [*map(str, listed), "999999", *wrong]
    if line.kind == "account":
        return [
            account_number(who.second),
            *([] if who.name in ("both", "both2") else [account_number(not who.second)]),
            "4445",
        ]
    if line.kind == "login":
        return [email("other2", TWO), email("stranger"), account_number(True), "nobody@nowhere.example", "x"]
    if line.kind == "static":
        return ["css/tokens.css", "../pyproject.toml", "css/nothing.css"]
    if line.kind == "letter":
        return ["1"]
    known = world.ids[line.kind]
    own, other = (known["other"], known["own"]) if who.second else (known["own"], known["other"])
    unknown = f"{ONE.latin}-99" if line.kind in ("contract", "service", "invoice") else "999999"
    return [
        *own,
        *other,
        unknown,
        *(wrong if line.kind in ("removal", "offer", "sign_in") else ["%00", "..", "x" * 300]),
    ]


def _some(who: Looker, world: World) -> list[int]:
    """Somebody below, oneself, somebody above, beside and in another branch, and people of the other account."""
    under = sorted(below(who), key=lambda name: world.members[name])
    names = [*under[:1], *under[-1:], who.seat, "owner", "above", "beside", "stranger", "other2", "owner2", "both2"]
    return list(dict.fromkeys(world.members[name] for name in names if name))


def expected(who: Looker, line: Line, id: str, world: World) -> int:
    """The status of this line of the table for this person."""
    within = line.kind in ("", "owners") or reaches(who, line, id, world)
    if line.needs == PUBLIC:
        if (line.method, line.path) == ("GET", "/sign-in") and not who.seat:
            return 200
        if line.path.endswith("/acceptance") and not who.seat:
            return 410  # this link has no password in it, so nobody new can come in by it
        return line.good if within else line.beyond
    if not who.seat:
        return 303
    if isinstance(line.needs, Permission) and line.needs not in who.permissions:
        return 403
    if line.kind == "owners":
        return 200 if who.owner else 403
    if line.kind == "given" and within and not who.owner:
        return 403
    assert line.needs == SIGNED_IN or isinstance(line.needs, Permission)
    return line.good if within else line.beyond
