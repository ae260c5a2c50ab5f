"""The form of a new or changed user as its template needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from components.ui.parts import Choice, Choices, Field
from components.web.language import Language
from users.hierarchy.forms import CUSTOM, DAYS, Typed
from users.hierarchy.tree import Member
from users.permissions.permission import ALL, Permission
from users.permissions.roles import ROLES, role_of
from users.permissions.viewer import Viewer
from users.permissions.words import GROUPS, OWN_CHOICE, ROLE_WORDS, WORDS


@dataclass(frozen=True, slots=True)
class MemberForm:
    address: str
    submit: str
    email: Field | None  # None: accepted already, the e-mail is theirs
    names: tuple[Field, Field]
    position: Field
    password_mode: Choices | None  # None: the person has one
    passwords: tuple[Field, ...]
    reach: Choices
    contracts: Choices
    days: tuple[Field, ...]
    days_hint: str
    documents: tuple[Field, ...]
    documents_hint: str
    may_add_users: Choices
    role: Choices
    permissions: tuple[Choices, ...]
    permissions_error: str
    lacking: str  # what the muted ones are
    error: str  # on top of the form; empty: nothing is wrong
    cancel: str
    new: bool


def as_granted(member: Member, numbers: dict[int, str]) -> Typed:
    """What a member has now, as if it had been typed."""
    own = member.own
    return Typed(
        email=member.email,
        first_name=member.first_name,
        last_name=member.last_name,
        position=member.position,
        may_add_users=Permission.USERS_MANAGE in own.permissions,
        role=role_of(own.permissions) or CUSTOM,
        permissions=frozenset(each.value for each in own.permissions),
        reach="all" if own.contracts is None else "chosen",
        contracts=tuple(numbers[each] for each in sorted(own.contracts or ()) if each in numbers),
        days={name: day.isoformat() if (day := getattr(own, name)) else "" for name in DAYS},
    )


def member_form(typed: Typed, viewer: Viewer, say: Language, today: date, member: Member | None = None) -> MemberForm:
    """For a new member, or (``member``) one that is there. What the viewer lacks is shown and can't be chosen."""
    pending = member is None or member.user_id is None
    errors = typed.errors

    def line(name: str, label: str, value: str, **rest: str) -> Field:
        return Field(name, label, value, error=errors.get(name, ""), **rest)  # type: ignore[arg-type]

    def day(name: str, label: str) -> Field:
        return line(name, label, typed.days.get(name, ""), kind="date")

    limit = viewer.valid_until
    return MemberForm(
        address=f"/users/{member.id}" if member else "/users/new",
        submit=say.gettext("Save changes") if member else _add(typed, say),
        email=line(
            "email",
            say.gettext("E-mail"),
            typed.email,
            kind="email",
            autocomplete="off",
            hint=say.gettext("It becomes the login. We send a link to confirm it."),
        )
        if pending
        else None,
        names=(
            line("first_name", say.gettext("First name"), typed.first_name, autocomplete="off"),
            line("last_name", say.gettext("Last name"), typed.last_name, autocomplete="off"),
        ),
        position=line("position", say.gettext("Position"), typed.position, autocomplete="off"),
        password_mode=_password_mode(typed, say) if member is None else None,
        passwords=_passwords(typed, say) if member is None else (),
        reach=_reach(typed, viewer, member, say),
        contracts=_contracts(typed, viewer, say),
        days=(
            day("valid_from", say.gettext("Access from")),
            day("valid_until", say.gettext("Access until")),
        ),
        days_hint=say.gettext("Both days included. Empty: no limit.")
        if limit is None
        else say.sentence(say.gettext("Your own access ends on %(day)s.") % {"day": say.day(limit)}),
        documents=(
            day("documents_from", say.gettext("Documents from")),
            day("documents_until", say.gettext("Documents until")),
        ),
        documents_hint=_documents_hint(viewer, say),
        may_add_users=Choices(
            "may_add_users",
            say.gettext("Users"),
            (
                Choice(
                    "on",
                    say.gettext(WORDS[Permission.USERS_MANAGE]),
                    say.gettext("Opens the Users section, only for people below them."),
                    typed.may_add_users,
                ),
            ),
            several=True,
            error=errors.get("may_add_users", ""),
        ),
        role=_role(typed, viewer, say),
        permissions=tuple(_group(title, names, typed, viewer, say) for title, names in GROUPS),
        permissions_error=errors.get("permissions", ""),
        lacking="" if viewer.permissions >= ALL else say.gettext("What is muted you do not have yourself."),
        error=_error(errors, pending, say),
        cancel=f"/users/{member.id}" if member else "/users",
        new=member is None,
    )


