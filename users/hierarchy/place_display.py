"""Where somebody may be moved to, and what their rights come to there."""

from __future__ import annotations

from dataclasses import dataclass

from components.ui.parts import Field
from components.web.addresses import with_query
from components.web.language import Language
from users.hierarchy.places import OWNERS, Places
from users.hierarchy.tree import Member
from users.hierarchy.words import permission_words, reach_words, role_word, told
from users.permissions.rights import EVERYTHING, Rights, meet
from users.permissions.viewer import Viewer


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    name: str
    detail: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the move does to the rights that count."""

    to: str  # for the form
    title: str
    lines: tuple[tuple[str, str], ...]
    submit: str


@dataclass(frozen=True, slots=True)
class PlaceView:
    id: int
    name: str
    title: str
    lead: str
    search: Field
    choices: tuple[PlaceChoice, ...]
    more: str
    nothing: str
    outcome: Outcome | None
    error: str


def place_view(
    one: Member,
    parent: Member | None,
    found: Places,
    to: Member | str | None,
    actor: Member,
    search: str,
    viewer: Viewer,
    error: str,
    say: Language,
) -> PlaceView:
    address = f"/users/{one.id}/place"
    chosen = str(to.id) if isinstance(to, Member) else to or ""
    choices = [_choice(each, address, search, chosen, actor, say) for each in found.found]
    if actor.owner and one.parent_id is not None and not search:
        choices.insert(
            0,
            PlaceChoice(
                say.gettext("The owners"),
                say.gettext("Nobody else above them"),
                with_query(address, {"to": OWNERS}),
                chosen == OWNERS,
            ),
        )
    return PlaceView(
        id=one.id,
        name=one.name,
        title=say.gettext("Move %(name)s") % {"name": one.name},
        lead=say.gettext("Now under %(name)s. Everybody below moves along.")
        % {"name": parent.name if parent else say.gettext("the owners")},
        search=Field("q", say.gettext("Search"), search, "search", placeholder=say.gettext("Name, e-mail or position")),
        choices=tuple(choices),
        more=say.gettext("There are more: search by name.") if found.more else "",
        nothing="" if choices else _nothing(search, say),
        outcome=_outcome(one, to, viewer, say) if to else None,
        error=error,
    )


def _choice(each: Member, address: str, search: str, chosen: str, actor: Member, say: Language) -> PlaceChoice:
    you = say.gettext("you") if each.id == actor.id else ""
    detail = told(say, each.position, role_word(each, say), you)
    return PlaceChoice(
        each.name, detail, with_query(address, {"q": search, "to": str(each.id)}), chosen == str(each.id)
    )


def _nothing(search: str, say: Language) -> str:
    if search:
        return say.gettext("Nobody of that name whom they could stand under.")
    return say.gettext("There is nobody else here whom they could stand under.")


def _outcome(one: Member, to: Member | str, viewer: Viewer, say: Language) -> Outcome:
    above = to.standing if isinstance(to, Member) else EVERYTHING
    name = to.name if isinstance(to, Member) else say.gettext("the owners")
    after = meet(above, one.own)
    return Outcome(
        to=str(to.id) if isinstance(to, Member) else to,
        title=say.gettext("Under %(name)s") % {"name": name},
        lines=_changes(one.standing, after, viewer, say),
        submit=say.gettext("Move %(one)s under %(name)s") % {"one": one.name, "name": name},
    )


def _changes(before: Rights, after: Rights, viewer: Viewer, say: Language) -> tuple[tuple[str, str], ...]:
    lines = []
    lost = permission_words(before.permissions - after.permissions, say)
    if lost:
        lines.append((say.gettext("No longer counts"), say.listed(lost, "; ")))
    back = permission_words(after.permissions - before.permissions, say)
    if back:
        lines.append((say.gettext("Counts again"), say.listed(back, "; ")))
    if before.contracts != after.contracts:
        lines.append((say.gettext("Reach"), reach_words(after.contracts, viewer, say)))
    if after.suspended != before.suspended:
        lines.append(
            (
                say.gettext("Access"),
                say.gettext("Suspended, since somebody above is")
                if after.suspended
                else say.gettext("No longer suspended from above"),
            )
        )
    if (before.valid_from, before.valid_until) != (after.valid_from, after.valid_until):
        until = say.day(after.valid_until) if after.valid_until else say.gettext("no end")
        lines.append((say.gettext("Access until"), until))
    if not lines:
        lines.append((say.gettext("Rights"), say.gettext("Nothing changes: the same rights count there.")))
    return tuple(lines)
