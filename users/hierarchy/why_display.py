"""Why somebody may or may not, in words: each permission, and the link of the chain that decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from components.web.language import N_, Language
from users.hierarchy.explaining import Bound, ContractDecision, Decision, Link, Reason, Why
from users.permissions.permission import Permission
from users.permissions.words import GROUPS, WORDS

MOST_CONTRACTS = 12
Mark = Literal["may", "later", "held", "none", "bound"]
LEGEND: tuple[Mark, ...] = ("may", "later", "held", "none")


@dataclass(frozen=True, slots=True)
class WhyLine:
    mark: Mark
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class WhyGroup:
    title: str
    lines: tuple[WhyLine, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class WhyView:
    """``shut``: why nothing at all counts today. ``kinds``: the marks that some line shows and a legend explains."""

    title: str
    chain: str
    shut: str
    groups: tuple[WhyGroup, ...]

    @property
    def kinds(self) -> tuple[Mark, ...]:
        shown = {line.mark for group in self.groups for line in group.lines}
        return tuple(each for each in LEGEND if each in shown)


def why_view(why: Why, say: Language) -> WhyView:
    groups = [
        WhyGroup(say.gettext(title), tuple(_line(why.decision(each), say) for each in names)) for title, names in GROUPS
    ]
    last = groups[-1]
    users = _line(why.decision(Permission.USERS_MANAGE), say)
    groups[-1] = WhyGroup(last.title, (users, *last.lines))
    own = why.chain[0].who == "above"
    return WhyView(
        title=say.gettext("What you may, and why") if own else say.gettext("What they may, and why"),
        chain=" → ".join(say.gettext("you") if own and each.who == "person" else _who(each, say) for each in why.chain),
        shut=_shut(why.shut, say) if why.shut else "",
        groups=(*groups, _limits(why, say)),
    )


def _who(link: Link, say: Language) -> str:
    if link.who == "owners":
        return say.gettext("The owners")
    if link.who == "above":
        return say.gettext("All above you")
    return say.gettext("you") if link.who == "you" else link.name


MARK_OF: dict[Reason, Mark] = {"granted": "may", "reach": "may", "own": "none", "above": "held"}


def _line(each: Decision, say: Language) -> WhyLine:
    return WhyLine(
        MARK_OF.get(each.reason, "later"),  # what is left shuts all of them out, for the time being
        say.gettext(WORDS[each.permission]),
        _reason(each, say),
    )


def _reason(each: Decision, say: Language) -> str:
    if each.reason == "above":
        return _lacks(each.link, say)
    if each.reason == "reach":
        return say.gettext("given, but no contract is within reach")
    return ""  # their own grant decides, as the mark says; or what stands above all of them (``shut``)


def _lacks(link: Link, say: Language) -> str:
    if link.who == "above":
        return say.gettext("given, but somebody above you does not have it")
    if link.who == "you":
        return say.gettext("given, but you do not have it yourself")
    return say.gettext("given, but %(name)s does not have it") % {"name": link.name}


def _shut(shut: Decision, say: Language) -> str:
    person, link = shut.link.who == "person", shut.link
    if shut.reason == "waiting":
        return say.gettext("Nothing counts yet: the address is not confirmed.")
    if shut.reason == "suspended":
        text = N_("Nothing counts now: suspended.") if person else N_("Nothing counts now: %(name)s is suspended.")
    elif shut.reason == "not_yet":
        text = (
            N_("Nothing counts before %(day)s.")
            if person
            else N_("Nothing counts before %(day)s: the access of %(name)s begins then.")
        )
    else:
        text = (
            N_("Nothing counts any more since %(day)s.")
            if person
            else N_("Nothing counts any more: the access of %(name)s ended on %(day)s.")
        )
    return say.sentence(say.gettext(text) % {"name": _who(link, say), "day": say.day(shut.day) if shut.day else ""})


def _limits(why: Why, say: Language) -> WhyGroup:
    lines: list[WhyLine] = []
    if why.all_contracts:
        lines.append(WhyLine(_reached(why), say.gettext("All contracts, also future ones"), ""))
    else:
        lines += [_contract(each, why, say) for each in why.contracts[:MOST_CONTRACTS]]
        lines.append(WhyLine("none", say.gettext("Future contracts"), _by(why.reach, say) if why.reach else ""))
    bounds = (
        (why.valid_from, N_("Access from %(day)s")),
        (why.valid_until, N_("Access until %(day)s")),
        (why.documents_from, N_("Documents from %(day)s")),
        (why.documents_until, N_("Documents until %(day)s")),
    )
    lines += [_bound(bound, text, say) for bound, text in bounds if bound]
    hidden = 0 if why.all_contracts else len(why.contracts) - MOST_CONTRACTS
    more = say.ngettext("and %(n)s more", "and %(n)s more", hidden) % {"n": say.integer(hidden)} if hidden > 0 else ""
    return WhyGroup(say.gettext("Reach and period"), tuple(lines), more)


def _reached(why: Why) -> Mark:
    return "later" if why.shut else "may"


def _contract(each: ContractDecision, why: Why, say: Language) -> WhyLine:
    if each.reached:
        return WhyLine(_reached(why), each.number, "")
    own = each.link.who == "person"
    return WhyLine("none" if own else "held", each.number, "" if own else _by(each.link, say))


def _by(link: Link, say: Language) -> str:
    if link.who == "person":
        return ""
    if link.who == "above":
        return say.gettext("beyond the reach of somebody above you")
    if link.who == "you":
        return say.gettext("beyond your own reach")
    return say.gettext("beyond the reach of %(name)s") % {"name": link.name}


def _bound(bound: Bound, text: str, say: Language) -> WhyLine:
    reason = ""
    if bound.link.who == "above":
        reason = say.gettext("as for somebody above you")
    elif bound.link.who == "you":
        reason = say.gettext("as your own")
    elif bound.link.who != "person":
        reason = say.gettext("as for %(name)s") % {"name": bound.link.name}
    return WhyLine("bound", say.gettext(text) % {"day": say.day(bound.day)}, reason)
