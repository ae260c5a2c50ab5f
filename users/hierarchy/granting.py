"""What somebody may give: the rules, without a database.

Nobody gives what they do not have at this moment, on whatever path. What is compared is the change: what the giver
lacks stays as it was, asking for more of it is refused, and nothing is cut off in silence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from components.web.language import N_
from users.hierarchy.refusing import Refused
from users.permissions.permission import Permission
from users.permissions.rights import Rights

NOT_YOURS = N_("You can only give rights that you have yourself.")
NOT_ALL = N_("You reach some contracts only, so you can't give all.")
NOT_YOUR_CONTRACT = N_("You can only give contracts that you reach yourself.")
PAST = N_("This day is over. Choose today or later.")
BACKWARDS = N_("The last day is before the first.")
FROM_LIMIT = N_("Your own access begins on %(day)s: choose that day or later.")
UNTIL_LIMIT = N_("Your own access ends on %(day)s: choose that day or earlier.")
DOCUMENTS_FROM_LIMIT = N_("You see documents from %(day)s on: choose that day or later.")
DOCUMENTS_UNTIL_LIMIT = N_("You see documents until %(day)s: choose that day or earlier.")


def granted(wanted: Rights, giver: Rights, today: date, known: frozenset[int], before: Rights | None = None) -> Rights:
    """The grant to store; Refused with the field that asks for too much.

    ``giver`` is what the giver comes to now, ``before`` the person's own grant so far (None: a new person), ``known``
    the account's contracts. Whether the grant is suspended is not for here: it stays as it was.
    """
    was = before or Rights(contracts=frozenset())
    permissions = _permissions(wanted.permissions, giver.permissions, was.permissions)
    contracts = _contracts(wanted.contracts, giver.contracts, was.contracts, known)
    _days(wanted, giver, before or Rights(), today, new=before is None)
    return replace(wanted, permissions=permissions, contracts=contracts, suspended=was.suspended)


def _permissions(
    wanted: frozenset[Permission], mine: frozenset[Permission], was: frozenset[Permission]
) -> frozenset[Permission]:
    beyond = wanted - mine - was
    if beyond:
        raise Refused("may_add_users" if beyond == {Permission.USERS_MANAGE} else "permissions", NOT_YOURS)
    return (wanted & mine) | (was - mine)


def _contracts(
    wanted: frozenset[int] | None, mine: frozenset[int] | None, was: frozenset[int] | None, known: frozenset[int]
) -> frozenset[int] | None:
    """ "All" is one thing: given by who has all, taken by anybody above, kept where it was there."""
    if wanted is None:
        if mine is not None and was is not None:
            raise Refused("reach", NOT_ALL)
        return None
    kept = frozenset[int]() if mine is None or was is None else was - mine
    reachable = known if mine is None else known & mine
    if wanted - reachable - kept:
        raise Refused("contracts", NOT_YOUR_CONTRACT)
    return wanted | kept


def _days(wanted: Rights, giver: Rights, was: Rights, today: date, *, new: bool) -> None:
    """A day that stays as it was is not asked for again."""
    if wanted.valid_until and wanted.valid_until < today and (new or wanted.valid_until != was.valid_until):
        raise Refused("valid_until", PAST)
    for name in ("valid", "documents"):
        first, last = getattr(wanted, f"{name}_from"), getattr(wanted, f"{name}_until")
        if first and last and last < first:
            raise Refused(f"{name}_until", BACKWARDS)
    for name, limit, text in (
        ("valid_from", giver.valid_from, FROM_LIMIT),
        ("documents_from", giver.documents_from, DOCUMENTS_FROM_LIMIT),
    ):
        asked = getattr(wanted, name)
        if limit and (asked is None or asked < limit) and (new or asked != getattr(was, name)):
            raise Refused(name, text, day=limit)
    for name, limit, text in (
        ("valid_until", giver.valid_until, UNTIL_LIMIT),
        ("documents_until", giver.documents_until, DOCUMENTS_UNTIL_LIMIT),
    ):
        asked = getattr(wanted, name)
        if limit and (asked is None or asked > limit) and (new or asked != getattr(was, name)):
            raise Refused(name, text, day=limit)
