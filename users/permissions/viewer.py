"""A viewer is a value: who is looking, at which account, within which reach, with which rights now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from users.permissions.permission import Permission


@dataclass(frozen=True, slots=True)
class ContractChoice:
    """A contract within reach, as the top bar offers it."""

    id: int
    number: str
    product: str
    active: bool


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """An account that this person is a member of."""

    membership_id: int
    number: str
    customer: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Every read of the domain takes one first. ``reach`` None means all contracts of the account.

    ``contract`` is the one chosen in the top bar, None for all: a filter the person set, not a right.
    Document days are included days; None is unbounded.
    """

    session_id: int
    user_id: int
    email: str
    first_name: str
    last_name: str
    language: str | None
    theme: str | None
    time_zone: str | None
    password_temporary: bool  # may only replace it
    membership_id: int
    owner: bool
    position: str
    permissions: frozenset[Permission]
    account_id: int
    account: str
    currency: str
    closed_on: date | None
    customer: str
    accounts: tuple[AccountChoice, ...]
    contracts: tuple[ContractChoice, ...]
    contract: ContractChoice | None
    reach: tuple[int, ...] | None
    valid_until: date | None
    documents_from: date | None
    documents_until: date | None
    signed_in_until: datetime | None = None  # the end of the sign-in, whatever is done
    idle_until: datetime | None = None  # its end if nothing is done; None: only the other counts

    def reaches(self, contract_id: int | None, day: date) -> bool:
        """Whether a document of this contract and day is within reach: for links; reads ask in the query."""
        return (
            (self.reach is None or contract_id in self.reach)
            and (self.documents_from is None or day >= self.documents_from)
            and (self.documents_until is None or day <= self.documents_until)
        )

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def name(self) -> str:
        """First and last name; where there is none the customer's for an owner, else the e-mail."""
        own = f"{self.first_name} {self.last_name}".strip()
        return own or (self.customer if self.owner else self.email)


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition for a query and its values: reach decided in the query, not after it."""

    sql: str
    values: dict[str, object]


def contract_clause(viewer: Viewer, column: str) -> str:
    """The condition that a contract column is within reach. The ids are our own whole numbers."""
    if viewer.reach is None:
        return "1 = 1"
    if not viewer.reach:
        return "1 = 0"
    return f"{column} IN ({', '.join(str(int(each)) for each in viewer.reach)})"


def documents_clause(viewer: Viewer, column: str) -> Clause:
    """The condition that a document's day is within the period a membership is limited to."""
    parts, values = [], dict[str, object]()
    if viewer.documents_from:
        parts.append(f"{column} >= :documents_from")
        values["documents_from"] = viewer.documents_from
    if viewer.documents_until:
        parts.append(f"{column} <= :documents_until")
        values["documents_until"] = viewer.documents_until
    return Clause(" AND ".join(parts) or "1 = 1", values)
