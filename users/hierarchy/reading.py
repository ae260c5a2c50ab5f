"""Reading the people of an account: the table, the tree, one person. Only who stands below the viewer.

Owners see everybody: all who are no owner, on whom they can act, and the owners, on whom nobody can. Everybody else
sees their strict descendants. Pages go on by the key of their last row along an index of the order, and counting stops
at a thousand, so that a page costs the same among a thousand people and among forty thousand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from components.data import clock
from components.data.database import dialect, fetch, row, rows
from users.hierarchy.refusing import NotThere
from users.hierarchy.tree import Member, member, members
from users.permissions.rights import Rights
from users.permissions.roles import role_of
from users.permissions.viewer import Viewer

PAGE = 50
COUNTED = 1_000  # more are "more than a thousand"
SMALL = 60  # so many people are shown as a tree with every branch open
MANY_BELOW = 2_000  # so large a branch is read along the order's index, a smaller one is gathered and sorted

State = Literal["active", "waiting", "suspended", "suspended_above", "not_yet", "over", "temporary"]
Sort = Literal["number", "email", "last_name", "first_name", "position", "state"]
SORTS: dict[Sort, tuple[str, ...]] = {
    "number": ("m.id",),
    "email": ("m.email", "m.id"),
    "last_name": ("m.last_name", "m.first_name", "m.id"),
    "first_name": ("m.first_name", "m.last_name", "m.id"),
    "position": ("m.position", "m.id"),
    "state": ("state", "m.id"),  # worked out, see _STATE
}
# In the order in which they are sorted: what needs a look first.
STATES: tuple[State, ...] = (
    "suspended",
    "suspended_above",
    "waiting",
    "over",
    "not_yet",
    "temporary",
    "active",
)
_STATE = """CASE WHEN m.suspended THEN 0 WHEN s.suspended THEN 1 WHEN m.user_id IS NULL THEN 2
  WHEN s.valid_until < :today THEN 3 WHEN s.valid_from > :today THEN 4 WHEN u.password_temporary THEN 5 ELSE 6 END"""
_TOLD = (
    "JOIN standing s ON s.membership_id = m.id LEFT JOIN person u ON u.id = m.user_id "
    "LEFT JOIN membership p ON p.id = m.parent_id"
)
_BY_STATE = "membership m JOIN standing s ON s.membership_id = m.id LEFT JOIN person u ON u.id = m.user_id"


@dataclass(frozen=True, slots=True)
class Sought:
    """What of the table is wanted. ``after`` is the ``next`` of the page before, empty for the first."""

    search: str = ""
    sort: Sort = "last_name"
    descending: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the table, or a node of the tree. ``member.id`` is the person's number.

    ``under`` is the name of whom they stand under, empty for the owners. ``children`` stop at a thousand. ``acts``:
    whether the viewer may act on them.
    """

    member: Member
    state: State
    under: str
    children: int
    role: str | None
    acts: bool
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """``total`` stops at a thousand (then ``more``) and counts what fits the search; ``next`` is empty at the end."""

    people: Sequence[Listed]
    total: int
    more: bool
    next: str


@dataclass(frozen=True, slots=True)
class Node:
    """A person in the tree, as the page shows it from top to bottom. ``below`` is everybody under them, to a thousand.

    ``next``: this level goes on after this node; ask ``level`` with it.
    """

    person: Listed
    depth: int
    below: int
    opened: bool
    next: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """Who hangs directly under one person (or the owners together), and how it goes on."""

    nodes: Sequence[Node]
    next: str


@dataclass(frozen=True, slots=True)
class Person:
    """One person's page. ``giving`` is what the viewer may give; ``invited_until`` where a link of theirs lives."""

    person: Listed
    added_by: str
    below: int
    invited_until: datetime | None
    giving: Rights

    @property
    def member(self) -> Member:
        return self.person.member


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    state: int
    email: str
    first_name: str
    last_name: str
    position: str
    under: str
    children: int
    added_at: datetime


