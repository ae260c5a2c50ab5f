"""The people of an account as their templates need them: the table and the tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from components.ui.parts import Empty, Field, Link, Option, Pager, State
from components.web.addresses import with_query
from components.web.language import N_, NC_, Language
from users.hierarchy.list_forms import Wish
from users.hierarchy.reading import Count, Found, Level, Listed, Node
from users.hierarchy.reading import State as Standing
from users.hierarchy.tree import Member
from users.hierarchy.undoing import Undoable
from users.hierarchy.words import (
    documents_words,
    permission_words,
    reach_words,
    role_name,
    role_word,
    state_of,
    told,
)
from users.permissions.permission import Permission
from users.permissions.permission import Permission as P
from users.permissions.viewer import Viewer

ADDRESS = "/users"
DEEPEST = 8  # steps of indentation that are drawn

COLUMNS: tuple[tuple[str, frozenset[Permission]], ...] = (
    (N_("Money"), frozenset({P.BALANCE_VIEW, P.INVOICES_VIEW, P.PAYMENTS_VIEW})),
    (N_("Pay"), frozenset({P.BALANCE_TOP_UP, P.BALANCE_AUTO_TOP_UP})),
    (N_("Orders"), frozenset({P.SERVICES_ORDER})),
    (N_("Disconnect"), frozenset({P.SERVICES_DISCONNECT})),
    (N_("Usage"), frozenset({P.USAGE_VIEW})),
    (N_("DNS"), frozenset({P.DNS_VIEW, P.DNS_EDIT})),
    (N_("Users"), frozenset({P.USERS_MANAGE})),
)
# The same over a column of ticks, where a language has a shorter word.
NC_("column", "Money")
NC_("column", "Pay")
NC_("column", "Orders")
NC_("column", "Disconnect")
NC_("column", "Usage")
NC_("column", "DNS")
NC_("column", "Users")
# When what was given counts, for whom nothing counts today.
COUNTS: dict[Standing, str] = {
    "waiting": N_("once confirmed"),
    "suspended": N_("once let in again"),
    "suspended_above": N_("once let in again"),
    "not_yet": N_("once their access begins"),
    "over": N_("until their access ended"),
}
SORT_WORDS: tuple[tuple[str, str], ...] = (
    ("last_name", N_("Last name")),
    ("first_name", N_("First name")),
    ("email", N_("E-mail")),
    ("position", N_("Position")),
    ("number", N_("Number")),
    ("-number", N_("Last added")),
)
Mark = Literal["may", "later", "held", "none"]
MARKS: tuple[Mark, ...] = get_args(Mark)
Guide = Literal["line", "blank", "tee", "last"]


@dataclass(frozen=True, slots=True)
class Toggle:
    """Opens or closes a branch; without ``href`` it only tells how many are below."""

    text: str
    href: str
    opened: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: int
    name: str
    email: str  # empty where the name is the e-mail
    you: bool
    href: str
    position: str
    role: str  # or how many rights
    named: bool  # the role has a name
    reach: str
    documents: str
    state: State | None
    off: bool  # can't come in today
    marks: tuple[tuple[str, Mark], ...]
    rights: str  # the same in words
    held: str
    line: str  # what they are and reach, in one line
    rights_line: str  # ``rights`` with the role before them
    acts: bool
    guides: tuple[Guide, ...] = ()
    under: str = ""
    toggle: Toggle | None = None
    more: tuple[Link, ...] = ()  # levels that go on after this row


@dataclass(frozen=True, slots=True)
class Column:
    """A column of ticks: what stands over it, and the whole word."""

    text: str
    whole: str


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    href: str
    sorted: Literal["ascending", "descending", ""]


@dataclass(frozen=True, slots=True)
class Undo:
    text: str
    action: str
    until: str


@dataclass(frozen=True, slots=True)
class PeopleList:
    subtitle: str
    views: tuple[tuple[str, str, bool], ...]  # word, address, current
    tree: bool
    view: str  # what the search form keeps
    search: Field
    sort: Field | None
    headings: dict[str, Heading]
    columns: tuple[Column, ...]
    rows: tuple[PersonRow, ...]
    pager: Pager
    empty: Empty | None
    clear: Link | None
    undos: tuple[Undo, ...]
    error: str
    back: Link | None  # out of the rest of a level

    @property
    def kinds(self) -> tuple[Mark, ...]:
        """The marks that some row shows."""
        shown = {mark for row in self.rows for _, mark in row.marks}
        return tuple(each for each in MARKS if each in shown)


def people_table(found: Found, wish: Wish, viewer: Viewer, today: date, say: Language) -> PeopleList:
    """The table: any order, a search, page by page."""
    sought = wish.sought
    made = _list(found, replace(wish, view="table"), viewer, say)
    query = replace(wish, view="table").query
    return replace(
        made,
        sort=Field(
            "sort",
            say.gettext("Sorted by"),
            kind="select",
            options=tuple(
                Option(value, say.gettext(word), value == ("-" if sought.descending else "") + sought.sort)
                for value, word in SORT_WORDS
            ),
        ),
        headings={name: _heading(name, wish, say) for name in ("number", "last_name", "position")},
        rows=tuple(_row(each, viewer, today, say) for each in found.people),
        pager=Pager(
            first=with_query(ADDRESS, query()) if sought.after else "",
            next=with_query(ADDRESS, query(after=found.next)) if found.next else "",
        ),
        empty=_empty(wish, say) if not found.people else None,
        clear=Link(say.gettext("Clear the search"), with_query(ADDRESS, query(q=""))) if sought.search else None,
    )


def people_tree(
    nodes: Sequence[Node], own: PersonRow | None, count: Count, wish: Wish, viewer: Viewer, today: date, say: Language
) -> PeopleList:
    """The tree; ``own`` is the viewer's own row where they are no owner."""
    made = _list(count, replace(wish, view="tree"), viewer, say)
    depths = [0 if each.person.member.owner else each.depth + 1 for each in nodes]
    guides = _guides(depths, [bool(each.next) for each in nodes])
    rows = [
        replace(
            _row(each.person, viewer, today, say),
            guides=lines,
            under=each.person.under,
            toggle=_toggle(each, wish, say),
            more=more,
        )
        for each, lines, more in zip(nodes, guides, _mores(nodes, depths, say), strict=True)
    ]
    return replace(
        made, rows=(*((own,) if own else ()), *rows), empty=_nobody(say) if len(rows) + bool(own) < 2 else None
    )


