"""Abuse case A09: nobody is anybody by a word, a header or a parameter; only by a sign-in of their own."""

from __future__ import annotations

import pytest

from tests.dashboard.test_routes import TABLE
from tests.support.cast import AIGERIM, GULNAR
from tests.support.client import Cabinet
from tests.users.hierarchy.acts import tables
from tests.users.hierarchy.forms import fields
from users.permissions.roles import ROLES

OWNER = "office1@customer1.example"
WORDS = (
    "owner", "owners", "admin", "administrator", "root", "superuser", "system", "staff", "support", "desk", "operator",
    "kabinet", "worker", "import", "guest", "anonymous", "me", "self", "0", "null", "None", *ROLES,
)  # fmt: skip
HEADERS = (
    "x-remote-user", "remote-user", "x-forwarded-user", "x-forwarded-email", "x-auth-request-user", "x-user",
    "x-user-id", "x-account", "x-role", "x-kabinet-user", "x-original-user", "authorization", "from",
)  # fmt: skip


def test_no_address_has_a_word_for_who_asks() -> None:
    """What stands in braces is a thing's number or a link's token; a role is in no address."""
    named = {part for address in TABLE for part in address.split("/") if part.startswith("{")}
    assert {each.partition(":")[0].strip("{}").partition("}")[0] for each in named} == {
        "id",
        "name",
        "number",
        "offer_id",
        "token",
    }


@pytest.mark.parametrize("login", [AIGERIM, GULNAR])
async def test_no_word_stands_for_a_person(own_cabinet: Cabinet, login: str) -> None:
    browser = await own_cabinet.sign_in(login)
    token = await browser.token()
    before = await tables()
    for word in WORDS:
        for place in (f"/users/{word}", f"/users/{word}/removal", f"/users/{word}/place", f"/ownership/{word}"):
            assert (await browser.get(place)).status == 404, place
        sent = {"way": "branch", "to": "owners", "answer": "accept", "role": "manager"}
        for place in (f"/users/{word}", f"/users/{word}/removal", f"/users/{word}/suspension", f"/ownership/{word}"):
            assert (await browser.post(place, sent, token=token)).status == 404, place
        assert (await browser.get(f"/invitations/{word}")).status == 410
    assert {**await tables(), "journal": []} == {**before, "journal": []}


@pytest.mark.parametrize("login", [AIGERIM, GULNAR])
async def test_no_word_is_a_role_but_the_four(own_cabinet: Cabinet, login: str) -> None:
    browser = await own_cabinet.sign_in(login)
    token = await browser.token()
    before = await tables()
    assert ROLES.keys() == {"manager", "finance", "technician", "viewer"}
    for word in {*WORDS, "Manager", "manager owner", "users.manage"} - ROLES.keys():
        for address in ("/users/new", "/users/13"):
            answer = await browser.post(address, fields(role=word), token=token)
            assert answer.status == 422, (address, word)
            assert "There is no such role." in answer.text, (address, word)
    assert await tables() == before


async def test_no_header_and_no_parameter_says_who_asks(own_cabinet: Cabinet) -> None:
    """Somebody is signed in elsewhere at that moment; the visitor stays a visitor, Gulnar stays Gulnar."""
    await own_cabinet.sign_in(AIGERIM)
    visitor, gulnar = own_cabinet.visitor(), await own_cabinet.sign_in(GULNAR)
    for said in (OWNER, AIGERIM, "1", "owner", "admin"):
        headers = dict.fromkeys(HEADERS, said)
        query = "&".join(f"{name}={said}" for name in ("user", "as", "role", "login", "account", "impersonate"))
        cookies = {"user": said, "role": said, "kabinet_user": said, "kabinet_session": said}
        answer = await visitor.get(f"/users?{query}", headers=headers)
        assert (answer.status, answer.header("location").partition("?")[0]) == (303, "/sign-in")
        visitor.cookies = cookies
        assert (await visitor.get("/users")).status == 303
        visitor.cookies = {}
        page = await gulnar.get(f"/users?{query}", headers=headers)
        assert page.page.one(".bar .person-name").text == "Gulnar Akhmetova"
        assert "Viktor Kim" not in page.text
