"""Reading the journal: what a viewer may see of it, with the branch decided in the query.

However long it is, a page looks at so many rows at most: those before the key, newest first. What a filter leaves of
them is shown; a filter that leaves little says how far it has looked, and the next page looks further back.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from components.data.database import row, rows
from users.journal.chain import COMMANDS
from users.journal.forms import Filters, Key
from users.permissions.viewer import Viewer

PAGE = 50
LOOKED = 50_000  # rows that a page looks at


@dataclass(frozen=True, slots=True)
class Listed:
    """``who`` and ``whom`` are the account's names for the actor and the target, where they are members.

    ``inside``: the actor is one whom the viewer may know: themself, somebody below, somebody removed who stood below
    when they did it, for an owner anybody. Of anybody else neither name nor login, address, request or what they said
    of third people is here; nor is it searched.

    ``near``: the actor stood in the viewer's branch when they did it, so the others whom it names did, too.
    """

    id: int
    at: datetime
    actor: str
    act: str
    target: str
    before: str | None
    after: str | None
    address: str
    request_id: str
    who: str | None
    whom: str | None
    inside: bool
    near: bool

    @property
    def key(self) -> Key:
        return Key(self.at, self.id)


@dataclass(frozen=True, slots=True)
class Found:
    """``next`` is where the next page begins; ``looked_to`` is set where it has looked further than it shows."""

    rows: Sequence[Listed]
    next: Key | None = None
    looked_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    at: datetime
    id: int


async def list_rows(viewer: Viewer, filters: Filters, zone: ZoneInfo, page: int = PAGE) -> Found:
    """Newest first. One query, and one more where a filter leaves less than a page."""
    seen = _Seen(viewer, filters, zone)
    found = await rows(Listed, seen.sql, **seen.values, page=page + 1, looked=LOOKED)
    if len(found) > page:
        return Found(found[:page], found[page - 1].key)
    if not seen.filtered:
        return Found(found)
    last = await row(_Place, seen.last_sql, **seen.range_values, skipped=LOOKED - 1)
    return Found(found, Key(last.at, last.id), last.at) if last else Found(found)


async def stream(viewer: Viewer, filters: Filters, zone: ZoneInfo, page: int = 1_000) -> AsyncIterator[list[Listed]]:
    """All rows that fit, some at a time."""
    while True:
        found = await list_rows(viewer, filters, zone, page)
        yield list(found.rows)
        if found.next is None:
            return
        filters = Filters(filters.person, filters.act, filters.search, filters.days, found.next)


# What names others than whom it was done to.
_OTHERS = frozenset({"under", "owner", "with", "moved_up", "moved_back"})


def facts(viewer: Viewer, row: Listed, text: str | None) -> dict[str, Any]:
    """What changed, without contracts beyond the viewer's reach: of those only how many there are.

    Where somebody outside the viewer's branch did it, or did it out there, without the other people whom it names.
    """
    said = json.loads(text) if text else None
    if not isinstance(said, dict):
        return {"": said} if said is not None else {}
    if not (row.inside and row.near):
        said = {name: value for name, value in said.items() if name not in _OTHERS}
    listed = said.get("contracts")
    if viewer.reach is not None and isinstance(listed, list):
        within = {each.number for each in viewer.contracts}
        seen = [each for each in listed if each in within]
        hidden = len(listed) - len(seen)
        said["contracts"] = [*seen, f"+{hidden}"] if hidden else seen
    return said


class _Seen:
    """The statement for a viewer's page."""

    def __init__(self, viewer: Viewer, filters: Filters, zone: ZoneInfo) -> None:
        self.range_values: dict[str, object] = {"account_id": viewer.account_id}
        within = ["j.account_id = :account_id"]
        if filters.period:
            first, end = filters.period.moments(zone)
            within.append("j.at >= :first AND j.at < :end")
            self.range_values |= {"first": first, "end": end}
        if filters.after:
            within.append("j.at <= :after AND (j.at < :after OR j.id < :after_id)")
            self.range_values |= {"after": filters.after.at, "after_id": filters.after.id}
        self._range = " AND ".join(within)
        self.values = dict(self.range_values)
        conditions = []
        self._inside, self._near = ("1 = 1", "1 = 1") if viewer.owner else (_INSIDE, _NEAR)
        if not viewer.owner:
            conditions.append(_BRANCH)
            self.values |= {"me": viewer.membership_id, "mine": f"%.{viewer.membership_id}.%"}
        if filters.act:
            conditions.append("j.act = :act")
            self.values["act"] = filters.act
        if filters.person:
            conditions.append(_person(filters.person, self._inside, self.values))
        if filters.search:
            changes = self._near if viewer.reach is None else ""
            conditions.append(_searched(filters.search, self._inside, changes, self.values))
        self.filtered = bool(conditions)
        self._where = " AND ".join(conditions) or "1 = 1"

    @property
    def sql(self) -> str:
        looked = ":looked" if self.filtered else ":page + 0 * :looked"
        return f"""
SELECT j.id, j.at, {self._known("j.actor")} AS actor, j.act, j.target,
  CAST(j."before" AS TEXT) AS "before", CAST(j."after" AS TEXT) AS "after",
  {self._known("j.address")} AS address, {self._known("j.request_id")} AS request_id,
  {self._known(_name("w"))} AS who, {_name("t")} AS whom, {self._inside} AS inside, {self._near} AS near
FROM (SELECT * FROM journal j WHERE {self._range} ORDER BY j.at DESC, j.id DESC LIMIT {looked}) j
LEFT JOIN membership w ON w.account_id = :account_id AND w.user_id = j.user_id
LEFT JOIN membership t ON t.account_id = :account_id AND t.email = j.target AND t.email <> ''
WHERE {self._where} ORDER BY j.at DESC, j.id DESC LIMIT :page"""

    def _known(self, column: str) -> str:
        return column if self._inside == "1 = 1" else f"CASE WHEN {self._inside} THEN {column} ELSE '' END"

    @property
    def last_sql(self) -> str:
        """The last row that was looked at, if there are that many."""
        return (
            f"SELECT j.at, j.id FROM journal j WHERE {self._range} "
            "ORDER BY j.at DESC, j.id DESC LIMIT 1 OFFSET :skipped"
        )