def people_level(level: Level, wish: Wish, count: Count, viewer: Viewer, today: date, say: Language) -> PeopleList:
    """The rest of a long level of the tree."""
    made = _list(count, replace(wish, view="tree"), viewer, say)
    under = str(wish.under or 0)
    return replace(
        made,
        rows=tuple(
            replace(_row(each.person, viewer, today, say), under=each.person.under, toggle=_toggle(each, wish, say))
            for each in level.nodes
        ),
        pager=Pager(
            next=with_query(ADDRESS, {"view": "tree", "under": under, "after": level.next}) if level.next else ""
        ),
        back=Link(say.gettext("To the beginning of the tree"), f"{ADDRESS}?view=tree"),
    )


def with_undos(made: PeopleList, removals: Sequence[Undoable], error: str, zone: ZoneInfo, say: Language) -> PeopleList:
    return replace(
        made,
        error=error,
        undos=tuple(
            Undo(
                say.sentence(
                    (
                        say.gettext("%(name)s was removed, and everybody below.")
                        if each.way == "branch"
                        else say.gettext("%(name)s was removed.")
                    )
                    % {"name": each.name}
                ),
                f"/users/removals/{each.id}/restoration",
                say.gettext("until %(time)s") % {"time": say.time(each.until, zone)},
            )
            for each in removals
        ),
    )


def own_row(one: Member, viewer: Viewer, today: date, say: Language) -> PersonRow:
    """Of who is no owner."""
    return _row(Listed(one, "active", acts=False), viewer, today, say)


def _list(found: Found | Count, wish: Wish, viewer: Viewer, say: Language) -> PeopleList:
    tree = wish.view == "tree"
    return PeopleList(
        subtitle=_subtitle(found, wish, viewer, say),
        views=(
            (say.gettext("Tree"), f"{ADDRESS}?view=tree", tree),
            (say.gettext("Table"), with_query(ADDRESS, {**wish.query(), "view": "table"}), not tree),
        ),
        tree=tree,
        view="table",
        search=Field(
            "q", say.gettext("Search"), wish.sought.search, "search", placeholder=say.gettext("Name, e-mail, position")
        ),
        sort=None,
        headings={},
        columns=tuple(Column(say.pgettext("column", word), say.gettext(word)) for word, _ in COLUMNS),
        rows=(),
        pager=Pager(),
        empty=None,
        clear=None,
        undos=(),
        error="",
        back=None,
    )


def _subtitle(found: Found | Count, wish: Wish, viewer: Viewer, say: Language) -> str:
    n = say.integer(found.total) + ("+" if found.more else "")
    if wish.sought.search and wish.view == "table":
        return say.ngettext("%(n)s person found", "%(n)s people found", found.total) % {"n": n}
    if viewer.owner:
        text = say.ngettext("%(n)s person on account %(number)s.", "%(n)s people on account %(number)s.", found.total)
    else:
        text = say.ngettext(
            "%(n)s person below you on account %(number)s.",
            "%(n)s people below you on account %(number)s.",
            found.total,
        )
    return text % {"n": n, "number": viewer.account} + " " + say.gettext("Nobody can give a right they do not have.")


def _heading(name: str, wish: Wish, say: Language) -> Heading:
    words = {"number": N_("No."), "last_name": N_("Person"), "position": N_("Position, role")}
    current, down = wish.sought.sort == name, wish.sought.descending
    turned = ("-" if current and not down else "") + name
    return Heading(
        say.gettext(words[name]),
        with_query(ADDRESS, replace(wish, view="table").query(sort="" if turned == "last_name" else turned)),
        ("descending" if down else "ascending") if current else "",
    )


