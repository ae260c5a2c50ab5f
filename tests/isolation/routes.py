"""Every route: who may, which kind of id is in its address, and what it answers where the id is within reach.

``needs`` is written down here anew, on purpose: a route that opens further than it says here fails the matrix.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from users.permissions.permission import Permission as P

PUBLIC, SIGNED_IN = "public", "signed in"


@dataclass(frozen=True, slots=True)
class Line:
    """``kind``: of the id in the address, or (with ``field``) in the form. ``good``: the answer within reach.

    ``beyond``: what is out of reach, unknown or malformed. ``keeps``: a form that changes nothing within reach, so it
    is sent there too; what the others do is told in ``test_acts``.
    """

    method: str
    path: str
    needs: P | str
    good: int = 200
    kind: str = ""
    beyond: int = 404
    form: dict[str, str] = field(default_factory=dict)
    field: str = ""
    keeps: bool = True
    visitor: int = 303  # where it is not public


def _get(path: str, needs: P | str, good: int = 200, kind: str = "", beyond: int = 404) -> Line:
    return Line("GET", path, needs, good, kind, beyond)


def _post(path: str, needs: P | str, good: int, kind: str = "", beyond: int = 404, **rest: object) -> Line:
    return Line("POST", path, needs, good, kind, beyond, **rest)  # type: ignore[arg-type]


LINES = (
    _get("/healthz", PUBLIC),
    _get("/readyz", PUBLIC),
    _get("/metrics", PUBLIC, 404),
    _get("/brand.css", PUBLIC),
    _get("/static/{name:path}", PUBLIC, kind="static"),
    _get("/sign-in", PUBLIC, 303),
    _post("/sign-in", PUBLIC, 422, "login", 422, field="login", form={"password": "wrong password"}),
    _get("/password-reset", PUBLIC),
    _post("/password-reset", PUBLIC, 303, "login", 303, field="login"),
    _get("/password-reset/{token}", PUBLIC, 200, "reset", 410),
    _post("/password-reset/{token}", PUBLIC, 422, "reset", 410, form={"password": "one", "password_again": "two"}),
    _get("/invitations/{token}", PUBLIC, 200, "invitation", 410),
    _post("/invitations/{token}/acceptance", PUBLIC, 422, "invitation", 410),
    _post("/language", PUBLIC, 303, form={"language": "en"}),
    _get("/sign-out", SIGNED_IN, 303),
    _post("/choice", SIGNED_IN, 303, "account", field="account"),
    _post("/choice", SIGNED_IN, 303, "contract", field="contract"),
    _post("/choice", SIGNED_IN, 303, form={"contract": ""}),
    _get("/", SIGNED_IN),
    _get("/contracts", P.CONTRACTS_VIEW),
    _get("/contracts/{number:path}", P.CONTRACTS_VIEW, kind="contract"),
    _get("/services", P.SERVICES_VIEW),
    _get("/services/{number}", P.SERVICES_VIEW, kind="service"),
    _get("/services/{number}/usage.csv", P.USAGE_VIEW, kind="service"),
    _get("/invoices", P.INVOICES_VIEW),
    _get("/invoices/{number:path}", P.INVOICES_VIEW, kind="invoice"),
    _get("/invoices/{number:path}.pdf", P.INVOICES_VIEW, kind="invoice"),
    _get("/payments", P.PAYMENTS_VIEW),
    _get("/profile", SIGNED_IN),
    _post("/profile", SIGNED_IN, 422, form={"language": "xx"}),
    _post("/profile/notifications", SIGNED_IN, 303),
    _post("/profile/letters", SIGNED_IN, 422, form={"letters_email": "no address"}),
    _get("/profile/letters/{token}", SIGNED_IN, 200, "letters", 200),
    _post("/profile/letters/{token}", SIGNED_IN, 303, "letters", 422),
    _get("/profile/security", SIGNED_IN),
    _post("/profile/security", SIGNED_IN, 422),
    _get("/profile/sessions", SIGNED_IN),
    _post("/profile/sessions/extension", SIGNED_IN, 204),
    _post("/profile/sessions/ending", SIGNED_IN, 303),
    _post("/profile/sessions/{id}/ending", SIGNED_IN, 303, "sign_in"),
    _get("/users", P.USERS_MANAGE),
    _post("/users", P.USERS_MANAGE, 422),
    _get("/users/new", P.USERS_MANAGE),
    _post("/users/new", P.USERS_MANAGE, 422),
    _get("/users/{id}", P.USERS_MANAGE, kind="seen"),
    _post("/users/{id}", P.USERS_MANAGE, 422, "member", form={"reach": "neither"}),
    _post("/users/{id}/suspension", P.USERS_MANAGE, 303, "member", keeps=False),
    _post("/users/{id}/resumption", P.USERS_MANAGE, 303, "member"),
    _post("/users/{id}/invitation", P.USERS_MANAGE, 303, "member", keeps=False),
    _get("/users/{id}/removal", P.USERS_MANAGE, kind="member"),
    _post("/users/{id}/removal", P.USERS_MANAGE, 422, "member"),
    _get("/users/{id}/place", P.USERS_MANAGE, kind="member"),
    _post("/users/{id}/place", P.USERS_MANAGE, 422, "member"),
    _get("/users/{id}/ownership", P.USERS_MANAGE, kind="given"),
    _post("/users/{id}/ownership", P.USERS_MANAGE, 422, "given"),
    _post("/users/{id}/ownership/withdrawal", P.USERS_MANAGE, 303, "offered", keeps=False),
    _get("/users/{id}/resignation", P.USERS_MANAGE, kind="resigning"),
    _post("/users/{id}/resignation", P.USERS_MANAGE, 422, "resigning"),
    _post("/users/removals/{id}/restoration", P.USERS_MANAGE, 303, "removal", keeps=False),
    _get("/ownership/{offer_id}", SIGNED_IN, kind="offer"),
    _post("/ownership/{offer_id}", SIGNED_IN, 422, "offer"),
    _get("/journal", P.JOURNAL_VIEW),
    _get("/journal.csv", P.JOURNAL_VIEW),
    _get("/journal/verification", P.JOURNAL_VIEW),
    _post("/journal/verification", P.JOURNAL_VIEW, 303),
    _get("/journal/seal.json", P.JOURNAL_VIEW, kind="owners"),
    # The demo's own: no addresses of a cabinet that is no demo.
    _get("/demo/components", PUBLIC, 404),
    _get("/demo/inbox", PUBLIC, 404),
    _get("/demo/inbox/{id}", PUBLIC, 404, "letter"),
    _post("/demo/sms", PUBLIC, 404),
    # The last, since it is.
    _post("/sign-out", SIGNED_IN, 303),
)
