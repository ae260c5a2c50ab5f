"""What a removal comes to, as its template needs it."""

from __future__ import annotations

from dataclasses import dataclass

from components.web.language import Language
from users.hierarchy.removing import MovesUp, Preview
from users.hierarchy.words import permission_words, reach_words, role_word, told
from users.permissions.rights import Rights
from users.permissions.viewer import Viewer

LISTED = 50


@dataclass(frozen=True, slots=True)
class Gone:
    name: str
    email: str  # empty where the name is the e-mail
    what: str


@dataclass(frozen=True, slots=True)
class Mover:
    name: str
    email: str
    loses: str  # what they were given and does not count above; empty: nothing


@dataclass(frozen=True, slots=True)
class WayChoice:
    value: str
    text: str
    hint: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class RemovalView:
    id: int
    name: str
    title: str
    ways: tuple[WayChoice, ...]  # empty: nobody is below
    way: str
    gone: tuple[Gone, ...]
    gone_more: str
    movers: tuple[Mover, ...]
    movers_more: str
    movers_title: str
    ends: tuple[str, ...]
    submit: str
    error: str


def removal_view(plan: Preview, viewer: Viewer, error: str, say: Language) -> RemovalView:
    target = plan.target
    address = f"/users/{target.id}/removal"
    beside = plan.below - len(plan.moved) if plan.way == "children" else 0
    return RemovalView(
        id=target.id,
        name=target.name,
        title=say.gettext("Remove %(name)s?") % {"name": target.name},
        ways=(
            WayChoice(
                "children",
                say.gettext("Those below stay"),
                say.gettext("They move up one place, with no more than they have now."),
                f"{address}?way=children",
                plan.way == "children",
            ),
            WayChoice(
                "branch",
                say.gettext("Those below go too"),
                say.ngettext("%(n)s person below loses access.", "%(n)s people below lose access.", plan.below)
                % {"n": say.integer(plan.below)},
                f"{address}?way=branch",
                plan.way == "branch",
            ),
        )
        if plan.below
        else (),
        way=plan.way,
        gone=tuple(
            _gone(each.name, each.email, role_word(each, say), each.position, say) for each in plan.gone[:LISTED]
        ),
        gone_more=_more(len(plan.gone) - LISTED, say),
        movers=tuple(_mover(each, viewer, say) for each in plan.moved[:LISTED]),
        movers_more=_more(len(plan.moved) - LISTED, say),
        movers_title=say.gettext("Stay, one place higher, with those below them (%(n)s)") % {"n": say.integer(beside)}
        if beside
        else say.gettext("Stay, one place higher"),
        ends=_ends(plan, say),
        submit=_submit(plan, say),
        error=error,
    )


def _gone(name: str, email: str, role: str, position: str, say: Language) -> Gone:
    return Gone(name, "" if name == email else email, told(say, position, role))


def _mover(each: MovesUp, viewer: Viewer, say: Language) -> Mover:
    lost = list(permission_words(each.loses, say))
    if each.before.contracts != each.after.contracts:
        lost.append(say.gettext("reach: now %(reach)s") % {"reach": reach_words(each.after.contracts, viewer, say)})
    if _period(each.before) != _period(each.after):
        lost.append(say.gettext("access: the shorter period stays"))
    if each.after.suspended and not each.before.suspended:
        lost.append(say.gettext("stays suspended"))
    one = each.member
    return Mover(one.name, "" if one.name == one.email else one.email, say.inside(say.listed(lost, "; ")))


def _period(rights: Rights) -> tuple[object, ...]:
    return (rights.valid_from, rights.valid_until, rights.documents_from, rights.documents_until)


def _more(n: int, say: Language) -> str:
    return say.ngettext("and %(n)s more", "and %(n)s more", n) % {"n": say.integer(n)} if n > 0 else ""


def _ends(plan: Preview, say: Language) -> tuple[str, ...]:
    sign_ins, letters = plan.sign_ins, plan.invitations
    lines = []
    if sign_ins:
        text = say.ngettext("%(n)s sign-in ends at once.", "%(n)s sign-ins end at once.", sign_ins)
        lines.append(text % {"n": say.integer(sign_ins)})
    else:
        lines.append(say.gettext("Nobody of them is signed in."))
    if letters:
        text = say.ngettext(
            "%(n)s invitation can no longer be used.", "%(n)s invitations can no longer be used.", letters
        )
        lines.append(text % {"n": say.integer(letters)})
    lines.append(
        say.gettext("For 10 minutes it can be undone: places and rights come back, sign-ins and invitations do not.")
    )
    return tuple(lines)


def _submit(plan: Preview, say: Language) -> str:
    if plan.way == "branch" and plan.below:
        return say.ngettext(
            "Remove %(name)s and %(n)s person below", "Remove %(name)s and %(n)s people below", plan.below
        ) % {"name": plan.target.name, "n": say.integer(plan.below)}
    return say.gettext("Remove %(name)s") % {"name": plan.target.name}
