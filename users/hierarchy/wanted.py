"""What somebody asks for when they add or change a person: typed values, not yet looked at by the rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from components.messages.receivers import email_address
from components.web.language import N_
from users.hierarchy.refusing import Refused
from users.permissions.permission import Permission
from users.permissions.rights import Rights

LONGEST_EMAIL, LONGEST_NAME = 254, 100
NO_EMAIL = N_("This is no e-mail address. It looks like name@company.example.")
TOO_LONG = N_("At most %(n)s characters, please.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """``password`` None: one is generated. ``contracts`` None: all, also those to come; else the contracts' ids.

    ``permissions`` holds ``users.manage`` where the person may add users. Days are whole days, both ends included.
    """

    email: str
    password: str | None = None
    first_name: str = ""
    last_name: str = ""
    position: str = ""
    permissions: frozenset[Permission] = frozenset()
    contracts: frozenset[int] | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    documents_from: date | None = None
    documents_until: date | None = None

    @property
    def rights(self) -> Rights:
        return Rights(
            permissions=self.permissions,
            contracts=self.contracts,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            documents_from=self.documents_from,
            documents_until=self.documents_until,
        )


def checked(wanted: Wanted) -> Wanted:
    """The same with its texts trimmed and the e-mail in small letters; Refused where one of them can't be."""
    made = replace(
        wanted,
        email=_email(wanted.email),
        first_name=wanted.first_name.strip(),
        last_name=wanted.last_name.strip(),
        position=wanted.position.strip(),
    )
    for name in ("first_name", "last_name", "position"):
        if len(getattr(made, name)) > LONGEST_NAME:
            raise Refused(name, TOO_LONG, n=LONGEST_NAME)
    return made


def _email(text: str) -> str:
    made = text.strip().lower()
    if len(made) > LONGEST_EMAIL:
        raise Refused("email", TOO_LONG, n=LONGEST_EMAIL)
    try:
        return email_address(made)
    except ValueError:
        raise Refused("email", NO_EMAIL) from None
