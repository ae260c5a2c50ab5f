"""Every page there is, with the person who sees most on it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import ViewportSize

from tests.browser.people import AIGERIM, CLOSED, GULNAR, IN_DEBT, MARKUP, SAULE, Person

PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass(frozen=True, slots=True)
class Place:
    address: str
    person: Person | None = AIGERIM
    complaint: str = ""  # what the browser itself says of an answer that isn't 200
    chart: bool = False


# Short periods: every kind of row once or twice is enough to look at.
PLACES = {
    "sign in": Place("/sign-in", None),
    "overview": Place("/"),
    "overview with a debt": Place("/", IN_DEBT),
    "overview of a closed account": Place("/", CLOSED),
    "overview without rights": Place("/", SAULE),
    "overview of a name with markup": Place("/", MARKUP),
    "contracts": Place("/contracts"),
    "contract": Place("/contracts/4445%2F10"),
    "services": Place("/services"),
    "service by day": Place("/services/S900001?from=2026-07-01&to=2026-07-07", chart=True),
    "service by hour": Place("/services/S900001?from=2026-06-15&to=2026-06-15&step=hour", chart=True),
    "service without data": Place("/services/S900001?from=2020-01-01&to=2020-01-31"),
    "service of one way": Place("/services/S000003?from=2026-07-01&to=2026-07-07", chart=True),
    "invoices": Place("/invoices?from=2026-05-01&to=2026-05-31"),
    "corrections": Place("/invoices?kind=correction"),
    "no invoices": Place("/invoices?q=nothing"),
    "invoice": Place("/invoices/СФ-2026-000073"),
    "correction": Place("/invoices/КСФ-2026-000009"),
    "payments": Place("/payments?from=2026-10-01&to=2026-11-30"),
    "wrong dates": Place("/payments?from=2026-06-30&to=2026-06-01", complaint="status of 422"),
    "profile": Place("/profile"),
    "users": Place("/users"),
    "users as a table": Place("/users?view=table"),
    "users below": Place("/users", GULNAR),
    "nobody but you": Place("/users", IN_DEBT),
    "new user": Place("/users/new"),
    "new user of who has few rights": Place("/users/new", GULNAR),
    "user": Place("/users/13"),
    "owner": Place("/users/1"),
    "oneself": Place("/users/12", GULNAR),
    "removal": Place("/users/12/removal"),
    "move": Place("/users/13/place?to=18"),
    "ownership": Place("/users/12/ownership"),
    "stepping down": Place("/users/1/resignation"),
    "invitation that is over": Place("/invitations/nothing", None, complaint="status of 410"),
    "journal": Place("/journal"),
    "nothing of the journal": Place("/journal?q=nothing"),
    "whether the journal is whole": Place("/journal/verification"),
    "sign-ins": Place("/profile/sessions"),
    "letters of the demo": Place("/demo/inbox", None),
    "password": Place("/profile/security"),
    "password changed": Place("/profile/security?saved=1"),
    "forgotten password": Place("/password-reset", None),
    "link on its way": Place("/password-reset?sent=1", None),
    "dead link": Place("/password-reset/nothing", None, complaint="status of 410"),
    "not found": Place("/nowhere", complaint="status of 404"),
    "not allowed": Place("/invoices", SAULE, complaint="status of 403"),
}
