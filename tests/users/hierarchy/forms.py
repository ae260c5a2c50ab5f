"""What a browser sends of the form of a user."""

from __future__ import annotations

from tests.support.client import Client
from tests.support.pages import Element

Fields = list[tuple[str, str]]
NEW = {
    "email": "dana@customer1.example",
    "password_mode": "own",
    "password": "seven quiet mountains",
    "password_again": "seven quiet mountains",
    "first_name": "Dana",
    "last_name": "Serik",
    "position": "Bookkeeper",
    "role": "custom",
    "reach": "all",
}


def fields(*permissions: str, contracts: tuple[str, ...] = (), **changes: str) -> Fields:
    """The form of a new user; an empty text takes a field out."""
    sent = {**NEW, **({"reach": "chosen"} if contracts else {}), **changes}
    return [
        *((name, value) for name, value in sent.items() if value),
        *(("permissions", each) for each in permissions),
        *(("contracts", each) for each in contracts),
    ]


def as_shown(form: Element) -> Fields:
    """What a browser would send of this form, were its button pressed: what is disabled stays out."""
    sent: Fields = []
    for each in form.all("input"):
        kind, name = each.get("type"), each.get("name")
        if not name or "disabled" in each.attributes or name == "csrf_token":
            continue
        if kind in ("checkbox", "radio") and "checked" not in each.attributes:
            continue
        sent.append((name, each.get("value")))
    return sent


async def shown_form(browser: Client, address: str) -> Fields:
    return as_shown((await browser.get(address)).page.one("#member-form"))


def changed(sent: Fields, **changes: str) -> Fields:
    """Some fields with another value; an empty one takes it out."""
    return [(name, value) for name, value in sent if name not in changes] + [
        (name, value) for name, value in changes.items() if value
    ]
