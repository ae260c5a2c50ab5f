"""Every address and who may: the table is printed (run with ``-s``) and held against the one written here."""

from __future__ import annotations

import pytest

from components.web.routes import PUBLIC, GuardedRoute, route
from dashboard.app import routes
from dashboard.demo.pages import routes as demo_routes

TABLE = {
    "GET /healthz": "PUBLIC",
    "GET /readyz": "PUBLIC",
    "GET /metrics": "PUBLIC",
    "GET /brand.css": "PUBLIC",
    "GET /static/{name:path}": "PUBLIC",
    "GET /sign-in": "PUBLIC",
    "POST /sign-in": "PUBLIC",
    "GET /password-reset": "PUBLIC",
    "POST /password-reset": "PUBLIC",
    "GET /password-reset/{token}": "PUBLIC",
    "POST /password-reset/{token}": "PUBLIC",
    "GET /profile/security": "SIGNED_IN",
    "POST /profile/security": "SIGNED_IN",
    "POST /profile/sessions/extension": "SIGNED_IN",
    "GET /sign-out": "SIGNED_IN",
    "POST /sign-out": "SIGNED_IN",
    "POST /choice": "SIGNED_IN",
    "POST /language": "PUBLIC",
    "GET /": "SIGNED_IN",
    "GET /contracts": "contracts.view",
    "GET /contracts/{number:path}": "contracts.view",
    "GET /services/{number}/usage.csv": "usage.view",
    "GET /services": "services.view",
    "GET /services/{number}": "services.view",
    "GET /invoices": "invoices.view",
    "GET /invoices/{number:path}.pdf": "invoices.view",
    "GET /invoices/{number:path}": "invoices.view",
    "GET /payments": "payments.view",
    "GET /journal": "journal.view",
    "GET /journal.csv": "journal.view",
    "GET /journal/verification": "journal.view",
    "POST /journal/verification": "journal.view",
    "GET /journal/seal.json": "journal.view",
    "GET /profile": "SIGNED_IN",
    "POST /profile": "SIGNED_IN",
    "POST /profile/notifications": "SIGNED_IN",
    "POST /profile/letters": "SIGNED_IN",
    "GET /profile/letters/{token}": "SIGNED_IN",
    "POST /profile/letters/{token}": "SIGNED_IN",
    "GET /profile/sessions": "SIGNED_IN",
    "POST /profile/sessions/ending": "SIGNED_IN",
    "POST /profile/sessions/{id}/ending": "SIGNED_IN",
    "GET /users": "users.manage",
    "POST /users": "users.manage",
    "GET /users/new": "users.manage",
    "POST /users/new": "users.manage",
    "POST /users/removals/{id}/restoration": "users.manage",
    "GET /users/{id}": "users.manage",
    "POST /users/{id}": "users.manage",
    "POST /users/{id}/suspension": "users.manage",
    "POST /users/{id}/resumption": "users.manage",
    "POST /users/{id}/invitation": "users.manage",
    "GET /users/{id}/removal": "users.manage",
    "POST /users/{id}/removal": "users.manage",
    "GET /users/{id}/place": "users.manage",
    "POST /users/{id}/place": "users.manage",
    "GET /users/{id}/ownership": "users.manage",
    "POST /users/{id}/ownership": "users.manage",
    "POST /users/{id}/ownership/withdrawal": "users.manage",
    "GET /users/{id}/resignation": "users.manage",
    "POST /users/{id}/resignation": "users.manage",
    "GET /ownership/{offer_id}": "SIGNED_IN",
    "POST /ownership/{offer_id}": "SIGNED_IN",
    "GET /invitations/{token}": "PUBLIC",
    "POST /invitations/{token}/acceptance": "PUBLIC",
}


def _needs(each: GuardedRoute) -> str:
    return str(each.needs)


def _addresses() -> dict[str, str]:
    found = {}
    for each in routes:
        assert isinstance(each, GuardedRoute), f"{each} has no gate"
        for method in sorted((each.methods or set()) - {"HEAD"}):
            found[f"{method} {each.path}"] = _needs(each)
    return found


def test_every_address_says_who_may() -> None:
    found = _addresses()
    print()
    for address, needs in found.items():
        method, path = address.split(" ")
        print(f"{method:<5} {path:<36} {needs}")
    assert found == TABLE


def test_only_these_are_open_to_everybody() -> None:
    public = {address for address, needs in _addresses().items() if needs == repr(PUBLIC)}
    print("\nopen to everybody:", *sorted(public), sep="\n  ")
    assert public == {
        "GET /brand.css",
        "GET /healthz",
        "GET /invitations/{token}",
        "GET /metrics",
        "GET /password-reset",
        "GET /password-reset/{token}",
        "GET /readyz",
        "GET /sign-in",
        "GET /static/{name:path}",
        "POST /invitations/{token}/acceptance",
        "POST /language",
        "POST /password-reset",
        "POST /password-reset/{token}",
        "POST /sign-in",
    }


def test_the_demos_own_pages_are_no_pages_of_the_cabinets() -> None:
    """They are open to everybody; what refuses to start them elsewhere is in the settings' tests."""
    assert {each.path for each in demo_routes} == {"/demo/components", "/demo/inbox", "/demo/inbox/{id}", "/demo/sms"}
    assert not [path for path in _addresses() if "/demo" in path]


def test_a_route_that_does_not_say_who_may_is_an_error() -> None:
    with pytest.raises(TypeError, match="needs"):
        route("/open-door", None)  # type: ignore[call-arg, arg-type]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_route_for_another_method_is_an_error(method: str) -> None:
    """Nouns in addresses: what is done to them is a POST."""
    with pytest.raises(ValueError, match="GET and POST"):
        route("/thing", None, needs=PUBLIC, methods=(method,))  # type: ignore[arg-type]
