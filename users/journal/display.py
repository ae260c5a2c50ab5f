"""The journal as its templates need it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from components.data import period as components_period
from components.data.operator import LANGUAGE_NAMES
from components.ui.parts import Empty, Fact, Field, Link, Option, Pager, Period, State
from components.ui.period_picker import document_presets, picker
from components.web.addresses import with_query
from components.web.language import N_, Language
from users.journal.chain import COMMANDS as COMMAND
from users.journal.checking import Checked
from users.journal.exporting import Exported
from users.journal.forms import Filters
from users.journal.reading import Found, Listed, facts
from users.journal.words import ACTS, COMMANDS, FAULTS, FIELDS, OPERATOR, VALUES
from users.permissions.permission import Permission
from users.permissions.viewer import Viewer
from users.permissions.words import WORDS

ADDRESS = "/journal"
NOTHING = "—"
ABOVE = N_("Somebody above")
NO_SUCH = N_("There are no such entries. Choose one of the list.")


@dataclass(frozen=True, slots=True)
class Change:
    """One field: ``text`` says before → after, or the one of the two there is."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    time: str
    who: str
    login: str  # empty where it says the same as ``who``
    what: str
    whom: str
    changes: tuple[Change, ...]
    address: str


@dataclass(frozen=True, slots=True)
class Day:
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Journal:
    subtitle: str
    period: Period
    act_field: Field
    person_field: Field
    search_field: Field
    days: tuple[Day, ...]
    pager: Pager
    looked: str  # how far a filter has looked, where it could look further
    empty: Empty | None
    filtered: bool
    clear_href: str
    csv_href: str


def journal(found: Found, filters: Filters, viewer: Viewer, zone: ZoneInfo, today: date, say: Language) -> Journal:
    """A page of it; days and times are those of ``zone``."""

    def link(period: components_period.Period | None) -> str:
        first, last = (period.start.isoformat(), period.last.isoformat()) if period else ("", "")
        return with_query(ADDRESS, filters.query(**{"from": first, "to": last}))

    return Journal(
        subtitle=_subtitle(viewer, zone, found, say),
        period=picker(filters.days, filters.period, document_presets(today, say), link, say),
        act_field=_act_field(filters, say),
        person_field=Field(
            "person", say.gettext("Person"), filters.person, "search", placeholder=say.gettext("Name or e-mail")
        ),
        search_field=Field(
            "q", say.gettext("Search"), filters.search, "search", placeholder=say.gettext("Address, change …")
        ),
        days=_days(found, viewer, zone, say),
        pager=Pager(
            first=with_query(ADDRESS, filters.query()) if filters.after else "",
            next=with_query(ADDRESS, {**filters.query(), "after": str(found.next)}) if found.next else "",
        ),
        looked=say.gettext("Looked through back to %(moment)s.") % {"moment": say.moment(found.looked_to, zone)}
        if found.looked_to
        else "",
        empty=None if found.rows else _empty(filters, found, say),
        filtered=filters.any,
        clear_href=ADDRESS,
        csv_href=with_query("/journal.csv", filters.query()),
    )


def _subtitle(viewer: Viewer, zone: ZoneInfo, found: Found, say: Language) -> str:
    whose = (
        say.gettext("Who did what on account %(number)s.")
        if viewer.owner
        else say.gettext("What you and the people below you did on account %(number)s.")
    ) % {"number": viewer.account}
    if not found.rows:
        return whose
    zone_name = say.zone_name(zone, found.rows[0].at)
    return whose + " " + say.gettext("Times are those of %(zone)s.") % {"zone": zone_name}


def _act_field(filters: Filters, say: Language) -> Field:
    return Field(
        "act",
        say.gettext("What"),
        filters.act,
        "select",
        error=say.gettext(NO_SUCH) if filters.wrong_act else "",
        options=(
            Option("", say.gettext("Anything"), not filters.act),
            *(Option(each, say.gettext(word), each == filters.act) for each, word in ACTS.items()),
        ),
    )


def _days(found: Found, viewer: Viewer, zone: ZoneInfo, say: Language) -> tuple[Day, ...]:
    days: dict[date, list[Entry]] = {}
    for each in found.rows:
        days.setdefault(each.at.astimezone(zone).date(), []).append(_entry(each, viewer, zone, say))
    return tuple(Day(say.day_full(day), tuple(entries)) for day, entries in days.items())


def _entry(each: Listed, viewer: Viewer, zone: ZoneInfo, say: Language) -> Entry:
    who = actor(each, say)
    whom = "" if each.target == each.actor else each.whom or each.target
    return Entry(
        time=each.at.astimezone(zone).strftime("%H:%M:%S"),
        who=who,
        login=each.actor if who != each.actor else "",
        what=say.gettext(ACTS.get(each.act, each.act)),
        whom=whom,
        changes=tuple(changes(facts(viewer, each, each.before), facts(viewer, each, each.after), say)),
        address=each.address,
    )


def actor(each: Listed, say: Language) -> str:
    """A name where there is one; commands are the operator's. Who is outside the reader's branch is not named."""
    if not each.inside:
        return say.gettext(ABOVE)
    if each.actor.startswith(COMMAND):
        return say.gettext(COMMANDS.get(each.actor, OPERATOR))
    return each.who or each.actor or say.gettext("Nobody known")


def changes(before: dict[str, Any], after: dict[str, Any], say: Language) -> Iterator[Change]:
    """Field by field: known ones first, in their order."""
    names = [*(name for name in FIELDS if name in before or name in after)]
    names += [name for name in {**before, **after} if name not in FIELDS]
    for name in names:
        label = say.gettext(FIELDS[name]) if name in FIELDS else name
        yield Change(label, _changed(name, before, after, say))