def _name(alias: str) -> str:
    return f"TRIM({alias}.first_name || ' ' || {alias}.last_name)"


# The viewer and everybody below them: what they did themselves, and what was done to them by somebody of the account.
# Who has no place here any more is judged by the line they had: the viewer's own number in it is the viewer above them,
# wherever the viewer has been moved since.
_LINE = "(SELECT b.line FROM membership b WHERE b.id = :me)"
_END = "(SELECT SUBSTR(b.line, 1, LENGTH(b.line) - 1) || '/' FROM membership b WHERE b.id = :me)"
_THEN = "'.' || j.line LIKE :mine"  # below the viewer, or the viewer, at that moment
_INSIDE = f"(CASE WHEN w.id IS NULL THEN j.line IS NOT NULL AND {_THEN} ELSE w.line >= {_LINE} AND w.line < {_END} END)"
_NEAR = f"(j.line IS NULL OR {_THEN})"
# Whoever came from another branch brings nothing of those who stayed there, nor of those removed there.
_BRANCH = (
    f"j.user_id IS NOT NULL AND SUBSTR(j.actor, 1, {len(COMMANDS)}) <> '{COMMANDS}' AND CASE "
    f"WHEN w.id = :me OR (t.line >= {_LINE} AND t.line < {_END}) THEN 1 = 1 "
    f"WHEN t.id IS NULL THEN {_INSIDE} AND ({_NEAR} OR j.target IN ('', j.actor)) ELSE 1 = 0 END"
)


def _like(text: str, name: str, columns: Sequence[str], values: dict[str, object]) -> str:
    """Any of the columns holds the text: as it was typed, in capitals, in small letters, or as names are written."""
    escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    ways = dict.fromkeys((escaped, escaped.upper(), escaped.lower(), escaped.capitalize(), escaped.title()))
    named = {f"{name}{place}": f"%{each}%" for place, each in enumerate(ways)}
    values |= named
    return " OR ".join(f"{column} LIKE :{key} ESCAPE '!'" for column in columns for key in named)


def _person(text: str, inside: str, values: dict[str, object]) -> str:
    """Who did it or whom it was done to: by e-mail, login, or the account's name for them."""
    did = _like(text, "person", ("j.actor", "w.first_name || ' ' || w.last_name"), values)
    suffered = _like(text, "person", ("j.target", "t.first_name || ' ' || t.last_name"), values)
    return f"({suffered} OR ({inside} AND ({did})))"


def _searched(text: str, inside: str, changes: str, values: dict[str, object]) -> str:
    """``changes``: where to look into what was before and after, too; empty for whom some of it may be out of reach."""
    found = _like(text, "q", ("j.actor", "j.address", "j.request_id"), values)
    if changes:
        columns = ('CAST(j."before" AS TEXT)', 'CAST(j."after" AS TEXT)')
        said = _like(text, "q", columns, values)
        escaped = json.dumps(text)[1:-1]
        if escaped != text:  # imports write other letters than ASCII's as numbers
            said += " OR " + _like(escaped, "q_escaped", columns, values)
        found += f" OR ({changes} AND ({said}))"
    return f"({_like(text, 'q', ('j.target', 'j.act'), values)} OR ({inside} AND ({found})))"
