"""The operator takes an owner away: nobody on the account can."""

from __future__ import annotations

from components.data import clock
from components.data.database import transaction
from components.jobs.work import House
from users.hierarchy.mail import removed
from users.hierarchy.models import Membership
from users.hierarchy.opening import CabinetRefused
from users.hierarchy.owning import end_invitations, other_owners
from users.hierarchy.removing import end_sign_ins, erase
from users.hierarchy.tree import lock_tree, member
from users.journal.models import JournalRow
from users.parties.models import Account


async def dismiss_owner(house: House, account_number: str, email: str, *, force: bool = False) -> None:
    """Removes an owner at once; their sign-ins end and their invitations die, nobody moves. Journalled, told to them.

    Raises CabinetRefused for an unknown account, for somebody who is no owner of it, and for the last active owner
    unless ``force``: then the account has none, and ``kabinet user`` opens it again.
    """
    account = await Account.get_or_none(number=account_number).select_related("customer")
    if account is None:
        raise CabinetRefused(f"there is no account {account_number}; import it first")
    address = email.strip().lower()
    async with transaction():
        await lock_tree(account.id)
        found = await Membership.get_or_none(account_id=account.id, email=address, owner=True)
        owner = await member(found.id) if found else None
        if owner is None or owner.user_id is None:
            raise CabinetRefused(f"{address} is no owner of account {account_number}; owners remove others themselves")
        if not force and not await other_owners(owner):
            raise CabinetRefused("this is the last owner; open the account for another one, or say --force")
        await end_invitations(owner)
        await end_sign_ins(owner)
        await erase(owner)
        row = await JournalRow.create(
            at=clock.now(),
            account=account,
            actor="kabinet user",
            act="user.removed",
            target=address,
            before={"owner": address},
        )
        await removed(
            house, f"owner:{row.id}", owner.user_id, house.operator.brand.name, account.number, account.customer.name
        )
