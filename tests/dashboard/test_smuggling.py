"""Abuse cases M01 and D05: the name of every column there is, sent along with every form.

Each form is sent as its page sends it and, besides, with every column it does not ask for. What it may write is listed
here by table and column; whatever else changes is a hole.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from structlog.testing import capture_logs
from tortoise.models import Model

from components.data.database import fetch
from components.messages.models import Message
from dashboard.schema import MODELS
from tests.dashboard.test_routes import TABLE
from tests.support.cast import AIGERIM, ANNA, GULNAR, IRINA, MARAT, PASSWORD, SAULE, VIKTOR
from tests.support.client import Cabinet, Client
from tests.support.grants import seat
from tests.users.hierarchy.acts import DANA, Acts
from tests.users.hierarchy.forms import fields
from tests.users.passwords.test_changing import NEW
from tests.users.passwords.test_resetting import token_for
from users.hierarchy.models import OwnershipOffer, Removal, User
from users.hierarchy.owning import accept, offer
from users.hierarchy.removing import remove
from users.parties.models import Account
from users.sessions.models import Session

EVIL = "mallory@evil.example"
NUMBER = "7777777"
# What a weak form might believe; every other column gets ``NUMBER``.
VALUES = {
    **dict.fromkeys(("owner", "suspended", "remember", "password_temporary", "secret"), "true"),
    **dict.fromkeys(("active", "is_active"), "false"),
    **dict.fromkeys(("is_admin", "is_owner", "admin", "superuser", "verified", "email_verified", "confirmed"), "1"),
    **dict.fromkeys(("email", "letters_email", "actor", "target", "receiver", "name"), EVIL),
    **dict.fromkeys(("user_id", "membership_id", "session_id", "giver_id", "receiver_id", "added_by_id"), "1"),
    **dict.fromkeys(("account_id", "tenant_id", "customer_id", "account"), "2"),
    **dict.fromkeys(("role", "kind", "way", "purpose", "state"), "owner"),
    **dict.fromkeys(("permissions", "rights"), "users.manage balance.view dns.edit"),
    "reach": "all",
    "contracts": "4445/11",
    "line": "1.",
    "balance": "1000000",
    "valid_until": "2099-12-31",
    "documents_until": "2099-12-31",
}
# Of who somebody is and what they may; what the billing system says has no form.
TABLES: dict[str, type[Model]] = {
    model._meta.db_table: model
    for module in MODELS
    if module.startswith(("users.", "components."))
    for model in vars(import_module(module)).values()
    if isinstance(model, type) and issubclass(model, Model) and model.__module__ == module
}
COLUMNS = {column for model in TABLES.values() for column in model._meta.db_fields}

Ready = Callable[[Acts], Awaitable[tuple[Client, str]]]


@dataclass(frozen=True)
class Form:
    """``ready``: a browser of its person, and the address. ``writes``: ``table.column``, ``+table`` new rows,
    ``-table`` rows that go. ``whose``: the one person whose row of ``person`` may change. ``silent``: reads no field.
    """

    ready: Ready
    sent: list[tuple[str, str]]
    writes: str
    asks: str = ""
    whose: str = ""
    silent: bool = False


def at(address: str, login: str = AIGERIM) -> Ready:
    """Signed in, or a visitor where there is no login; ``{e-mail}`` in the address is that member's number."""

    async def ready(acts: Acts) -> tuple[Client, str]:
        browser = await acts.cabinet.sign_in(login) if login else acts.cabinet.visitor()
        for email in re.findall(r"\{(.+?)\}", address):
            return browser, address.replace(f"{{{email}}}", str((await seat(email)).id))
        return browser, address

    return ready


async def _reset(acts: Acts) -> tuple[Client, str]:
    return acts.cabinet.visitor(), f"/password-reset/{await token_for(acts.cabinet)}"


async def _letters(acts: Acts) -> tuple[Client, str]:
    gulnar = await acts.cabinet.sign_in(GULNAR)
    await gulnar.post("/profile/letters", {"letters_email": "gulnar@home.example"})
    found = re.search(r"/profile/letters/[\w-]+", (await Message.get(kind="letters_address_confirm")).text)
    assert found
    return gulnar, found[0]


async def _ending(acts: Acts) -> tuple[Client, str]:
    gulnar, _ = await acts.cabinet.sign_in(GULNAR), await acts.cabinet.sign_in(GULNAR)
    last = await Session.all().order_by("-id").first()
    assert last
    return gulnar, f"/profile/sessions/{last.id}/ending"


async def _others(acts: Acts) -> tuple[Client, str]:
    gulnar, _ = await acts.cabinet.sign_in(GULNAR), await acts.cabinet.sign_in(GULNAR)
    return gulnar, "/profile/sessions/ending"


async def _invited(acts: Acts) -> tuple[Client, str]:
    made = await acts.add(AIGERIM)
    return await acts.cabinet.sign_in(AIGERIM), f"/users/{made.id}/invitation"


async def _accepting(acts: Acts) -> tuple[Client, str]:
    await acts.add(GULNAR)
    return acts.cabinet.visitor(), f"/invitations/{await acts.token(DANA)}/acceptance"