_CHILDREN = f"(SELECT count(*) FROM (SELECT 1 FROM membership c WHERE c.parent_id = m.id LIMIT {COUNTED}) AS few)"
_COLUMNS = f"""m.id, {_STATE} AS state, m.email, m.first_name, m.last_name, m.position,
  CASE WHEN p.id IS NULL THEN '' WHEN p.first_name || p.last_name = '' THEN p.email
    ELSE TRIM(p.first_name || ' ' || p.last_name) END AS under,
  {_CHILDREN} AS children, m.created_at AS added_at"""


async def place_of(viewer: Viewer) -> Member:
    """The viewer's own place as it is now."""
    found = await member(viewer.membership_id)
    if found is None:
        raise NotThere
    return found


async def giving(viewer: Viewer) -> Rights:
    """What the viewer may give to others: what they come to."""
    return (await place_of(viewer)).standing


# The table


async def list_people(viewer: Viewer, sought: Sought, today: date, page: int = PAGE) -> Found:
    """One page of the table."""
    actor = await place_of(viewer)
    conditions, values = await _within(actor, sought.sort)
    if sought.search:
        conditions.append(_searched(sought.search, values))
    keys = (_STATE, "m.id") if sought.sort == "state" else SORTS[sought.sort]
    total = await _counted(conditions, values)
    found = await _rows(conditions, values, keys, sought.after, today, page, descending=sought.descending)
    shown = found[:page]
    return Found(
        await _listed(shown, actor),
        min(total, COUNTED),
        total > COUNTED,
        _key(shown[-1], SORTS[sought.sort]) if len(found) > page else "",
    )


async def _within(actor: Member, sort: str) -> tuple[list[str], dict[str, object]]:
    conditions, values = ["m.account_id = :account_id"], dict[str, object](account_id=actor.account_id)
    if sort == "email":
        conditions.append("m.email <> ''")  # so that the index of e-mails, which has no empty ones, may be used
    if actor.owner:
        return conditions, values
    below = await _below(actor, MANY_BELOW)
    # A large branch is read in the order of an index; what is no bare column tempts neither database away from it.
    column = "(m.line || '')" if below >= MANY_BELOW else "m.line"
    conditions.append(f"{column} > :start AND {column} < :end")
    return conditions, values | {"start": actor.line, "end": actor.line[:-1] + "/"}


async def _below(one: Member, most: int) -> int:
    """How many stand below, counted no further than ``most``. An owner's are all who are no owner."""
    if one.owner:
        within = "account_id = :account_id AND NOT owner"
    else:
        within = "account_id = :account_id AND line > :start AND line < :end"
    values = {"account_id": one.account_id, "start": one.line, "end": one.line[:-1] + "/"}
    if one.owner:
        del values["start"], values["end"]
    sql = f"SELECT count(*) AS n FROM (SELECT 1 FROM membership WHERE {within} LIMIT {most}) AS few"
    (found,) = await fetch(sql, **values)
    return int(found["n"])


async def _children(one: Member, most: int) -> int:
    (found,) = await fetch(
        f"SELECT count(*) AS n FROM (SELECT 1 FROM membership WHERE parent_id = :id LIMIT {most}) AS few", id=one.id
    )
    return int(found["n"])


async def _counted(conditions: list[str], values: dict[str, object]) -> int:
    where = " AND ".join(conditions)
    (found,) = await fetch(
        f"SELECT count(*) AS n FROM (SELECT 1 FROM membership m WHERE {where} LIMIT {COUNTED + 1}) AS few", **values
    )
    return int(found["n"])


