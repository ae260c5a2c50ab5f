"""One person's page as its template needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from components.ui.parts import Fact, State
from components.web.language import N_, Language
from users.hierarchy.form_display import MemberForm
from users.hierarchy.reading import Person
from users.hierarchy.why_display import WhyView
from users.hierarchy.words import documents_words, reach_words, role_word, state_of
from users.permissions.viewer import Viewer

# What was just done, as the page says it once.
DONE = {
    "added": N_("The invitation was sent to %(email)s."),
    "sent": N_("Sent again to %(email)s. The link in the letter before no longer works."),
    "saved": N_("Saved. It counts from their next click on."),
    "suspended": N_("%(name)s is suspended."),
    "resumed": N_("%(name)s is let in again."),
    "moved": N_("%(name)s stands in the new place."),
    "restored": N_("The removal of %(name)s is undone. They sign in anew."),
    "offered": N_("The offer is on its way to %(email)s."),
    "withdrawn": N_("The offer is withdrawn."),
}
DONE_BELOW = {"suspended": N_("%(name)s is suspended, and everybody below with them.")}


@dataclass(frozen=True, slots=True)
class Act:
    """A link, or (``posts``) a form with one button."""

    text: str
    href: str
    icon: str
    posts: bool = False
    tone: Literal["", "danger"] = ""


@dataclass(frozen=True, slots=True)
class PersonView:
    id: int
    name: str
    email: str
    position: str
    state: State
    done: str
    inbox: str  # the demo's inbox, where a letter has just gone; empty elsewhere
    error: str
    facts: tuple[Fact, ...]
    acts: tuple[Act, ...]
    closed: str  # why nothing can be changed here; empty: it can
    form: MemberForm | None
    why: WhyView | None


def person_view(
    found: Person,
    seen_at: datetime | None,
    form: MemberForm | None,
    why: WhyView | None,
    done: str,
    error: str,
    viewer: Viewer,
    today: date,
    zone: ZoneInfo,
    say: Language,
) -> PersonView:
    one = found.member
    return PersonView(
        id=one.id,
        name=one.name,
        email="" if one.name == one.email else one.email,
        position=one.position,
        state=_state(found, today, zone, say),
        done=_done(found, done, say),
        inbox="",
        error=error,
        facts=_facts(found, seen_at, viewer, zone, say),
        acts=_acts(found, viewer, say),
        closed=_closed(found, viewer, say),
        form=form,
        why=why,
    )


def _done(found: Person, done: str, say: Language) -> str:
    said = DONE | DONE_BELOW if found.below else DONE
    if done not in said:
        return ""
    return say.sentence(say.gettext(said[done]) % {"name": found.member.name, "email": found.member.email})


def _state(found: Person, today: date, zone: ZoneInfo, say: Language) -> State:
    if found.person.state == "waiting":
        if found.invited_until is None:
            return State("triangle", "notice", say.gettext("The invitation has run out: send it again"))
        until = say.moment(found.invited_until, zone)
        return State("clock", "notice", say.gettext("Waits for confirmation until %(moment)s") % {"moment": until})
    if found.person.state == "temporary":
        return State("half", "accent", say.gettext("Has a temporary password"))
    return state_of(found.member, today, say) or State("tick", "good", say.gettext("Active"))


def _facts(found: Person, seen_at: datetime | None, viewer: Viewer, zone: ZoneInfo, say: Language) -> tuple[Fact, ...]:
    one = found.member
    facts = [
        (say.gettext("Role"), role_word(one, say)),
        (say.gettext("Reach"), reach_words(one.standing.contracts, viewer, say)),
        (say.gettext("Documents"), documents_words(one.standing, say)),
        (say.gettext("Stands under"), _under(found, viewer, say)),
        (say.gettext("Added"), _added(found, zone, say)),
        (say.gettext("Last seen"), say.moment(seen_at, zone) if seen_at else say.gettext("Not yet")),
        (say.gettext("People below"), say.integer(found.below) if found.below else ""),
    ]
    return tuple(Fact(name, value) for name, value in facts if value)


def _under(found: Person, viewer: Viewer, say: Language) -> str:
    if found.member.owner or found.member.id == viewer.membership_id:  # who stands above is not named to anybody
        return ""
    return found.person.under or say.gettext("The owners")


def _added(found: Person, zone: ZoneInfo, say: Language) -> str:
    day = say.day(found.added_at.astimezone(zone).date())
    return f"{day}, {found.added_by}" if found.added_by else day


def _acts(found: Person, viewer: Viewer, say: Language) -> tuple[Act, ...]:
    one = found.member
    address = f"/users/{one.id}"
    if one.id == viewer.membership_id and viewer.owner:
        return (Act(say.gettext("Step down as an owner"), f"{address}/resignation", "log-out"),)
    if not found.person.acts:
        return ()
    acts = []
    if one.user_id is None:
        acts.append(Act(say.gettext("Send the invitation again"), f"{address}/invitation", "mail", posts=True))
    if one.own.suspended:
        acts.append(Act(say.gettext("Let in again"), f"{address}/resumption", "play", posts=True))
    else:
        acts.append(Act(say.gettext("Suspend"), f"{address}/suspension", "circle-pause", posts=True))
    acts.append(Act(say.gettext("Move"), f"{address}/place", "move-right"))
    if viewer.owner and one.user_id is not None:
        acts.append(Act(say.gettext("Make an owner"), f"{address}/ownership", "key-round"))
    acts.append(Act(say.gettext("Remove"), f"{address}/removal", "trash-2", tone="danger"))
    return tuple(acts)


def _closed(found: Person, viewer: Viewer, say: Language) -> str:
    if found.person.acts:
        return ""
    if found.member.id == viewer.membership_id and not viewer.owner:
        return say.gettext(
            "This is you. Nobody changes their own rights: ask whoever let you in. Your name and language are in My "
            "profile."
        )
    if found.member.id == viewer.membership_id:
        return say.gettext(
            "This is you. As an owner you may do everything; your name and language are in My profile. Nobody changes "
            "their own rights here."
        )
    return say.gettext(
        "An owner may do everything, and nobody else changes that: only they themself, by stepping down, or the "
        "operator."
    )
