"""Reading the people of an account: the table, the tree, one person. Only who stands below the viewer.

Owners see everybody: all who are no owner, on whom they can act, and the owners, on whom nobody can. Everybody else
sees their strict descendants. Counting stops at a thousand. Up to so many people are gathered and sorted; more are read
along an index of the order, from the key of the last row of the page before. A search looks at ``words``, out of an
index alone. So a page costs much the same among a thousand people and among forty thousand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from components.data import clock
from components.data.database import dialect, fetch, row, rows
from users.hierarchy.refusing import NotThere
from users.hierarchy.tree import MEMBER, Member, MemberRow, as_member, member
from users.permissions.rights import Rights
from users.permissions.viewer import Viewer

PAGE = 50
COUNTED = 1_000  # more are "more than a thousand"
MOST_WORDS = 5  # of a search; further ones are not looked at
SMALL = 60  # so many people are shown as a tree with every branch open
WHOLE = 1_000  # rows of such a tree, more than it has

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
    under: str = ""
    children: int = 0
    acts: bool = False


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
    added_at: datetime
    added_by: str
    below: int
    invited_until: datetime | None
    giving: Rights

    @property
    def member(self) -> Member:
        return self.person.member


@dataclass(frozen=True, slots=True)
class _Row(MemberRow):
    state: int
    under: str
    children: int
    below: int
    added_at: datetime
    total: int  # of the gathered


_CHILDREN = f"(SELECT count(*) FROM (SELECT 1 FROM membership c WHERE c.parent_id = m.id LIMIT {COUNTED}) AS few)"
_BELOW = f"""(SELECT count(*) FROM (SELECT 1 FROM membership b WHERE NOT m.owner AND b.account_id = m.account_id
  AND b.line > m.line AND b.line < SUBSTR(m.line, 1, LENGTH(m.line) - 1) || '/' LIMIT {COUNTED}) AS few)"""
_COLUMNS = f"""{MEMBER}, {_STATE} AS state,
  CASE WHEN p.id IS NULL THEN '' WHEN p.first_name || p.last_name = '' THEN p.email
    ELSE TRIM(p.first_name || ' ' || p.last_name) END AS under,
  {_CHILDREN} AS children, m.created_at AS added_at"""


async def place_of(viewer: Viewer) -> Member:
    """The viewer's own place as it is now."""
    found = await member(viewer.membership_id)
    if found is None:
        raise NotThere
    return found


@dataclass(frozen=True, slots=True)
class Count:
    """How many somebody sees, no further than a thousand. ``small``: they fit in a tree with every branch open."""

    total: int
    more: bool
    small: bool


async def count_people(actor: Member) -> Count:
    """Everybody below, for an owner everybody."""
    return _count(await _counted(*_within(actor)))


def _count(n: int) -> Count:
    return Count(min(n, COUNTED), n > COUNTED, n <= SMALL)


# The table


async def list_people(
    actor: Member, sought: Sought, today: date, page: int = PAGE, *, count: Count | None = None
) -> Found:
    """One page of the table. ``count`` is everybody's, where it is known already."""
    keys = SORTS[sought.sort]
    table = _Table(*_within(actor), keys, sought.descending, sought.after, today, page)
    if sought.search:
        _search(sought.search, table)
        found, total = await _gathered(table)
        count = _count(total)
    else:
        count = count or await count_people(actor)
        found = [] if count.more else (await _gathered(table))[0]
    if count.more:
        found = await _along(table)
    shown = found[:page]
    next_page = _key(shown[-1], keys) if len(found) > page else ""
    return Found([_listed(each, actor) for each in shown], count.total, count.more, next_page)


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