async def _removed(acts: Acts) -> tuple[Client, str]:
    await remove(acts.request, await acts.viewer(AIGERIM), (await seat(IRINA)).id, "branch")
    return await acts.cabinet.sign_in(AIGERIM), f"/users/removals/{(await Removal.get()).id}/restoration"


async def _offered(acts: Acts) -> OwnershipOffer:
    return await offer(acts.request, await acts.viewer(AIGERIM), (await seat(SAULE)).id, "second", PASSWORD)


async def _offer(acts: Acts) -> tuple[Client, str]:
    made = await _offered(acts)
    return await acts.cabinet.sign_in(SAULE), f"/ownership/{made.id}"


async def _withdrawal(acts: Acts) -> tuple[Client, str]:
    await _offered(acts)
    return await acts.cabinet.sign_in(AIGERIM), f"/users/{(await seat(SAULE)).id}/ownership/withdrawal"


async def _resigning(acts: Acts) -> tuple[Client, str]:
    made, aigerim = await _offered(acts), await acts.cabinet.sign_in(AIGERIM)
    await accept(acts.request, await acts.viewer(SAULE), made.id, PASSWORD)
    return aigerim, "/users/1/resignation"


PROOF = [("current_password", PASSWORD)]
NEW_PASSWORD = [("password", NEW), ("password_again", NEW)]
MEMBER = (
    "email first_name last_name position may_add_users role permissions reach contracts "
    "valid_from valid_until documents_from documents_until"
)
INVITES = "+link +message +job +journal"
ADDS = f"+membership +standing {INVITES}"
LETTER = "+message +job"
FORMS = {
    "POST /sign-in": Form(
        at("/sign-in", ""), [("login", GULNAR), ("password", PASSWORD)], "+session +journal", "remember"
    ),
    "POST /sign-out": Form(at("/sign-out", GULNAR), [], "session.ended_at +journal", silent=True),
    "POST /password-reset": Form(at("/password-reset", ""), [("login", GULNAR)], "+attempt +journal +job"),
    "POST /password-reset/{token}": Form(
        _reset,
        NEW_PASSWORD,
        f"person.password_hash person.password_changed_at link.used_at {LETTER} +journal",
        whose=GULNAR,
    ),
    "POST /profile/security": Form(
        at("/profile/security", GULNAR),
        [*PROOF, *NEW_PASSWORD],
        f"person.password_hash person.password_changed_at session.token_hash {LETTER} +journal",
        whose=GULNAR,
    ),
    "POST /profile/sessions/extension": Form(
        at("/profile/sessions/extension", GULNAR), [], "session.seen_at", silent=True
    ),
    "POST /profile/sessions/ending": Form(_others, [], "session.ended_at +journal"),
    "POST /profile/sessions/{id}/ending": Form(_ending, [], "session.ended_at +journal"),
    "POST /choice": Form(at("/choice"), [("account", "4446")], "session.membership_id", "contract"),
    "POST /language": Form(at("/language", GULNAR), [("language", "hu")], "person.language +journal", whose=GULNAR),
    "POST /journal/verification": Form(at("/journal/verification"), [], "+attempt +journal", silent=True),
    "POST /profile": Form(
        at("/profile", GULNAR),
        [("first_name", "Gulnara"), ("last_name", "Akhmetova")],
        "person.first_name membership.first_name membership.words +journal",
        "phone language time_zone theme",
        whose=GULNAR,
    ),
    "POST /profile/notifications": Form(
        at("/profile/notifications", GULNAR),
        [("notifications", "rights.email")],
        "person.notifications +journal",
        whose=GULNAR,
    ),
    "POST /profile/letters": Form(
        at("/profile/letters", GULNAR), [("letters_email", "gulnar@home.example")], f"+link {LETTER}"
    ),
    "POST /profile/letters/{token}": Form(
        _letters, [], f"person.letters_email link.used_at {LETTER} +journal", whose=GULNAR
    ),
    "POST /users": Form(at("/users"), fields("invoices.view"), ADDS, MEMBER),
    "POST /users/new": Form(at("/users/new", GULNAR), fields("invoices.view"), ADDS, MEMBER),
    "POST /users/removals/{id}/restoration": Form(
        _removed, [], "+membership +membership_contract +standing -removal +journal"
    ),
    "POST /users/{id}": Form(
        at(f"/users/{{{VIKTOR}}}"),
        [("position", "Head"), ("role", "viewer"), ("first_name", "Viktor"), ("last_name", "Kim")],
        f"membership.position membership.words membership.permissions standing.permissions {LETTER} +journal",
        MEMBER,
    ),
    "POST /users/{id}/suspension": Form(
        at(f"/users/{{{SAULE}}}/suspension"), [], f"membership.suspended standing.suspended {LETTER} +journal"
    ),
    "POST /users/{id}/resumption": Form(
        at(f"/users/{{{ANNA}}}/resumption"), [], f"membership.suspended standing.suspended {LETTER} +journal"
    ),
    "POST /users/{id}/invitation": Form(_invited, [], f"-link message.expires_at +attempt {INVITES}"),
    "POST /users/{id}/removal": Form(
        at(f"/users/{{{IRINA}}}/removal", GULNAR),
        [("way", "branch")],
        "-membership -membership_contract -standing +removal +job +journal",
    ),
    "POST /users/{id}/place": Form(
        at(f"/users/{{{IRINA}}}/place"),
        [("to", "owners")],
        "membership.parent_id membership.line +journal",
    ),
    "POST /users/{id}/ownership": Form(
        at(f"/users/{{{SAULE}}}/ownership"),
        [("kind", "second"), *PROOF],
        f"+ownership_offer {LETTER} +journal",
    ),
    "POST /users/{id}/ownership/withdrawal": Form(_withdrawal, [], "-ownership_offer message.expires_at +journal"),
    "POST /users/{id}/resignation": Form(_resigning, PROOF, "membership.owner membership.permissions +journal"),
    "POST /ownership/{offer_id}": Form(
        _offer,
        [("answer", "accept"), *PROOF],
        f"membership.owner standing.permissions -ownership_offer {LETTER} +journal",
    ),
    "POST /invitations/{token}/acceptance": Form(
        _accepting, [], "+person membership.user_id link.used_at link.data +journal", "password"
    ),
}


