"""The journal in words: acts, fields, values, and what was found wrong with the chain."""

from __future__ import annotations

from typing import Final

from components.web.language import N_
from users.journal.verifying import Fault

# In the order in which a filter offers them; what is journalled under another name is shown by that.
ACTS: Final[dict[str, str]] = {
    "session.started": N_("Signed in"),
    "session.refused": N_("Sign-in refused"),
    "session.ended": N_("Signed out"),
    "password.changed": N_("Password changed"),
    "password.refused": N_("Change of password refused"),
    "password.reset_asked": N_("New password asked for"),
    "password.reset_sent": N_("Link for a new password sent"),
    "password.reset": N_("Password set by a link"),
    "profile.changed": N_("Profile changed"),
    "letters_address.changed": N_("Address for letters changed"),
    "user.added": N_("Person added"),
    "user.changed": N_("Person's rights or data changed"),
    "user.suspended": N_("Person suspended"),
    "user.resumed": N_("Suspension ended"),
    "user.moved": N_("Person moved"),
    "user.removed": N_("Person removed"),
    "user.restored": N_("Removal undone"),
    "invitation.sent_again": N_("Invitation sent again"),
    "invitation.accepted": N_("Invitation accepted"),
    "ownership.offered": N_("Ownership offered"),
    "ownership.accepted": N_("Ownership accepted"),
    "ownership.withdrawn": N_("Offer of ownership taken back"),
    "ownership.left": N_("Ownership given up"),
    "cabinet.opened": N_("Cabinet opened"),
    "access.refused": N_("Page out of reach asked for"),
    "journal.verified": N_("Journal checked"),
    "account.updated": N_("Account updated"),
    "contract.updated": N_("Contract updated"),
    "service.updated": N_("Service updated"),
    "customer.updated": N_("Customer updated"),
    "product.updated": N_("Product updated"),
    "database.restored": N_("Database restored"),
}
# Commands as actors; any other begins with "kabinet " too.
COMMANDS: Final[dict[str, str]] = {
    "kabinet import": N_("Import from the billing system"),
    "kabinet user": N_("The operator"),
    "kabinet restore": N_("Restoring of a backup"),
}
OPERATOR: Final = N_("The operator")
# Names of fields, in the order in which they are shown; what has none is shown as it is.
FIELDS: Final[dict[str, str]] = {
    "email": N_("E-mail"),
    "letters_email": N_("Address for letters"),
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "name": N_("Name"),
    "position": N_("Position"),
    "phone": N_("Phone"),
    "permissions": N_("Permissions"),
    "reach": N_("Reach"),
    "contracts": N_("Contracts"),
    "suspended": N_("Suspended"),
    "valid_from": N_("Valid from"),
    "valid_until": N_("Valid until"),
    "documents_from": N_("Documents from"),
    "documents_until": N_("Documents until"),
    "under": N_("Added under"),
    "owner": N_("Owner"),
    "kind": N_("Kind"),
    "way": N_("Way"),
    "with": N_("Removed along"),
    "count": N_("People"),
    "moved_up": N_("Moved up"),
    "moved_back": N_("Moved back"),
    "sign_ins": N_("Sign-ins ended"),
    "sign_ins_ended": N_("Sign-ins ended"),
    "temporary": N_("Temporary password"),
    "language": N_("Language"),
    "theme": N_("Appearance"),
    "time_zone": N_("Time zone"),
    "notifications": N_("Notifications"),
    "rows": N_("Entries"),
    "faults": N_("Faults"),
    "status": N_("Status"),
    "starts_on": N_("Begins"),
    "ends_on": N_("Ends"),
    "monthly_fee": N_("Monthly fee"),
    "tax_id": N_("Tax number"),
    "product": N_("Product"),
    "city": N_("City"),
    "address": N_("Address"),
}
VALUES: Final[dict[tuple[str, str], str]] = {
    ("contracts", "all"): N_("All contracts"),
    ("reach", "all"): N_("All contracts"),
    ("reach", "chosen"): N_("Chosen contracts"),
    ("under", "owners"): N_("The owners"),
    ("kind", "second"): N_("A second owner"),
    ("kind", "instead"): N_("A hand-over"),
    ("way", "branch"): N_("The whole branch"),
    ("way", "children"): N_("Those below moved up"),
    ("status", "active"): N_("active"),
    ("status", "closed"): N_("closed"),
    ("theme", "light"): N_("Light"),
    ("theme", "dark"): N_("Dark"),
}
FAULTS: Final[dict[str, str]] = {
    "row": N_("Entry %(row)s was changed after it was sealed (seal %(number)s)."),
    "seal": N_("Seal %(number)s, of entry %(row)s, was changed."),
    "row gone": N_("Entry %(row)s is missing (seal %(number)s)."),
    "seal gone": N_("Seals %(number)s to %(until)s are missing, with the entries they sealed or without."),
    "late": N_("Entry %(row)s was written later than it says (seal %(number)s)."),
    "unsealed": N_("Entry %(row)s was never sealed: it was put in past the cabinet, or no worker runs."),
    "cut": N_("The chain ends before seal %(number)s, which was taken from it earlier: its end was cut off."),
    "other": N_("Seal %(number)s is another one than was taken from the chain earlier: it was made anew."),
}


def fault_text(fault: Fault) -> str:
    """For the operator, in English, with what the row says now."""
    text = FAULTS[fault.kind] % {"row": fault.row_id, "number": fault.number, "until": fault.until}
    if fault.at is None:
        return text
    return f"{text} It says: {fault.at:%Y-%m-%d %H:%M:%S} UTC, {fault.act} by {fault.actor or 'nobody'}."