async def _counted(conditions: Sequence[str], values: Mapping[str, object]) -> int:
    where = " AND ".join(conditions)
    (found,) = await fetch(
        f"SELECT count(*) AS n FROM (SELECT 1 FROM membership m WHERE {where} LIMIT {COUNTED + 1}) AS few", **values
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
    where = " AND ".join(table.conditions)
    fitting = f"WITH fitting AS (SELECT m.id FROM membership m WHERE {where} ORDER BY m.line LIMIT {COUNTED + 1})"
    few = f"SELECT m.id FROM fitting JOIN membership m ON m.id = fitting.id WHERE {after}"
    total = "(SELECT count(*) FROM fitting)"
    found = await _told(f"{fitting}, few AS ({_page(few, table)})", values, table, total=total)
    return found, found[0].total if found else await _counted(table.conditions, table.values) if table.after else 0


async def _along(table: _Table) -> list[_Row]:
    """The page out of many, read along the index of its order."""
    values, conditions = {**table.values}, [*table.conditions]
    if table.after:
        conditions.append(_after(table.after, table.keys, values, table.descending))
    if "m.email" in table.keys:
        conditions.append("m.email <> ''")  # so that the index of e-mails, which has no empty ones, may be used
    # What is no bare column tempts neither database away from that index.
    where = " AND ".join(conditions).replace("m.line", "(m.line || '')")
    few = _page(f"SELECT m.id FROM membership m WHERE {where}", table)
    return await _told(f"WITH few AS ({few})", values, table)


def _order(table: _Table) -> str:
    return ", ".join(f"{key} {'DESC' if table.descending else 'ASC'}" for key in table.keys)


def _page(ids: str, table: _Table, level: str = "") -> str:
    return f"{ids} ORDER BY {level}{_order(table)} LIMIT :page"


async def _told(
    few: str, values: Mapping[str, object], table: _Table, *, total: str = "0", below: str = "0"
) -> list[_Row]:
    """First whose rows they are, by an index alone where it can be, then what is told of these few."""
    return await rows(
        _Row,
        f"{few} SELECT {_COLUMNS}, {total} AS total, {below} AS below "
        f"FROM few JOIN membership m ON m.id = few.id {_TOLD} ORDER BY {_order(table)}",
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


def _listed(found: _Row, actor: Member) -> Listed:
    one = as_member(found)
    return Listed(
        member=one,
        state=STATES[found.state],
        under=found.under,
        children=found.children,
        acts=actor.above(one),
    )


# The tree


async def tree(
    actor: Member, today: date, opened: Iterable[int] = (), *, everything: bool = False, page: int = PAGE
) -> list[Node]:
    """The tree from top to bottom: owners first, then the first level; ``opened`` branches are loaded too.

    ``everything``: every branch is open; for no more than a small account's people. One statement either way.
    """
    wanted = set(opened)
    conditions, values = _within(actor)
    table = _Table([], values, SORTS["last_name"], False, "", today, WHOLE if everything else page)
    if everything:
        few = _page(f"SELECT m.id FROM membership m WHERE {' AND '.join(conditions)}", table)
    else:
        # What is no bare column does not tempt a database away from the index of levels.
        inside = " AND ".join(conditions).replace("m.line", "(m.line || '')")
        tops = [f"m.parent_id = {each}" for each in (*(() if actor.owner else (actor.id,)), *sorted(wanted))]
        if actor.owner:
            tops.append("m.parent_id IS NULL AND NOT m.owner")
        levels = [
            _page(f"SELECT m.id FROM membership m WHERE {inside} AND {each}", table, "m.parent_id, ") for each in tops
        ]
        if actor.owner:  # along the index of owners, which is in the order of their numbers
            levels.append(f"SELECT m.id FROM membership m WHERE {inside} AND m.owner ORDER BY m.id LIMIT :page")
        few = " UNION ALL ".join(f"SELECT * FROM ({each}) AS level_{n}" for n, each in enumerate(levels))
    found = await _told(f"WITH few AS ({few})", values, table, below=_BELOW)
    nodes = [Node(_listed(each, actor), 0, 0, False) for each in found if each.owner]
    hanging: dict[int | None, list[_Row]] = {}
    for each in found:
        if not each.owner:
            hanging.setdefault(each.parent_id, []).append(each)
    _unfold(nodes, hanging, None if actor.owner else actor.id, actor, table, 0, None if everything else wanted)
    return nodes


def _unfold(
    nodes: list[Node],
    hanging: Mapping[int | None, Sequence[_Row]],
    top: int | None,
    actor: Member,
    table: _Table,
    depth: int,
    wanted: set[int] | None,
) -> None:
    """Who hangs under ``top``, each followed by who hangs under them; ``wanted`` are open, None: all are."""
    found, last = hanging.get(top, ()), 0
    for each in found[: table.page]:
        is_open = bool(each.children) and (wanted is None or each.id in wanted)
        last = len(nodes)
        nodes.append(Node(_listed(each, actor), depth, each.below, is_open))
        if is_open:
            _unfold(nodes, hanging, each.id, actor, table, depth + 1, wanted)
    if len(found) > table.page:
        nodes[last] = replace(nodes[last], next=_key(found[table.page - 1], table.keys))


async def level(
    actor: Member, parent_id: int | None, today: date, *, depth: int = 0, after: str = "", page: int = PAGE
) -> Level:
    """Who hangs directly under somebody (None: under the owners, or under the actor who is none), by name.

    Along the index of levels, which is in their order. NotThere where the actor does not stand above that somebody.
    """
    if parent_id is None and not actor.owner:
        parent_id = actor.id
    if parent_id is not None and parent_id != actor.id:
        top = await member(parent_id)
        if top is None or not actor.above(top):
            raise NotThere
    keys, values = SORTS["last_name"], dict[str, object](account_id=actor.account_id)
    where = "m.account_id = :account_id AND m.parent_id IS NULL AND NOT m.owner"
    if parent_id is not None and not (actor.owner and parent_id == actor.id):
        where, values["parent_id"] = "m.account_id = :account_id AND m.parent_id = :parent_id", parent_id
    if after:
        where += f" AND {_after(after, keys, values, False)}"
    table = _Table([], values, keys, False, after, today, page)
    few = _page(f"SELECT m.id FROM membership m WHERE {where}", table, "m.parent_id, ")
    found = await _told(f"WITH few AS ({few})", values, table, below=_BELOW)
    shown = found[:page]
    nodes = [Node(_listed(each, actor), depth, each.below, False) for each in shown]
    return Level(nodes, _key(shown[-1], keys) if len(found) > page else "")


# One person


async def person(viewer: Viewer, membership_id: int, today: date) -> Person:
    """Themself, somebody below the viewer, and for an owner the owners too. NotThere for anybody else.

    Whom the viewer hangs under is theirs to know no more than on any other page.
    """
    actor, one = await place_of(viewer), await member(membership_id)
    own = one is not None and one.id == actor.id
    if one is None or not (
        own or actor.above(one) or (actor.owner and one.owner and one.account_id == actor.account_id)
    ):
        raise NotThere
    table = _Table([], {"id": one.id}, SORTS["number"], False, "", today, 1)
    (found,) = await _told("WITH few AS (SELECT m.id FROM membership m WHERE m.id = :id)", table.values, table)
    return Person(
        person=replace(_listed(found, actor), under="") if own else _listed(found, actor),
        added_at=found.added_at,
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
