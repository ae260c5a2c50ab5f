"""The permissions, in alphabetical order; their names are the contract with operators' scripts."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """What a person may do on an account: ``resource.action``."""

    ACCOUNT_EDIT = "account.edit"
    BALANCE_AUTO_TOP_UP = "balance.auto_top_up"
    BALANCE_TOP_UP = "balance.top_up"
    BALANCE_VIEW = "balance.view"
    CARDS_MANAGE = "cards.manage"
    CLAIMS_FILE = "claims.file"
    CONTRACTS_VIEW = "contracts.view"
    DNS_EDIT = "dns.edit"
    DNS_VIEW = "dns.view"
    INVOICES_VIEW = "invoices.view"
    JOURNAL_VIEW = "journal.view"
    PAYMENTS_VIEW = "payments.view"
    READINGS_SUBMIT = "readings.submit"
    REQUESTS_APPROVE = "requests.approve"
    SERVICES_DISCONNECT = "services.disconnect"
    SERVICES_ORDER = "services.order"
    SERVICES_VIEW = "services.view"
    USAGE_REQUEST = "usage.request"
    USAGE_VIEW = "usage.view"
    USERS_MANAGE = "users.manage"


ALL: Final = frozenset(Permission)
_KNOWN = frozenset(each.value for each in Permission)


class _SignedIn:
    def __repr__(self) -> str:
        return "SIGNED_IN"


SIGNED_IN: Final = _SignedIn()
"""A route's need that every signed-in person meets: their own profile, the overview of what they may see."""


def stored(permissions: frozenset[Permission]) -> str:
    """The form in the database: names joined by a space, sorted."""
    return " ".join(sorted(permissions))


def read(text: str) -> frozenset[Permission]:
    """Permissions out of the database; a name this version does not know grants nothing."""
    return frozenset(Permission(name) for name in text.split() if name in _KNOWN)
