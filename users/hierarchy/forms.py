"""The form of a new or changed user: what was typed → typed values or errors by field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from starlette.datastructures import FormData

from components.web.forms import secret, text
from components.web.language import Language
from users.hierarchy.tree import Member
from users.hierarchy.wanted import Wanted
from users.permissions.permission import Permission
from users.permissions.roles import ROLES

PASSWORDS = ("password_mode", "password", "password_again")
CHANGED = (
    "email",
    "first_name",
    "last_name",
    "position",
    "may_add_users",
    "role",
    "permissions",
    "reach",
    "contracts",
    "valid_from",
    "valid_until",
    "documents_from",
    "documents_until",
)
NAMES = (*CHANGED, *PASSWORDS)
DAYS = ("valid_from", "valid_until", "documents_from", "documents_until")
LONGEST_EMAIL, LONGEST_NAME = 254, 100
CUSTOM = "custom"
# As loose as a browser's own check, and a dot in the domain: whether the address works, its letter shows.
_EMAIL = re.compile(r"[^\s@\"<>(),:;\\\[\]]+@(?:[^\s@.\"<>(),:;\\\[\]]+\.)+[^\s@.\"<>(),:;\\\[\]]{2,}")


@dataclass(frozen=True, slots=True)
class Typed:
    """As it was typed, to be shown again; passwords are not. ``errors`` by field."""

    email: str = ""
    way: str = "generated"  # to a password: generated, own
    first_name: str = ""
    last_name: str = ""
    position: str = ""
    may_add_users: bool = False
    role: str = CUSTOM
    permissions: frozenset[str] = frozenset()
    reach: str = "all"
    contracts: tuple[str, ...] = ()
    days: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def read_member(
    form: FormData, contracts: Mapping[str, int], say: Language, member: Member | None = None
) -> tuple[Typed, Wanted | None]:
    """What was typed, and the wish it makes; None where a field is wrong. ``contracts``: those within reach, by number.

    ``member``: who is changed; their e-mail stays where none is sent, and no password is set. Rules of the tree (what
    one may give, who is a member already) are not looked at here.
    """
    errors: dict[str, str] = {}
    typed = Typed(
        email=text(form, "email", 400).lower() or (member.email if member and "email" not in form else ""),
        way=text(form, "password_mode", 16) or "generated",
        first_name=text(form, "first_name", 400),
        last_name=text(form, "last_name", 400),
        position=text(form, "position", 400),
        may_add_users=text(form, "may_add_users", 8) in ("on", "1", "true"),
        role=text(form, "role", 16) or CUSTOM,
        permissions=frozenset(_all(form, "permissions")),
        reach=text(form, "reach", 16) or "all",
        contracts=tuple(dict.fromkeys(_all(form, "contracts"))),
        days={name: text(form, name, 32) for name in DAYS},
        errors=errors,
    )
    _check_names(typed, errors, say)
    password = _password(form, typed, errors, say) if member is None else None
    permissions = _permissions(typed, errors, say)
    kept = bool(member and (member.own.contracts or frozenset()) - frozenset(contracts.values()))
    reach = _reach(typed, contracts, errors, say, kept=kept)
    days = _days(typed, errors, say)
    if errors:
        return typed, None
    return typed, Wanted(
        email=typed.email,
        password=password,
        first_name=typed.first_name,
        last_name=typed.last_name,
        position=typed.position,
        permissions=permissions,
        contracts=reach,
        **days,
    )


def _all(form: FormData, name: str) -> Sequence[str]:
    return [each.strip() for each in form.getlist(name) if isinstance(each, str) and each.strip()]


def _check_names(typed: Typed, errors: dict[str, str], say: Language) -> None:
    if len(typed.email) > LONGEST_EMAIL:
        errors["email"] = say.gettext("An e-mail has at most %(n)s characters.") % {"n": LONGEST_EMAIL}
    elif not typed.email:
        errors["email"] = say.gettext("Write the e-mail: it becomes the login.")
    elif "@" not in typed.email:
        errors["email"] = say.gettext("The @ is missing, as in name@company.example")
    elif not _EMAIL.fullmatch(typed.email):
        errors["email"] = say.gettext("This is no e-mail address. It looks like name@company.example.")
    for name in ("first_name", "last_name", "position"):
        if len(getattr(typed, name)) > LONGEST_NAME:
            errors[name] = say.gettext("At most %(n)s characters, please.") % {"n": LONGEST_NAME}


def _password(form: FormData, typed: Typed, errors: dict[str, str], say: Language) -> str | None:
    if typed.way == "generated":
        return None
    if typed.way != "own":
        errors["password_mode"] = say.gettext("Choose one of the two ways.")
        return None
    password = secret(form, "password")
    if not password:
        errors["password"] = say.gettext("Write a password, or have one generated.")
    elif password != secret(form, "password_again"):
        errors["password_again"] = say.gettext("The two passwords differ. Type the same one twice.")
    return password


def _permissions(typed: Typed, errors: dict[str, str], say: Language) -> frozenset[Permission]:
    if typed.role != CUSTOM and typed.role not in ROLES:
        errors["role"] = say.gettext("There is no such role.")
    known = {each.value for each in Permission}
    if typed.role == CUSTOM and not typed.permissions <= known:
        errors["permissions"] = say.gettext("There is no such permission.")
    if "role" in errors or "permissions" in errors:
        return frozenset()
    chosen = {Permission(each) for each in typed.permissions} if typed.role == CUSTOM else ROLES[typed.role]
    return frozenset(chosen) | ({Permission.USERS_MANAGE} if typed.may_add_users else frozenset())


def _reach(
    typed: Typed, contracts: Mapping[str, int], errors: dict[str, str], say: Language, *, kept: bool
) -> frozenset[int] | None:
    """``kept``: some contract is theirs that the giver doesn't reach, and stays so."""
    if typed.reach == "all":
        return None
    if typed.reach != "chosen":
        errors["reach"] = say.gettext("Choose all contracts, or only some.")
    elif not all(each in contracts for each in typed.contracts):
        errors["contracts"] = say.gettext("This is none of your contracts.")
    elif not typed.contracts and not kept:
        errors["contracts"] = say.gettext("Choose at least one contract.")
    return frozenset(contracts[each] for each in typed.contracts if each in contracts)


def _days(typed: Typed, errors: dict[str, str], say: Language) -> dict[str, date | None]:
    days: dict[str, date | None] = {}
    for name in DAYS:
        try:
            days[name] = date.fromisoformat(typed.days[name]) if typed.days[name] else None
        except ValueError:
            days[name] = None
            errors[name] = say.gettext("Write a date as 2026-12-31.")
    for first, last in (("valid_from", "valid_until"), ("documents_from", "documents_until")):
        start, end = days[first], days[last]
        if start and end and end < start:
            errors.setdefault(last, say.gettext("The last day is before the first."))
    return days