def _changed(name: str, before: dict[str, Any], after: dict[str, Any], say: Language) -> str:
    if name not in before or name not in after:
        return _value(name, after.get(name, before.get(name)), say)
    was, now = before[name], after[name]
    if isinstance(was, list) and isinstance(now, list):
        plus = [f"+ {_value(name, each, say)}" for each in now if each not in was]
        minus = [f"\N{MINUS SIGN} {_value(name, each, say)}" for each in was if each not in now]
        return ", ".join([*plus, *minus]) or _value(name, now, say)
    if isinstance(was, dict) and isinstance(now, dict):
        different = [key for key in {**was, **now} if was.get(key) != now.get(key)]
        was, now = ({key: each[key] for key in different if key in each} for each in (was, now))
    return f"{_value(name, was, say)} → {_value(name, now, say)}"


def _value(name: str, value: Any, say: Language) -> str:
    if value is None or value == "" or value == [] or value == {}:
        return NOTHING
    if isinstance(value, bool):
        return say.gettext("Yes") if value else say.gettext("No")
    if isinstance(value, list):
        texts = [_value(name, each, say) for each in value]
        return say.listed(texts) if name == "permissions" else ", ".join(texts)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_value(key, each, say)}" for key, each in value.items())
    if isinstance(value, int):
        return say.integer(value)
    if isinstance(value, str):
        return _text(name, value, say)
    return json.dumps(value)


def _text(name: str, value: str, say: Language) -> str:
    if (name, value) in VALUES:
        return say.gettext(VALUES[name, value])
    if name == "permissions":
        known = {each.value: word for each, word in WORDS.items()}
        return say.listed(say.gettext(known.get(each, each)) for each in value.split()) or NOTHING
    if name == "language":
        return LANGUAGE_NAMES.get(value, value)
    if name.endswith(("_from", "_until", "_on")):
        try:
            return say.day(date.fromisoformat(value))
        except ValueError:
            return value
    return value


def _empty(filters: Filters, found: Found, say: Language) -> Empty:
    if filters.days.wrong:
        return Empty(say.gettext("Nothing is shown until the dates are corrected."))
    if filters.wrong_act:
        return Empty(say.gettext("Nothing is shown until the filter is corrected."))
    if found.next:
        return Empty(say.gettext("Nothing in this part of the journal."), say.gettext("Older entries may fit."))
    if not filters.any and not filters.after:
        return Empty(
            say.gettext("Nothing has been written yet."),
            say.gettext("Sign-ins and changes appear here as they happen."),
        )
    return Empty(say.gettext("No entry fits this filter."), "", Link(say.gettext("Show the whole journal"), ADDRESS))


# Checking


@dataclass(frozen=True, slots=True)
class Checking:
    """``again`` is where to look again while it is being done."""

    lead: str
    facts: tuple[Fact, ...]
    state: State | None
    detail: str
    faults: tuple[str, ...]
    again: str
    seal_href: str


CHECKING = N_("The journal is being checked. This page looks again by itself.")


def checking(last: Exported | None, checked: Checked | None, viewer: Viewer, zone: ZoneInfo, say: Language) -> Checking:
    """What the chain is, and what the last check came to. Which entries are wrong is for owners."""
    known: list[Fact] = []
    if last:
        known.append(Fact(say.gettext("Last sealed"), say.moment(last.sealed_at, zone)))
        if viewer.owner:
            known.append(Fact(say.gettext("Entries sealed"), say.integer(last.number)))
            known.append(Fact(say.gettext("Last seal"), last.hash))
    state, detail = _state(checked, viewer, zone, say)
    named = checked.faults if checked and viewer.owner else ()
    return Checking(
        lead=say.gettext(
            "Every entry is sealed within a minute, and each seal covers the one before it: whoever changes, removes"
            " or adds an entry afterwards breaks the chain."
        ),
        facts=tuple(known),
        state=state,
        detail=detail,
        faults=tuple(
            say.gettext(text) % {"row": each["row"], "number": each["number"], "until": each["until"]}
            for each in named
            if (text := FAULTS.get(each.get("kind", "")))
        ),
        again="/journal/verification" if checked and checked.at is None else "",
        seal_href="/journal/seal.json" if last and viewer.owner else "",
    )


def _state(checked: Checked | None, viewer: Viewer, zone: ZoneInfo, say: Language) -> tuple[State | None, str]:
    if checked is None:
        return None, ""
    if checked.at is None:
        return State("half", "accent", say.gettext("Being checked")), say.gettext(CHECKING)
    when = say.gettext("Checked on %(moment)s.") % {"moment": say.moment(checked.at, zone)}
    if not checked.count:
        told = say.ngettext("%(n)s entry is as it was sealed.", "%(n)s entries are as they were sealed.", checked.rows)
        how_many = told % {"n": say.integer(checked.rows)}
        return State("tick", "good", say.gettext("The chain is whole")), f"{how_many} {when}" if viewer.owner else when
    told = say.ngettext("%(n)s fault was found.", "%(n)s faults were found.", checked.count)
    rest = say.gettext("Tell the operator: contacts are at the foot of the page.")
    return (
        State("octagon", "bad", say.gettext("The chain is broken")),
        f"{told % {'n': say.integer(checked.count)}} {when} {rest}",
    )


def may_see_seal(viewer: Viewer) -> bool:
    """How many entries there are is for owners."""
    return viewer.owner and viewer.may(Permission.JOURNAL_VIEW)