def _searched(text: str, values: dict[str, object]) -> str:
    """Name (either way round), e-mail or position. LIKE knows small and capital letters of Latin only, if at all."""
    written = dict.fromkeys(
        each.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        for each in (text, text.lower(), text.title(), text.upper())
    )
    if dialect() == "sqlite" and text.isascii():
        written = dict.fromkeys([next(iter(written))])
    said = "m.last_name || ' ' || m.first_name || ' ' || m.last_name || ' ' || m.email || ' ' || m.position"
    parts = []
    for number, each in enumerate(written):
        values[f"like_{number}"] = f"%{each}%"
        parts.append(f"{said} LIKE :like_{number} ESCAPE '!'")
    return "(" + " OR ".join(parts) + ")"


async def _rows(
    conditions: list[str],
    values: dict[str, object],
    keys: tuple[str, ...],
    after: str,
    today: date,
    page: int,
    *,
    descending: bool = False,
) -> list[_Row]:
    if after:
        conditions = [*conditions, _after(after, keys, values, descending)]
    order = ", ".join(f"{key} {'DESC' if descending else 'ASC'}" for key in keys)
    # First whose rows they are, by an index alone where it can be, then what is told of these few.
    few = f"SELECT m.id FROM {_BY_STATE if _STATE in keys else 'membership m'} WHERE {' AND '.join(conditions)}"
    return await rows(
        _Row,
        f"SELECT {_COLUMNS} FROM ({few} ORDER BY {order} LIMIT :page) AS few JOIN membership m ON m.id = few.id "
        f"{_TOLD} ORDER BY {order}",
        **{**values, "today": today, "page": page + 1},
    )


def _after(after: str, keys: tuple[str, ...], values: dict[str, object], descending: bool) -> str:
    """The condition to stand behind the last row of the page before; anything else that was sent finds nobody."""
    try:
        parts = json.loads(after[:1_000])
    except ValueError:
        return "1 = 0"
    if not isinstance(parts, list) or len(parts) != len(keys):
        return "1 = 0"
    for place, (key, part) in enumerate(zip(keys, parts, strict=True)):
        wanted = int if key in ("m.id", _STATE) else str
        if type(part) is not wanted or (isinstance(part, int) and not 0 <= part < 1 << 62):
            return "1 = 0"
        values[f"after_{place}"] = part
    names = ", ".join(f":after_{place}" for place in range(len(keys)))
    return f"({', '.join(keys)}) {'<' if descending else '>'} ({names})"


def _key(last: _Row, keys: tuple[str, ...]) -> str:
    """Where a page ended, as text for its address."""
    return json.dumps([getattr(last, key.removeprefix("m.")) for key in keys], ensure_ascii=False)


async def _listed(found: Sequence[_Row], actor: Member) -> list[Listed]:
    known = await members(each.id for each in found)
    return [
        Listed(
            member=(one := known[each.id]),
            state=STATES[each.state],
            under=each.under,
            children=each.children,
            role=role_of(one.own.permissions) if not one.owner else None,
            acts=actor.above(one),
            added_at=each.added_at,
        )
        for each in found
        if each.id in known
    ]


# The tree


async def tree(viewer: Viewer, today: date, opened: Iterable[int] = ()) -> list[Node]:
    """The tree from top to bottom: owners first, then the first level; ``opened`` branches are loaded too.

    Of an account with few people every branch is open.
    """
    actor = await place_of(viewer)
    small = await _below(actor, SMALL + 1) <= SMALL
    wanted = set(opened)
    nodes: list[Node] = []
    if actor.owner:
        nodes += [Node(each, 0, 0, False) for each in await _owners(actor, today)]
    await _unfold(nodes, actor, None if actor.owner else actor, today, 0, wanted, everything=small)
    return nodes


async def _unfold(
    nodes: list[Node],
    actor: Member,
    top: Member | None,
    today: date,
    depth: int,
    wanted: set[int],
    *,
    everything: bool,
) -> None:
    found, last = await _level(actor, top, today, depth, "", PAGE), 0
    for each in found.nodes:
        one = each.person.member
        is_open = bool(each.person.children) and (everything or one.id in wanted)
        last = len(nodes)
        nodes.append(replace(each, opened=is_open))
        if is_open:
            await _unfold(nodes, actor, one, today, depth + 1, wanted, everything=everything)
    if found.next:
        nodes[last] = replace(nodes[last], next=found.next)


