"""Opening a cabinet: a user who owns an account."""

from __future__ import annotations

from components.data import clock
from components.data.database import transaction
from users.hierarchy.models import Membership, User
from users.hierarchy.placing import enter
from users.hierarchy.tree import lock_tree
from users.journal.models import JournalRow
from users.parties.models import Account
from users.permissions.rights import EVERYTHING
from users.sessions.passwords import hash_now

SHORTEST = 8


class CabinetRefused(ValueError):
    """The text says why and what to do."""


async def open_cabinet(account_number: str, email: str | None, password: str) -> str:
    """Makes the owner of an account, or gives an existing user this account too; returns the e-mail.

    Without ``email`` the customer's own is taken. Raises CabinetRefused for an unknown account, a customer
    without an e-mail, an account that has its owner, or a password under eight characters.
    """
    if len(password) < SHORTEST:
        raise CabinetRefused(f"the password needs {SHORTEST} characters or more")
    account = await Account.get_or_none(number=account_number).select_related("customer")
    if account is None:
        raise CabinetRefused(f"there is no account {account_number}; import it first")
    address = (email or account.customer.email or "").strip().lower()
    if "@" not in address:
        raise CabinetRefused("the customer has no e-mail; give one with --email")
    return await _own(account, address, hash_now(password))


async def _own(account: Account, address: str, password_hash: str) -> str:
    async with transaction():
        if await Membership.exists(account_id=account.id, owner=True):
            raise CabinetRefused(f"account {account.number} has its owner already")
        user = await User.get_or_none(email=address)
        if user is None:
            user = await User.create(email=address, password_hash=password_hash, created_at=clock.now())
        await lock_tree(account.id)
        await enter(account.id, address, EVERYTHING, user_id=user.id, owner=True)
        await JournalRow.create(
            at=clock.now(),
            account=account,
            user=user,
            actor="kabinet user",
            act="cabinet.opened",
            target=address,
        )
    return address
