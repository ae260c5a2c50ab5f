"""The people of the demo, and of the tests: a small cast with names, so that a story can be told.

Every account of a sample has its owner but for those left to try a registration with. The telecom sample also
has employees under the owner of account 4445, each with other rights.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from components.data import clock
from components.data.database import transaction
from users.hierarchy.models import Membership, User
from users.hierarchy.placing import enter
from users.hierarchy.tree import Member as Seat
from users.hierarchy.tree import member as seat_of
from users.parties.models import Account, Contract, Customer
from users.permissions.permission import Permission
from users.permissions.rights import EVERYTHING, Rights
from users.sessions.passwords import hash_now

# No cabinet yet: these can register.
WITHOUT_CABINET = frozenset({"4465", "4515", "1234568", "1234569", "1234572", "123456789", "123456793"})

P = Permission
MONEY = frozenset({P.BALANCE_VIEW, P.INVOICES_VIEW, P.PAYMENTS_VIEW, P.BALANCE_TOP_UP, P.CONTRACTS_VIEW})
TECHNICAL = frozenset({P.CONTRACTS_VIEW, P.SERVICES_VIEW, P.USAGE_VIEW, P.SERVICES_ORDER, P.SERVICES_DISCONNECT})


@dataclass(frozen=True, slots=True)
class Member:
    """One employee: ``under`` is the e-mail of the parent, empty for the owners; ``contracts`` empty: all."""

    email: str
    first_name: str
    last_name: str
    position: str
    permissions: frozenset[Permission]
    under: str = ""
    contracts: tuple[str, ...] = ()
    valid_until: date | None = None
    documents_from: date | None = None
    documents_until: date | None = None
    suspended: bool = False


GULNAR = Member("g.akhmetova@customer1.example", "Gulnar", "Akhmetova", "Chief accountant", MONEY | {P.USERS_MANAGE})
IRINA = Member(
    "i.belova@customer1.example",
    "Irina",
    "Belova",
    "Accountant",
    frozenset({P.INVOICES_VIEW, P.PAYMENTS_VIEW, P.CONTRACTS_VIEW}),
    under=GULNAR.email,
    contracts=("4445/10",),
)
TIMUR = Member(
    "t.ospanov@audit.example",
    "Timur",
    "Ospanov",
    "Auditor",
    frozenset({P.INVOICES_VIEW, P.PAYMENTS_VIEW, P.BALANCE_VIEW}),
    under=GULNAR.email,
    documents_from=date(2025, 1, 1),
    documents_until=date(2025, 12, 31),
)
VIKTOR = Member(
    "v.kim@customer1.example",
    "Viktor",
    "Kim",
    "Head of IT",
    TECHNICAL | {P.USERS_MANAGE, P.DNS_EDIT, P.DNS_VIEW},
)
DIAS = Member(
    "d.nurlan@customer1.example",
    "Dias",
    "Nurlan",
    "Network engineer",
    frozenset({P.SERVICES_VIEW, P.USAGE_VIEW, P.DNS_EDIT, P.DNS_VIEW}),
    under=VIKTOR.email,
    contracts=("4445/10",),
)
ANNA = Member(
    "a.weber@customer1.example",
    "Anna",
    "Weber",
    "On-call engineer",
    frozenset({P.SERVICES_VIEW}),
    under=VIKTOR.email,
    contracts=("4445/11",),
    suspended=True,
)
SAULE = Member("s.trainee@customer1.example", "Saule", "Bekova", "Trainee", frozenset())

TELECOM = (GULNAR, IRINA, TIMUR, VIKTOR, DIAS, ANNA, SAULE)
OWNER_NAMES = {"office1@customer1.example": ("Aigerim", "Sadykova")}


async def seat_the_cast(operator: str, password: str) -> None:
    """Gives every account its owner, and account 4445 its employees; does nothing where they are seated.

    One hash serves them all: the demo's password is printed, so a salt each would protect nobody.
    """
    password_hash = hash_now(password)
    async with transaction():
        for account in await Account.all().select_related("customer").order_by("number"):
            if account.number not in WITHOUT_CABINET:
                await _owner(account, account.customer, password_hash)
        if operator == "telecom":
            account = await Account.get(number="4445")
            for member in TELECOM:
                await _employee(account, member, password_hash)


async def _user(email: str, names: tuple[str, str], language: str | None, password_hash: str) -> User:
    user, _ = await User.get_or_create(
        email=email,
        defaults={
            "password_hash": password_hash,
            "first_name": names[0],
            "last_name": names[1],
            "language": language,
            "created_at": clock.now(),
        },
    )
    return user


async def _owner(account: Account, customer: Customer, password_hash: str) -> None:
    email = (customer.email or f"{account.number}@owner.example").lower()
    user = await _user(email, OWNER_NAMES.get(email, ("", "")), None, password_hash)
    if not await Membership.exists(user=user, account=account):
        names = (user.first_name, user.last_name)
        await enter(account.id, email, EVERYTHING, user_id=user.id, owner=True, names=names)


async def _employee(account: Account, member: Member, password_hash: str) -> None:
    user = await _user(member.email, (member.first_name, member.last_name), None, password_hash)
    if await Membership.exists(user=user, account=account):
        return
    parent = None
    if member.under:
        parent = await member_of(account, member.under)
    contracts = [await Contract.get(number=number) for number in member.contracts]
    await enter(
        account.id,
        member.email,
        Rights(
            permissions=member.permissions,
            contracts=frozenset(each.id for each in contracts) if contracts else None,
            suspended=member.suspended,
            valid_until=member.valid_until,
            documents_from=member.documents_from,
            documents_until=member.documents_until,
        ),
        user_id=user.id,
        parent=parent,
        names=(member.first_name, member.last_name),
        position=member.position,
    )


async def member_of(account: Account, email: str) -> Seat | None:
    """Where somebody sits on an account."""
    found = await Membership.get(account=account, email=email)
    return await seat_of(found.id)
