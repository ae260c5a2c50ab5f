"""A new user and changes to one: the form, what it refuses and what it never looks at."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from components.messages.models import Message
from tests.support.cast import AIGERIM, DIAS, GULNAR, IRINA, TIMUR, VIKTOR
from tests.support.client import Cabinet
from tests.support.grants import grant, seat
from tests.support.pages import error_beside
from tests.users.hierarchy.acts import Acts, contract, tables
from tests.users.hierarchy.forms import changed, fields, shown_form
from users.hierarchy.models import Membership, User
from users.links.models import Link
from users.permissions.permission import Permission as P
from users.permissions.roles import ROLES

DANA = "dana@customer1.example"


@pytest.mark.parametrize("address", ["/users", "/users/new"])
async def test_aigerim_adds_a_bookkeeper_of_one_contract(acts: Acts, address: str) -> None:
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    answer = await aigerim.post(address, fields("invoices.view", contracts=("4445/10",), may_add_users="on"))
    made = await seat(DANA)
    assert (answer.status, answer.header("location")) == (303, f"/users/{made.id}?added=1")
    assert made.own.permissions == {P.INVOICES_VIEW, P.USERS_MANAGE}
    assert len(made.own.contracts or ()) == 1
    page = (await aigerim.get(answer.header("location"))).main
    assert f"The invitation was sent to {DANA}." in page.one(".form-saved").text
    assert "Waits for confirmation until 27 Nov 2026" in page.text
    assert "inbox" not in page.text, "only the demo has one"
    assert await Message.filter(receiver=DANA, kind="invitation").count() == 1


async def test_a_role_gives_what_it_stands_for_whatever_is_ticked(acts: Acts) -> None:
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    await aigerim.post("/users/new", fields("dns.edit", "users.manage", role="finance"))
    assert (await seat(DANA)).own.permissions == ROLES["finance"]


WRONG = {
    "no e-mail": ({"email": ""}, "email", "Write the e-mail"),
    "without @": ({"email": "dana.customer1.example"}, "email", "The @ is missing"),
    "without a dot": ({"email": "dana@customer1"}, "email", "looks like name@company.example"),
    "300 characters": ({"email": "d" * 300 + "@customer1.example"}, "email", "at most 254"),
    "a member already": ({"email": IRINA}, "email", "Irina Belova is a member of this account already."),
    "oneself": ({"email": "office1@customer1.example"}, "email", "is a member of this account already"),
    "a long name": ({"last_name": "ы" * 101}, "last_name", "At most 100"),
    "passwords that differ": ({"password_again": "seven quiet mountain"}, "password_again", "differ"),
    "no password": ({"password": "", "password_again": ""}, "password", "Write a password"),
    "a password too short": ({"password": "short", "password_again": "short"}, "password", ""),
    "a day that is none": ({"valid_until": "soon"}, "valid_until", "2026-12-31"),
    "a day that is over": ({"valid_until": "2026-11-19"}, "valid_until", "This day is over"),
    "backwards": ({"documents_from": "2025-12-31", "documents_until": "2025-01-01"}, "documents_until", "before"),
}


@pytest.mark.parametrize("why", WRONG)
async def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(acts: Acts, why: str) -> None:
    typed, field, said = WRONG[why]
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    before = await tables()
    answer = await aigerim.post("/users/new", fields("invoices.view", contracts=(), **typed))
    assert answer.status == 422
    assert said in error_beside(answer.page, field)
    page = answer.page
    if "password" not in field:
        assert page.one(f"#f-{field}")["value"] == typed[field].lower() if field == "email" else typed[field]
    assert page.one("#f-position")["value"] == "Bookkeeper"
    assert "checked" in page.one("[name=permissions][value=invoices.view]").attributes
    assert "seven quiet" not in answer.text, "a password is never sent back"
    assert await tables() == before


CHOICES = {
    "an unknown permission": ({}, ("money.print",), (), "permissions", "There is no such permission."),
    "an unknown role": ({"role": "emperor"}, (), (), "role", "There is no such role."),
    "an unknown contract": ({}, (), ("9999/1",), "contracts", "This is none of your contracts."),
    "somebody else's contract": ({}, (), ("4485/10",), "contracts", "This is none of your contracts."),
    "no contract": ({"reach": "chosen"}, (), (), "contracts", "Choose at least one contract."),
    "an unknown reach": ({"reach": "half"}, (), (), "reach", "Choose all contracts, or only some."),
    "an unknown way": ({"password_mode": "telepathy"}, (), (), "password_mode", "Choose one of the two ways."),
}


@pytest.mark.parametrize("why", CHOICES)
async def test_a_choice_there_is_not_is_said_beside_its_group(acts: Acts, why: str) -> None:
    """Abuse cases A03 and A09."""
    typed, permissions, contracts, field, said = CHOICES[why]
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    before = await tables()
    answer = await aigerim.post("/users/new", fields(*permissions, contracts=contracts, **typed))
    assert answer.status == 422
    assert answer.page.one(f"#f-{field}-error").text == said
    assert await tables() == before


async def test_nobody_gives_what_they_do_not_have(acts: Acts) -> None:
    """Abuse case D01: by ticking, by a role, to somebody new as on a change."""
    gulnar, viktor = await acts.cabinet.sign_in(GULNAR), await acts.cabinet.sign_in(VIKTOR)
    before = await tables()
    for address in ("/users/new", "/users/13"):
        for sent in (
            fields("dns.edit"),
            fields("invoices.view", "journal.view"),
            fields(role="technician"),
            fields(role="manager"),
        ):
            answer = await gulnar.post(
                address, [each for each in sent if address == "/users/new" or each[0] != "email"]
            )
            assert answer.status == 422
            assert "You can only give rights that you have yourself." in answer.main.text
    assert (await viktor.post("/users/new", fields("balance.view"))).status == 422
    assert await tables() == before


async def test_may_add_users_is_given_by_who_may(acts: Acts) -> None:
    """Abuse case D01: it is a right as any other, and in no role."""
    aigerim, gulnar = await acts.cabinet.sign_in(AIGERIM), await acts.cabinet.sign_in(GULNAR)
    assert (await aigerim.post("/users/new", fields(role="manager"))).status == 303
    assert P.USERS_MANAGE not in (await seat(DANA)).own.permissions
    await acts.accept(DANA)
    assert (await (await acts.cabinet.sign_in(DANA)).get("/users")).status == 403
    assert (
        await gulnar.post("/users/13", [("role", "custom"), ("reach", "all"), ("may_add_users", "on")])
    ).status == 303
    assert (await seat(IRINA)).own.permissions == {P.USERS_MANAGE}


async def test_no_form_sets_anybodys_password(acts: Acts) -> None:
    """Abuse case D03: for whom one stands above, oneself, or above oneself; it is sent along as for somebody new."""
    before = {each.email: each.password_hash for each in await User.all()}
    gulnar, aigerim = await acts.cabinet.sign_in(GULNAR), await acts.cabinet.sign_in(AIGERIM)
    sent = [each for each in fields("invoices.view", password_hash="x", reset="1") if each[0] != "email"]
    for browser, number, status in ((gulnar, 13, 303), (aigerim, 13, 303), (gulnar, 12, 404), (gulnar, 1, 404)):
        assert (await browser.post(f"/users/{number}", sent)).status == status
    for act in ("password", "password-reset", "reset", "invitation"):
        assert (await aigerim.post(f"/users/13/{act}", sent)).status == 404
    assert {each.email: each.password_hash for each in await User.all()} == before
    assert not await Link.exists()


async def test_a_field_sent_twice_counts_with_its_first_value(acts: Acts) -> None:
    """Abuse case M05: what is looked at and what is stored are one value; an array is no field of ours."""
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    evil = "mallory@evil.example"
    twice = [("reach", "all"), ("role", "manager"), ("position", "Boss"), ("may_add_users", "on"), ("email", evil)]
    sent = fields("invoices.view", contracts=("4445/10",), may_add_users="no")
    arrays = [(f"{name}[]", value) for name, value in twice] + [("email[0]", evil)]
    assert (await aigerim.post("/users/new", [*sent, *twice, *arrays])).status == 303
    made = await seat(DANA)
    assert (made.own.permissions, made.position) == ({P.INVOICES_VIEW}, "Bookkeeper")
    assert made.own.contracts == {await contract("4445/10")}
    assert [each.receiver for each in await Message.filter(kind="invitation")] == [DANA]
    assert (await aigerim.post("/users/new", [*fields("invoices.view", email=""), ("email[]", evil)])).status == 422
    assert (await aigerim.post("/users/13/place", [("to", "owners"), ("to", "15")])).status == 303
    assert (await seat(IRINA)).parent_id is None
    assert (await aigerim.post("/users/12/removal", [("way", "children"), ("way", "branch")])).status == 303
    assert await seat(TIMUR)


async def test_who_reaches_some_contracts_gives_no_more_of_them(acts: Acts) -> None:
    """Abuse cases A03 and D01."""
    await grant(DIAS, permissions=frozenset({P.USERS_MANAGE, P.SERVICES_VIEW}))
    dias = await acts.cabinet.sign_in(DIAS)
    page = (await dias.get("/users/new")).page
    assert "disabled" in page.one("[name=reach][value=all]").attributes
    assert [each["value"] for each in page.all("[name=contracts]")] == ["4445/10"]
    assert (await dias.post("/users/new", fields(reach="all"))).status == 422
    assert (await dias.post("/users/new", fields(contracts=("4445/11",)))).status == 422
    assert (await dias.post("/users/new", fields(contracts=("4445/10",)))).status == 303


async def test_a_form_shows_what_one_lacks_and_does_not_let_it_be_chosen(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in(GULNAR)).get("/users/new")).page
    off = {each["value"] for each in page.all("[name=permissions][disabled]")}
    assert "dns.edit" in off
    assert "invoices.view" not in off
    assert {each["value"] for each in page.all("[name=role][disabled]")} == {
        "manager",
        "finance",
        "technician",
        "viewer",
    }
    assert "checked" in page.one("[name=role][value=custom]").attributes, "a new form stands at custom"


@pytest.mark.parametrize("address", ["/users/new", "/users/13"])
async def test_smuggled_fields_change_nothing_and_are_logged_by_name(acts: Acts, address: str) -> None:
    """Abuse cases D05 and M01: parent, owner, account and every column of the row sent along."""
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    gulnar, irina = await seat(GULNAR), await seat(IRINA)
    columns = dict.fromkeys(Membership._meta.db_fields - {"email", "first_name", "last_name", "position"}, "1")
    smuggled = columns | {"parent_id": str(gulnar.id), "owner": "true", "account": "4485", "user_id": "1", "line": "1."}
    for name in ("permissions", "reach", "valid_from", "valid_until", "documents_from", "documents_until"):
        smuggled.pop(name, None)
    honest = fields("invoices.view") if address.endswith("new") else await shown_form(aigerim, address)
    with capture_logs() as logged:
        assert (await aigerim.post(address, [*honest, *smuggled.items()])).status == 303
    (line,) = [each for each in logged if each["event"] == "fields nobody asked for"]
    assert {"parent_id", "owner", "account", "user_id"} <= {*line["names"]}
    if address.endswith("new"):
        made = await seat(DANA)
        assert (made.parent_id, made.owner, made.user_id, made.account_id) == (None, False, None, gulnar.account_id)
    else:
        assert await seat(IRINA) == irina


async def test_a_change_keeps_what_the_changer_lacks(acts: Acts) -> None:
    """Gulnar renames Irina, to whom an owner has given the DNS filter: it stays."""
    await grant(IRINA, permissions=frozenset({P.INVOICES_VIEW, P.DNS_VIEW}))
    gulnar = await acts.cabinet.sign_in(GULNAR)
    sent = changed(await shown_form(gulnar, "/users/13"), position="Senior accountant")
    answer = await gulnar.post("/users/13", sent)
    assert (answer.status, answer.header("location")) == (303, "/users/13?done=saved")
    assert (await seat(IRINA)).position == "Senior accountant"
    assert (await seat(IRINA)).own.permissions == {P.INVOICES_VIEW, P.DNS_VIEW}


async def test_a_form_sent_as_shown_changes_nothing(acts: Acts) -> None:
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    before = await tables()
    for email in (GULNAR, IRINA, TIMUR, VIKTOR, DIAS):
        address = f"/users/{(await seat(email)).id}"
        assert (await aigerim.post(address, await shown_form(aigerim, address))).status == 303
    assert await tables() == before


async def test_a_wrong_change_keeps_what_was_typed(acts: Acts) -> None:
    gulnar = await acts.cabinet.sign_in(GULNAR)
    before = await tables()
    sent = changed(await shown_form(gulnar, "/users/13"), first_name="Irene", valid_until="2020-01-01")
    answer = await gulnar.post("/users/13", sent)
    assert answer.status == 422
    assert "This day is over" in error_beside(answer.page, "valid_until")
    assert answer.page.one("#f-first_name")["value"] == "Irene"
    assert await tables() == before


async def test_the_login_of_who_has_accepted_is_theirs(acts: Acts) -> None:
    """Abuse cases D03 and M03."""
    gulnar = await acts.cabinet.sign_in(GULNAR)
    before = await tables()
    sent = [*await shown_form(gulnar, "/users/13"), ("email", "mallory@evil.example")]
    answer = await gulnar.post("/users/13", sent)
    assert answer.status == 422
    assert "only they can change it" in answer.main.text
    assert not (await gulnar.get("/users/13")).page.has("#f-email")
    assert await tables() == before


async def test_the_e_mail_of_who_waits_may_be_mended_and_invites_anew(acts: Acts) -> None:
    """Abuse case M03."""
    await acts.add(AIGERIM, "dana@customer1.exampel")
    one = await seat("dana@customer1.exampel")
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    before = await acts.token("dana@customer1.exampel")
    sent = changed(await shown_form(aigerim, f"/users/{one.id}"), email=DANA)
    assert (await aigerim.post(f"/users/{one.id}", sent)).status == 303
    assert (await seat(DANA)).id == one.id
    assert await acts.token(DANA) != before
    assert (await acts.cabinet.visitor().get(f"/invitations/{before}")).status == 410