def _add(typed: Typed, say: Language) -> str:
    name = f"{typed.first_name} {typed.last_name}".strip()
    return say.gettext("Add %(name)s") % {"name": name} if name else say.gettext("Add user")


def _error(errors: Mapping[str, str], pending: bool, say: Language) -> str:
    if not errors:
        return ""
    if not pending and "email" in errors:
        return errors["email"]
    return errors.get("") or say.gettext("Nothing was saved yet: please mend what is marked.")


def _password_mode(typed: Typed, say: Language) -> Choices:
    return Choices(
        "password_mode",
        say.gettext("Password"),
        (
            Choice(
                "generated",
                say.gettext("Generate it and send it by e-mail"),
                say.gettext("It works for 7 days, and only to set a new one."),
                typed.way != "own",
            ),
            Choice("own", say.gettext("I set it and pass it on myself"), "", typed.way == "own"),
        ),
        error=typed.errors.get("password_mode", ""),
    )


def _passwords(typed: Typed, say: Language) -> tuple[Field, ...]:
    return tuple(
        Field(name, label, kind="password", error=typed.errors.get(name, ""), autocomplete="new-password")
        for name, label in (
            ("password", say.gettext("Their password")),
            ("password_again", say.gettext("The same again")),
        )
    )


def _reach(typed: Typed, viewer: Viewer, member: Member | None, say: Language) -> Choices:
    kept = member is not None and member.own.contracts is None
    return Choices(
        "reach",
        say.gettext("Reach"),
        (
            Choice(
                "all",
                say.gettext("All contracts, also future ones"),
                say.gettext("You do not reach all of them yourself.") if viewer.reach is not None else "",
                typed.reach == "all" and (viewer.reach is None or kept),
                fixed=viewer.reach is not None and not kept,
            ),
            Choice(
                "chosen", say.gettext("Only these"), "", typed.reach != "all" or (viewer.reach is not None and not kept)
            ),
        ),
        error=typed.errors.get("reach", ""),
    )


def _contracts(typed: Typed, viewer: Viewer, say: Language) -> Choices:
    return Choices(
        "contracts",
        say.gettext("Contracts"),
        tuple(
            Choice(each.number, each.number, each.product, each.number in typed.contracts) for each in viewer.contracts
        ),
        several=True,
        error=typed.errors.get("contracts", ""),
    )


def _role(typed: Typed, viewer: Viewer, say: Language) -> Choices:
    return Choices(
        "role",
        say.gettext("Role"),
        (
            *(
                Choice(
                    name,
                    say.gettext(ROLE_WORDS[name]),
                    "" if preset <= viewer.permissions else say.gettext("More than your own rights"),
                    typed.role == name,
                    fixed=not preset <= viewer.permissions,
                    data=" ".join(sorted(preset)),
                )
                for name, preset in ROLES.items()
            ),
            Choice(CUSTOM, say.gettext(OWN_CHOICE), "", typed.role not in ROLES),
        ),
        error=typed.errors.get("role", ""),
        hint=say.gettext("A role gives exactly what it ticks below. The boxes themselves count with “One by one”."),
    )


def _group(title: str, names: tuple[Permission, ...], typed: Typed, viewer: Viewer, say: Language) -> Choices:
    return Choices(
        "permissions",
        say.gettext(title),
        tuple(
            Choice(
                each.value,
                say.gettext(WORDS[each]),
                "" if each in viewer.permissions else say.gettext("You do not have it"),
                each.value in _ticked(typed),
                fixed=each not in viewer.permissions,
            )
            for each in names
        ),
        several=True,
    )


def _ticked(typed: Typed) -> frozenset[str]:
    if typed.role in ROLES:
        return frozenset(each.value for each in ROLES[typed.role])
    return typed.permissions & {each.value for each in ALL}


def _documents_hint(viewer: Viewer, say: Language) -> str:
    if viewer.documents_from and viewer.documents_until:
        return say.gettext("You see documents from %(first)s to %(last)s yourself.") % {
            "first": say.day(viewer.documents_from),
            "last": say.day(viewer.documents_until),
        }
    return say.gettext("For an auditor, say: only these documents. Empty: all.")