async def level(
    viewer: Viewer, parent_id: int | None, today: date, *, depth: int = 0, after: str = "", page: int = PAGE
) -> Level:
    """Who hangs directly under somebody (None: under the owners, or under the viewer who is none), by name."""
    actor = await place_of(viewer)
    if parent_id is None or parent_id == actor.id:
        return await _level(actor, None if actor.owner else actor, today, depth, after, page)
    top = await member(parent_id)
    if top is None or not actor.above(top):
        raise NotThere
    return await _level(actor, top, today, depth, after, page)


async def _level(actor: Member, top: Member | None, today: date, depth: int, after: str, page: int) -> Level:
    values: dict[str, object] = {"account_id": actor.account_id}
    if top is None:
        # Not by the index of parents: nobody's children are those of every account's root.
        conditions = ["m.account_id = :account_id", "m.parent_id + 0 IS NULL", "NOT m.owner"]
    else:
        # A large family is read in the order of the index of names, a small one gathered by its parent and sorted.
        large = await _children(top, MANY_BELOW) >= MANY_BELOW
        conditions = (
            ["m.account_id = :account_id", "m.parent_id + 0 = :parent_id"] if large else ["m.parent_id = :parent_id"]
        )
        values = {**(values if large else {}), "parent_id": top.id}
    keys = SORTS["last_name"]
    found = await _rows(conditions, values, keys, after, today, page)
    shown = found[:page]
    people = await _listed(shown, actor)
    nodes = [Node(each, depth, await _below(each.member, COUNTED) if each.children else 0, False) for each in people]
    return Level(nodes, _key(shown[-1], keys) if len(found) > page else "")


async def _owners(actor: Member, today: date) -> list[Listed]:
    found = await _rows(
        ["m.account_id = :account_id", "m.owner"], {"account_id": actor.account_id}, SORTS["number"], "", today, PAGE
    )
    return await _listed(found, actor)


# One person


async def person(viewer: Viewer, membership_id: int, today: date) -> Person:
    """Somebody below the viewer; for an owner the owners too, themself among them. NotThere for anybody else."""
    actor, one = await place_of(viewer), await member(membership_id)
    if one is None or not (actor.above(one) or (actor.owner and one.owner and one.account_id == actor.account_id)):
        raise NotThere
    found = await _rows(["m.id = :id"], {"id": one.id}, SORTS["number"], "", today, 1)
    (listed,) = await _listed(found, actor)
    return Person(
        person=listed,
        added_by=await _added_by(one, actor),
        below=await _below(one, COUNTED) if not one.owner else 0,
        invited_until=await _invited_until(one),
        giving=actor.standing,
    )


@dataclass(frozen=True, slots=True)
class _Adder:
    name: str
    line: str
    owner: bool


async def _added_by(one: Member, actor: Member) -> str:
    """Who added them, by what this account calls that person; not told of somebody above the viewer."""
    found = await row(
        _Adder,
        "SELECT CASE WHEN a.first_name || a.last_name = '' THEN a.email ELSE TRIM(a.first_name || ' ' || a.last_name) "
        "END AS name, a.line, a.owner FROM membership m JOIN membership a ON a.user_id = m.added_by_id "
        "AND a.account_id = m.account_id WHERE m.id = :id",
        id=one.id,
    )
    if found is None or not (actor.owner or found.line.startswith(actor.line)):
        return ""
    return found.name


@dataclass(frozen=True, slots=True)
class _Until:
    expires_at: datetime


async def _invited_until(one: Member) -> datetime | None:
    if one.user_id is not None:
        return None
    found = await row(
        _Until,
        "SELECT expires_at FROM link WHERE membership_id = :id AND purpose = 'invitation' AND used_at IS NULL "
        "AND expires_at > :now",
        id=one.id,
        now=clock.now(),
    )
    return found.expires_at if found else None