@pytest.fixture
def acts(own_cabinet: Cabinet) -> Acts:
    return Acts(own_cabinet)


def test_no_form_is_left_out() -> None:
    assert FORMS.keys() == {address for address in TABLE if address.startswith("POST ")}


@pytest.mark.parametrize("route", FORMS)
async def test_what_a_form_does_not_ask_for_is_not_looked_at(acts: Acts, route: str) -> None:
    form = FORMS[route]
    browser, address = await form.ready(acts)
    token = await browser.token()
    asked = {*form.asks.split(), *(name for name, _ in form.sent), "next"}
    smuggled = await _smuggled(asked)
    before = await _rows()
    with capture_logs() as logged:
        answer = await browser.post(address, [*form.sent, *smuggled], token=token)
    assert answer.status in (204, 303), answer.text
    after = await _rows()
    assert _written(before, after) == {*form.writes.split()}
    changed = {key for key, row in after["person"].items() if before["person"].get(key, row) != row}
    assert changed == ({(await User.get(email=form.whose)).id} if form.whose else set())
    _nothing_of_it_is_kept(before, after, await _ids())
    lines = [line for line in logged if line["event"] == "fields nobody asked for"]
    assert len(lines) == (0 if form.silent else 1), "what was tried is known afterwards, by name"
    assert EVIL not in repr(logged)


async def _smuggled(asked: set[str]) -> list[tuple[str, str]]:
    """Parents and people are others that there are, so that a form which believes them does not fail by chance."""
    saule, marat = await seat(SAULE), await Account.get(number=MARAT)
    there = {
        "parent": str(saule.id),
        "parent_id": str(saule.id),
        "account_id": str(marat.id),
        "account": MARAT,
        "user_id": str(saule.user_id),
    }
    values = dict.fromkeys(COLUMNS, NUMBER) | VALUES | there
    return sorted((name, value) for name, value in values.items() if name not in asked)


async def _ids() -> dict[str, Any]:
    return {"saule": (await seat(SAULE)).id, "marat": (await Account.get(number=MARAT)).id}


async def _rows() -> dict[str, dict[Any, dict[str, Any]]]:
    found = {}
    for name, model in TABLES.items():
        key = model._meta.fields_map[model._meta.pk_attr].source_field or model._meta.pk_attr
        rows = [dict(each) for each in await fetch(f'SELECT * FROM "{name}"')]
        found[name] = {each[key]: each for each in rows}
    return found


def _written(before: dict[str, dict[Any, dict[str, Any]]], after: dict[str, dict[Any, dict[str, Any]]]) -> set[str]:
    found = set()
    for table, rows in after.items():
        was = before[table]
        if rows.keys() - was.keys():
            found.add(f"+{table}")
        if was.keys() - rows.keys():
            found.add(f"-{table}")
        for key in rows.keys() & was.keys():
            found |= {f"{table}.{name}" for name, value in rows[key].items() if value != was[key][name]}
    return found


def _nothing_of_it_is_kept(
    before: dict[str, dict[Any, dict[str, Any]]], after: dict[str, dict[Any, dict[str, Any]]], ids: dict[str, Any]
) -> None:
    """Neither a text nor a number of what was sent along is in what is there now."""
    for table, rows in after.items():
        for key, row in rows.items():
            if before[table].get(key) == row:
                continue
            assert EVIL not in repr(row), (table, row)
            assert not re.search(rf"\b{NUMBER}\b", repr(row)), (table, row)
            assert "2099-12-31" not in repr(row), (table, row)
            assert row.get("account_id") != ids["marat"], (table, row)
            if key not in before[table] and table == "membership":
                assert row["parent_id"] != ids["saule"], (table, row)
                assert not row["owner"], (table, row)
