"""Ready-made roles: a role is a preset of permissions at this moment, never a bypass, and is not stored.

"May add users" is in none of them: it is given by itself, with any role.
"""

from __future__ import annotations

from typing import Final

from users.permissions.permission import ALL, Permission
from users.permissions.permission import Permission as P

VIEWER: Final = frozenset(
    {P.BALANCE_VIEW, P.CONTRACTS_VIEW, P.DNS_VIEW, P.INVOICES_VIEW, P.PAYMENTS_VIEW, P.SERVICES_VIEW, P.USAGE_VIEW}
)
ROLES: Final[dict[str, frozenset[Permission]]] = {
    "manager": ALL - {P.USERS_MANAGE},
    "finance": frozenset(
        {
            P.BALANCE_AUTO_TOP_UP,
            P.BALANCE_TOP_UP,
            P.BALANCE_VIEW,
            P.CARDS_MANAGE,
            P.CONTRACTS_VIEW,
            P.INVOICES_VIEW,
            P.PAYMENTS_VIEW,
        }
    ),
    "technician": frozenset(
        {
            P.CONTRACTS_VIEW,
            P.DNS_EDIT,
            P.DNS_VIEW,
            P.READINGS_SUBMIT,
            P.SERVICES_DISCONNECT,
            P.SERVICES_ORDER,
            P.SERVICES_VIEW,
            P.USAGE_REQUEST,
            P.USAGE_VIEW,
        }
    ),
    "viewer": VIEWER,
}


def role_of(permissions: frozenset[Permission]) -> str | None:
    """The role whose permissions these are, "may add users" aside; None: chosen one by one."""
    own = permissions - {P.USERS_MANAGE}
    return next((name for name, preset in ROLES.items() if preset == own), None)
