"""What each permission and role is called, in groups as a form shows them."""

from __future__ import annotations

from typing import Final

from components.web.language import N_
from users.permissions.permission import Permission as P

# "May add users" stands by itself in a form: it opens a section, the others open what is in theirs.
GROUPS: Final[tuple[tuple[str, tuple[P, ...]], ...]] = (
    (
        N_("Money"),
        (
            P.BALANCE_VIEW,
            P.INVOICES_VIEW,
            P.PAYMENTS_VIEW,
            P.BALANCE_TOP_UP,
            P.BALANCE_AUTO_TOP_UP,
            P.CARDS_MANAGE,
        ),
    ),
    (
        N_("Services"),
        (
            P.CONTRACTS_VIEW,
            P.SERVICES_VIEW,
            P.SERVICES_ORDER,
            P.SERVICES_DISCONNECT,
            P.USAGE_VIEW,
            P.USAGE_REQUEST,
            P.READINGS_SUBMIT,
            P.DNS_VIEW,
            P.DNS_EDIT,
        ),
    ),
    (
        N_("Account"),
        (P.ACCOUNT_EDIT, P.CLAIMS_FILE, P.REQUESTS_APPROVE, P.JOURNAL_VIEW),
    ),
)
WORDS: Final[dict[P, str]] = {
    P.ACCOUNT_EDIT: N_("Change the account's data"),
    P.BALANCE_AUTO_TOP_UP: N_("Set up automatic top-ups"),
    P.BALANCE_TOP_UP: N_("Top up the balance"),
    P.BALANCE_VIEW: N_("See the balance and the statement"),
    P.CARDS_MANAGE: N_("Keep cards"),
    P.CLAIMS_FILE: N_("File claims"),
    P.CONTRACTS_VIEW: N_("See contracts"),
    P.DNS_EDIT: N_("Change the DNS filter"),
    P.DNS_VIEW: N_("See the DNS filter"),
    P.INVOICES_VIEW: N_("See documents"),
    P.JOURNAL_VIEW: N_("See the journal"),
    P.PAYMENTS_VIEW: N_("See payments"),
    P.READINGS_SUBMIT: N_("Submit meter readings"),
    P.REQUESTS_APPROVE: N_("Approve requests"),
    P.SERVICES_DISCONNECT: N_("Request a disconnection"),
    P.SERVICES_ORDER: N_("Order services"),
    P.SERVICES_VIEW: N_("See services"),
    P.USAGE_REQUEST: N_("Request detailed usage"),
    P.USAGE_VIEW: N_("See usage"),
    P.USERS_MANAGE: N_("May add users"),
}
ROLE_WORDS: Final[dict[str, str]] = {
    "manager": N_("Manager"),
    "finance": N_("Finance"),
    "technician": N_("Technician"),
    "viewer": N_("Viewer"),
}
OWN_CHOICE: Final = N_("One by one")
