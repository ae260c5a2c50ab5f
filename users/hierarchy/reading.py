"""Reading the people of an account: the table, the tree, one person. Only who stands below the viewer.

Owners see everybody: all who are no owner, on whom they can act, and the owners, on whom nobody can. Everybody else
sees their strict descendants. Counting stops at a thousand. Up to so many people are gathered and sorted; more are read
along an index of the order, from the key of the last row of the page before. A search looks at ``words``, out of an
index alone. So a page costs much the same among a thousand people and among forty thousand.
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
MOST_WORDS = 5  # of a search; further ones are not looked at
SMALL = 60  # so many people are shown as a tree with every branch open

State = Literal["active", "waiting", "suspended", "suspended_above", "not_yet", "over", "temporary"]
Sort = Literal["number", "email", "last_name", "first_name", "position"]
SORTS: dict[Sort, tuple[str, ...]] = {
    "number": ("m.id",),
    "email": ("m.email", "m.id"),
    "last_name": ("m.last_name", "m.first_name", "m.id"),
    "first_name": ("m.first_name", "m.last_name", "m.id"),
    "position": ("m.position", "m.id"),
}
# By their numbers in _STATE.
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
    total: int  # of the gathered


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
    actor, keys = await place_of(viewer), SORTS[sought.sort]
    table = _Table(*_within(actor), keys, sought.descending, sought.after, today, page)
    if sought.search:
        _search(sought.search, table)
        found, total = await _gathered(table)
    else:
        found, total = [], await _counted(table)
        if total <= COUNTED:
            found, _ = await _gathered(table)
    if total > COUNTED:
        found = await _along(table)
    shown = found[:page]
    return Found(
        await _listed(shown, actor),
        min(total, COUNTED),
        total > COUNTED,
        _key(shown[-1], keys) if len(found) > page else "",
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """What is asked for; one row more than the page, to know whether there are any."""

    conditions: list[str]
    values: dict[str, object]
    keys: tuple[str, ...]
    descending: bool
    after: str
    today: date
    page: int


def _within(actor: Member) -> tuple[list[str], dict[str, object]]:
    conditions, values = ["m.account_id = :account_id"], dict[str, object](account_id=actor.account_id)
    if actor.owner:
        return conditions, values
    conditions.append("m.line > :start AND m.line < :end")
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


async def _counted(table: _Table) -> int:
    where = " AND ".join(table.conditions)
    (found,) = await fetch(
        f"SELECT count(*) AS n FROM (SELECT 1 FROM membership m WHERE {where} LIMIT {COUNTED + 1}) AS few",
        **table.values,
    )
    return int(found["n"])


def _search(text: str, table: _Table) -> None:
    """Everything that was typed is part of a name, the e-mail or the position, in any order and any letters."""
    find = "instr" if dialect() == "sqlite" else "strpos"
    for number, word in enumerate(text.lower().split()[:MOST_WORDS]):
        table.conditions.append(f"{find}(m.words, :word_{number}) > 0")
        table.values[f"word_{number}"] = word


async def _gathered(table: _Table) -> tuple[list[_Row], int]:
    """Everybody who fits, sorted, and how many they are: right if they are no more than are counted."""
    values, after = {**table.values}, "1 = 1"
    if table.after:
        after = _after(table.after, table.keys, values, table.descending)
    found = await _told(
        f"WITH fitting AS (SELECT m.id FROM membership m WHERE {' AND '.join(table.conditions)}"
        f" ORDER BY m.line LIMIT {COUNTED + 1}),"
        f" few AS (SELECT m.id FROM fitting JOIN membership m ON m.id = fitting.id WHERE {after}",
        values,
        table,
        total="(SELECT count(*) FROM fitting)",
    )
    return found, found[0].total if found else await _counted(table) if table.after else 0


async def _along(table: _Table) -> list[_Row]:
    """The page out of many, read along the index of its order."""
    values, conditions = {**table.values}, [*table.conditions]
    if table.after:
        conditions.append(_after(table.after, table.keys, values, table.descending))
    if "m.email" in table.keys:
        conditions.append("m.email <> ''")  # so that the index of e-mails, which has no empty ones, may be used
    # What is no bare column tempts neither database away from that index.
    where = " AND ".join(conditions).replace("m.line", "(m.line || '')")
    return await _told(f"WITH few AS (SELECT m.id FROM membership m WHERE {where}", values, table)


async def _told(few: str, values: dict[str, object], table: _Table, *, total: str = "0", level: str = "") -> list[_Row]:
    """First whose rows they are, by an index alone where it can be, then what is told of these few."""
    order = ", ".join(f"{key} {'DESC' if table.descending else 'ASC'}" for key in table.keys)
    return await rows(
        _Row,
        f"{few} ORDER BY {level}{order} LIMIT :page) SELECT {_COLUMNS}, {total} AS total "
        f"FROM few JOIN membership m ON m.id = few.id {_TOLD} ORDER BY {order}",
        **{**values, "today": table.today, "page": table.page + 1},
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
        wanted = int if key == "m.id" else str
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
    """Along the index of levels, which is in their order."""
    keys, values = SORTS["last_name"], dict[str, object](account_id=actor.account_id)
    where = "m.account_id = :account_id AND m.parent_id IS NULL AND NOT m.owner"
    if top is not None:
        where, values["parent_id"] = "m.account_id = :account_id AND m.parent_id = :parent_id", top.id
    if after:
        where += f" AND {_after(after, keys, values, False)}"
    table = _Table([], values, keys, False, after, today, page)
    few = f"WITH few AS (SELECT m.id FROM membership m WHERE {where}"
    found = await _told(few, values, table, level="m.parent_id, ")
    shown = found[:page]
    people, below = await _listed(shown, actor), await _all_below([each.id for each in shown if each.children])
    nodes = [Node(each, depth, below.get(each.member.id, 0), False) for each in people]
    return Level(nodes, _key(shown[-1], keys) if len(found) > page else "")


async def _all_below(ids: Sequence[int]) -> dict[int, int]:
    """How many stand below each of these, counted no further than a thousand."""
    if not ids:
        return {}
    found = await fetch(
        f"""SELECT m.id, (SELECT count(*) FROM (SELECT 1 FROM membership b WHERE b.account_id = m.account_id
          AND b.line > m.line AND b.line < SUBSTR(m.line, 1, LENGTH(m.line) - 1) || '/' LIMIT {COUNTED}) AS few) AS n
        FROM membership m WHERE m.id IN ({", ".join(str(each) for each in ids)})"""
    )
    return {int(each["id"]): int(each["n"]) for each in found}


async def _owners(actor: Member, today: date) -> list[Listed]:
    table = _Table([], {"account_id": actor.account_id}, SORTS["number"], False, "", today, PAGE)
    few = "WITH few AS (SELECT m.id FROM membership m WHERE m.account_id = :account_id AND m.owner"
    return await _listed(await _told(few, table.values, table), actor)


# One person


async def person(viewer: Viewer, membership_id: int, today: date) -> Person:
    """Somebody below the viewer; for an owner the owners too, themself among them. NotThere for anybody else."""
    actor, one = await place_of(viewer), await member(membership_id)
    if one is None or not (actor.above(one) or (actor.owner and one.owner and one.account_id == actor.account_id)):
        raise NotThere
    table = _Table([], {"id": one.id}, SORTS["number"], False, "", today, 1)
    found = await _told("WITH few AS (SELECT m.id FROM membership m WHERE m.id = :id", table.values, table)
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
