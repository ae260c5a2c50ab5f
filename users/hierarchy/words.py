"""What is said of somebody in the tree: what state they are in, what they reach, what they may."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from components.ui.parts import State
from components.web.language import Language
from users.hierarchy.tree import Member
from users.permissions.permission import Permission
from users.permissions.rights import Rights
from users.permissions.roles import role_of
from users.permissions.viewer import Viewer
from users.permissions.words import GROUPS, ROLE_WORDS, WORDS

NAMED = 3  # contracts that are named one by one; more are counted


def role_name(one: Member, say: Language) -> str:
    """Owner, or the ready-made role; empty where rights were chosen one by one."""
    if one.owner:
        return say.gettext("Owner")
    role = role_of(one.own.permissions)
    return say.gettext(ROLE_WORDS[role]) if role else ""


def role_word(one: Member, say: Language) -> str:
    """The role, or how many rights were chosen one by one."""
    named = role_name(one, say)
    if named:
        return named
    if not one.own.permissions:
        return say.gettext("No rights yet")
    n = len(one.own.permissions)
    return say.ngettext("%(n)s right", "%(n)s rights", n) % {"n": say.integer(n)}


def state_of(one: Member, today: date, say: Language) -> State | None:
    """None where there is nothing to say: they are in, without an end."""
    rights = one.standing
    if rights.suspended:
        word = say.gettext("Suspended") if one.own.suspended else say.gettext("Suspended above")
        return State("ring", "neutral", word, "" if one.user_id else say.gettext("and not confirmed yet"))
    if one.user_id is None:
        return State("clock", "notice", say.gettext("Invited"))
    if rights.valid_until and rights.valid_until < today:
        return State("ring", "neutral", say.gettext("Ended %(day)s") % {"day": say.day(rights.valid_until)})
    if rights.valid_from and rights.valid_from > today:
        return State("dashed", "neutral", say.gettext("From %(day)s") % {"day": say.day(rights.valid_from)})
    if rights.valid_until:
        return State("clock", "notice", say.gettext("Until %(day)s") % {"day": say.day(rights.valid_until)})
    return None


def reach_words(contracts: frozenset[int] | None, viewer: Viewer, say: Language) -> str:
    """Contracts by number, as far as the viewer reaches them; the others are counted."""
    if contracts is None:
        return say.gettext("All contracts")
    if not contracts:
        return say.gettext("No contract")
    numbers = [each.number for each in viewer.contracts if each.id in contracts]
    hidden = len(contracts) - len(numbers)
    if hidden or len(numbers) > NAMED:
        return say.ngettext("%(n)s contract", "%(n)s contracts", len(contracts)) % {"n": say.integer(len(contracts))}
    return ", ".join(numbers)


def documents_words(rights: Rights, say: Language) -> str:
    """``Documents of 2025``; empty without a limit."""
    first, last = rights.documents_from, rights.documents_until
    if first and last and first.year == last.year and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return say.gettext("Documents of %(year)s") % {"year": first.year}
    if first and last:
        return say.gettext("Documents of %(days)s") % {"days": say.days(first, last)}
    if first:
        return say.gettext("Documents from %(day)s") % {"day": say.day(first)}
    return say.gettext("Documents until %(day)s") % {"day": say.day(last)} if last else ""


def told(say: Language, position: str, *words: str) -> str:
    """What somebody is, as they typed it, and then words of ours."""
    if not position:
        return say.listed(words)
    return ", ".join((position, *(say.inside(word) for word in words if word)))


def permission_words(permissions: Iterable[Permission], say: Language) -> tuple[str, ...]:
    """Their names, in the order of the form."""
    asked = frozenset(permissions)
    ordered = [each for _, names in GROUPS for each in names] + [Permission.USERS_MANAGE]
    return tuple(say.gettext(WORDS[each]) for each in ordered if each in asked)