def _row(each: Listed, viewer: Viewer, today: date, say: Language) -> PersonRow:
    one = each.member
    marks = tuple((say.gettext(word), _mark(each, group)) for word, group in COLUMNS)
    role, rights, held = role_name(one, say), _rights(each, marks, say), _held(each, marks, say)
    when = say.gettext(COUNTS[each.state]) if each.state in COUNTS and rights else ""
    reach, documents = reach_words(one.standing.contracts, viewer, say), documents_words(one.standing, say)
    return PersonRow(
        id=one.id,
        name=one.name,
        email="" if one.name == one.email else one.email,
        you=one.id == viewer.membership_id,
        href=f"{ADDRESS}/{one.id}",
        position=one.position,
        role=role_word(one, say),
        named=bool(role),
        reach=reach,
        documents=documents,
        state=_state(each, today, say),
        off=each.state not in ("active", "temporary"),
        marks=marks,
        rights=_counting([when], rights, say),
        held=say.inside(held),
        line=told(say, one.position, reach, documents),
        rights_line=_counting([role, when], rights, say),
        acts=each.acts,
    )


def _rights(each: Listed, marks: tuple[tuple[str, Mark], ...], say: Language) -> str:
    """By the columns; what is in none of them is named itself."""
    one = each.member
    if one.owner:
        return say.gettext("Everything")
    words = [word for word, mark in marks if mark in ("may", "later")]
    return say.listed(words or permission_words(one.own.permissions & one.standing.permissions, say))


def _held(each: Listed, marks: tuple[tuple[str, Mark], ...], say: Language) -> str:
    given, counts = each.member.own.permissions, each.member.standing.permissions
    words = [word for word, mark in marks if mark == "held"]
    return say.listed(words if words or given & counts else permission_words(given - counts, say))


def _counting(before: list[str], rights: str, say: Language) -> str:
    """``Finance, once confirmed: money, pay``"""
    first = say.listed(before)
    return f"{first}: {say.inside(rights)}" if first and rights else first or rights


def _state(each: Listed, today: date, say: Language) -> State | None:
    if each.state == "temporary":
        return State("half", "accent", say.gettext("Has a temporary password"))
    return state_of(each.member, today, say)


def _mark(each: Listed, group: frozenset[Permission]) -> Mark:
    given = each.member.own.permissions & group
    if given & each.member.standing.permissions:
        return "later" if each.state in COUNTS else "may"
    return "held" if given else "none"


def _guides(depths: list[int], goes_on: list[bool]) -> list[tuple[Guide, ...]]:
    """The lines before each row: who hangs under whom, seen from the bottom up."""
    found: list[tuple[Guide, ...]] = []
    open_at: set[int] = set()
    for depth, more in zip(reversed(depths), reversed(goes_on), strict=True):
        below: tuple[Guide, ...] = tuple("line" if each in open_at else "blank" for each in range(1, depth))
        mine: tuple[Guide, ...] = ("tee" if depth in open_at or more else "last",) if depth else ()
        found.append((*below, *mine)[-DEEPEST:])
        open_at = {each for each in open_at if each < depth} | {depth}
    return found[::-1]


def _toggle(node: Node, wish: Wish, say: Language) -> Toggle | None:
    if not node.below:
        return None
    one = node.person.member.id
    text = say.ngettext("%(n)s below", "%(n)s below", node.below) % {"n": say.integer(node.below)}
    if node.opened and one not in wish.opened:  # of few people every branch is open
        return None
    opened = [each for each in wish.opened if each != one] + ([] if node.opened else [one])
    query = urlencode([("view", "tree"), *(("open", str(each)) for each in opened)])
    return Toggle(text, f"{ADDRESS}?{query}", node.opened)


def _mores(nodes: Sequence[Node], depths: list[int], say: Language) -> list[tuple[Link, ...]]:
    """Where a level goes on: behind everybody below its last row, the innermost first."""
    found: list[tuple[Link, ...]] = [() for _ in nodes]
    for place, node in enumerate(nodes):
        if not node.next:
            continue
        end = place
        while end + 1 < len(nodes) and depths[end + 1] > depths[place]:
            end += 1
        name = node.person.under or say.gettext("the owners")
        under = str(node.person.member.parent_id or 0)
        link = Link(
            say.gettext("More under %(name)s") % {"name": name},
            with_query(ADDRESS, {"view": "tree", "under": under, "after": node.next}),
        )
        found[end] = (link, *found[end])
    return found


def _empty(wish: Wish, say: Language) -> Empty:
    if wish.sought.search:
        return Empty(say.gettext("Nobody fits this search."), say.gettext("Name, e-mail and position are looked at."))
    return _nobody(say)


def _nobody(say: Language) -> Empty:
    return Empty(
        say.gettext("Nobody but you yet."),
        say.gettext("Whoever you add gets a letter with a link, and sees only what you tick."),
        Link(say.gettext("Add the first user"), "/users/new"),
    )
