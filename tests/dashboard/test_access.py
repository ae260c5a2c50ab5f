"""Who gets what at which address: each of the cast at each page, on both databases.

403: this kind of thing is not for you. 404: this thing is not within your reach, or there is none; nobody can tell.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.dashboard.test_routes import TABLE
from tests.support.cast import AIGERIM, ANNA, DIAS, GULNAR, IRINA, MARAT, NOBODY, SAULE, TIMUR, VIKTOR
from tests.support.client import Answer, Cabinet
from tests.support.grants import grant, seat
from users.permissions.permission import Permission

CAST = {
    "Aigerim": AIGERIM,
    "Gulnar": GULNAR,
    "Irina": IRINA,
    "Timur": TIMUR,
    "Viktor": VIKTOR,
    "Dias": DIAS,
    "Anna": ANNA,
    "Saule": SAULE,
    "Marat": MARAT,
    "nobody": NOBODY,
}

# The route each line stands for, an address of it, and each one's answer in the order of the cast.
PAGES = """
/                                 /                                      200 200 200 200 200 200 303 200 200 303
/contracts                        /contracts                             200 200 200 403 200 403 303 403 200 303
/contracts/{number:path}          /contracts/4445%2F10                   200 200 200 403 200 403 303 403 404 303
/contracts/{number:path}          /contracts/4445%2F11                   200 200 404 403 200 403 303 403 404 303
/contracts/{number:path}          /contracts/4446%2F10                   404 404 404 403 404 403 303 403 404 303
/contracts/{number:path}          /contracts/4485%2F10                   404 404 404 403 404 403 303 403 200 303
/services                         /services                              200 403 403 403 200 200 303 403 200 303
/services/{number}                /services/S900001                      200 403 403 403 200 200 303 403 404 303
/services/{number}                /services/S000002                      200 403 403 403 200 404 303 403 404 303
/services/{number}                /services/S000019                      404 403 403 403 404 404 303 403 200 303
/services/{number}/usage.csv      /services/S900001/usage.csv            200 403 403 403 200 200 303 403 404 303
/services/{number}/usage.csv      /services/S000002/usage.csv            200 403 403 403 200 404 303 403 404 303
/invoices                         /invoices                              200 200 200 200 403 403 303 403 200 303
/invoices/{number:path}           /invoices/СФ-2026-000157               200 200 200 404 403 403 303 403 404 303
/invoices/{number:path}           /invoices/СФ-2026-000158               200 200 404 404 403 403 303 403 404 303
/invoices/{number:path}           /invoices/СФ-2025-000001               200 200 200 200 403 403 303 403 404 303
/invoices/{number:path}           /invoices/СФ-2025-000002               200 200 404 200 403 403 303 403 404 303
/invoices/{number:path}           /invoices/СФ-2026-000165               404 404 404 404 403 403 303 403 200 303
/invoices/{number:path}.pdf       /invoices/СФ-2026-000157.pdf           200 200 200 404 403 403 303 403 404 303
/invoices/{number:path}.pdf       /invoices/СФ-2026-000158.pdf           200 200 404 404 403 403 303 403 404 303
/invoices/{number:path}.pdf       /invoices/СФ-2025-000001.pdf           200 200 200 200 403 403 303 403 404 303
/invoices/{number:path}.pdf       /invoices/СФ-2026-000165.pdf           404 404 404 404 403 403 303 403 200 303
/payments                         /payments                              200 200 200 200 403 403 303 403 200 303
/journal                          /journal                               200 403 403 403 403 403 303 403 200 303
/journal.csv                      /journal.csv                           200 403 403 403 403 403 303 403 200 303
/journal/verification             /journal/verification                  200 403 403 403 403 403 303 403 200 303
/journal/seal.json                /journal/seal.json                     404 403 403 403 403 403 303 403 404 303
/profile                          /profile                               200 200 200 200 200 200 303 200 200 303
/profile/security                 /profile/security                      200 200 200 200 200 200 303 200 200 303
/profile/sessions                 /profile/sessions                      200 200 200 200 200 200 303 200 200 303
/profile/letters/{token}          /profile/letters/nothing               200 200 200 200 200 200 303 200 200 303
/password-reset                   /password-reset                        200 200 200 200 200 200 200 200 200 200
/password-reset/{token}           /password-reset/nothing                410 410 410 410 410 410 410 410 410 410
/users                            /users                                 200 200 403 403 200 403 303 403 200 303
/users/new                        /users/new                             200 200 403 403 200 403 303 403 200 303
/users/{id}                       /users/1                               200 404 403 403 404 403 303 403 404 303
/users/{id}                       /users/13                              200 200 403 403 404 403 303 403 404 303
/users/{id}                       /users/16                              200 404 403 403 200 403 303 403 404 303
/users/{id}                       /users/12                              200 200 403 403 404 403 303 403 404 303
/users/{id}                       /users/999999                          404 404 403 403 404 403 303 403 404 303
/users/{id}/removal               /users/13/removal                      200 200 403 403 404 403 303 403 404 303
/users/{id}/removal               /users/1/removal                       404 404 403 403 404 403 303 403 404 303
/users/{id}/place                 /users/13/place                        200 200 403 403 404 403 303 403 404 303
/users/{id}/ownership             /users/13/ownership                    200 403 403 403 404 403 303 403 404 303
/users/{id}/resignation           /users/1/resignation                   200 404 403 403 404 403 303 403 404 303
/ownership/{offer_id}             /ownership/1                           404 404 404 404 404 404 303 404 404 303
/invitations/{token}              /invitations/nothing                   410 410 410 410 410 410 410 410 410 410
/sign-in                          /sign-in                               303 303 303 303 303 303 200 303 303 200
/sign-out                         /sign-out                              303 303 303 303 303 303 303 303 303 303
/brand.css                        /brand.css                             200 200 200 200 200 200 200 200 200 200
/healthz                          /healthz                               200 200 200 200 200 200 200 200 200 200
/readyz                           /readyz                                200 200 200 200 200 200 200 200 200 200
/metrics                          /metrics                               404 404 404 404 404 404 404 404 404 404
/static/{name:path}               /static/css/tokens.css                 200 200 200 200 200 200 200 200 200 200
/nowhere                          /nowhere                               404 404 404 404 404 404 404 404 404 404
"""
LINES = [line.split() for line in PAGES.strip().splitlines()]


def _column(name: str) -> dict[str, int]:
    place = list(CAST).index(name)
    return {address: int(answers[place]) for _, address, *answers in LINES}


async def _ask(cabinet: Cabinet, login: str, addresses: Mapping[str, int]) -> dict[str, int]:
    browser = await cabinet.sign_in(login) if login else cabinet.visitor()
    return {address: (await browser.get(address)).status for address in addresses}


def test_the_table_leaves_no_page_out() -> None:
    pages = {address.removeprefix("GET ") for address in TABLE if address.startswith("GET ")}
    assert pages <= {line[0] for line in LINES}
    assert all(len(line) == 2 + len(CAST) for line in LINES)


@pytest.mark.parametrize("name", CAST)
async def test_each_sees_their_own(cabinet: Cabinet, name: str) -> None:
    """Abuse case A01."""
    expected = _column(name)
    assert await _ask(cabinet, CAST[name], expected) == expected


async def test_a_page_asks_the_signed_out_to_sign_in_and_brings_them_back(cabinet: Cabinet) -> None:
    visitor = cabinet.visitor()
    answer = await visitor.get("/services/S900001?from=2026-06-01&to=2026-06-30&step=hour")
    assert answer.status == 303
    assert (
        answer.header("location")
        == "/sign-in?next=/services/S900001%3Ffrom%3D2026-06-01%26to%3D2026-06-30%26step%3Dhour"
    )


async def test_a_fragment_sends_the_signed_out_to_the_whole_page(cabinet: Cabinet) -> None:
    """HTMX follows a 303 unseen and would put the sign-in page into the list's place."""
    answer = await cabinet.visitor().get("/invoices?kind=invoice", fragment=True)
    assert (answer.status, answer.body) == (401, b"")
    assert answer.header("hx-redirect") == "/sign-in?next=/invoices%3Fkind%3Dinvoice"


@pytest.mark.parametrize("path", ["/profile", "/choice", "/sign-out"])
async def test_a_form_of_the_signed_out_changes_nothing(cabinet: Cabinet, path: str) -> None:
    answer = await cabinet.visitor().post(path, {"first_name": "Mallory"})
    assert (answer.status, answer.header("location")) == (303, "/sign-in")


async def test_what_is_not_allowed_is_said_kindly(cabinet: Cabinet) -> None:
    saule = await cabinet.sign_in(SAULE)
    answer = await saule.get("/invoices")
    assert answer.status == 403
    assert answer.main.one("h1").text == "This is not open to you"
    assert not [link["href"] for link in answer.page.all("nav a") if link["href"] == "/invoices"]


@pytest.mark.parametrize(
    ("foreign", "unknown"),
    [
        ("/contracts/4445%2F10", "/contracts/9999%2F10"),
        ("/services/S900001", "/services/S999999"),
        ("/services/S900001/usage.csv", "/services/S999999/usage.csv"),
        ("/invoices/СФ-2026-000157", "/invoices/СФ-2026-999999"),
        ("/invoices/СФ-2026-000157.pdf", "/invoices/СФ-2026-999999.pdf"),
    ],
)
@pytest.mark.parametrize("fragment", [False, True], ids=["page", "fragment"])
async def test_anothers_thing_and_no_thing_answer_alike(
    cabinet: Cabinet, foreign: str, unknown: str, fragment: bool
) -> None:
    """Else a stranger could find out which numbers there are (abuse case A01)."""
    marat = await cabinet.sign_in(MARAT)
    same = {"x-request-id": "one-and-the-same"}
    one = await marat.get(foreign, fragment=fragment, headers=same)
    other = await marat.get(unknown, fragment=fragment, headers=same)
    assert (one.status, other.status) == (404, 404)
    assert [line for line in one.headers if "length" not in line[0]] == [
        line for line in other.headers if "length" not in line[0]
    ]
    assert _without_address(one.text) == _without_address(other.text)


def _without_address(text: str) -> str:
    """The page's own address stands in the form that chooses a language; all else must be the same."""
    return "\n".join(line for line in text.splitlines() if 'name="next"' not in line)


@pytest.mark.parametrize("parameter", ["user", "account", "account_number", "customer", "membership", "account_id"])
@pytest.mark.parametrize("path", ["/invoices", "/payments", "/services", "/contracts"])
async def test_no_parameter_opens_anothers_list(cabinet: Cabinet, path: str, parameter: str) -> None:
    """Abuse case A05: a list with the id of a foreign user shows one's own all the same."""
    marat = await cabinet.sign_in(MARAT)
    plain, asked = await marat.get(path), await marat.get(f"{path}?{parameter}=4445")
    assert asked.status == 200
    assert asked.main.text == plain.main.text
    assert "4445" not in asked.main.text


@pytest.mark.parametrize("login", [MARAT, GULNAR], ids=["a stranger", "a colleague"])
async def test_no_parameter_opens_anothers_people_or_journal(own_cabinet: Cabinet, login: str) -> None:
    """Abuse case A05: by the number of an account, of a person or of a place, whatever the name in front of it."""
    await grant(GULNAR, permissions=frozenset({Permission.USERS_MANAGE, Permission.JOURNAL_VIEW}))
    viktor = await seat(VIKTOR)
    aigerim, browser = await own_cabinet.sign_in(AIGERIM), await own_cabinet.sign_in(login)
    await aigerim.post(f"/users/{viktor.id}/suspension")  # so that there is a journal to be read
    await aigerim.post(f"/users/{viktor.id}/resumption")
    foreign = {"4445", "1", str(viktor.id), str(viktor.user_id), VIKTOR} - {login}
    for path in ("/users?view=tree", "/users?view=table", "/journal?act=", "/journal.csv?act="):
        plain = await browser.get(path)
        assert plain.status == 200
        for name in ("user", "user_id", "id", "member", "membership", "account", "account_id", "parent", "as", "open"):
            for number in sorted(foreign):
                answer = await browser.get(f"{path}&{name}={number}")
                assert (answer.status, _shown(answer)) == (200, _shown(plain)), f"{path}&{name}={number}"
    for number in (1, viktor.id):
        assert (await browser.get(f"/users?view=tree&under={number}")).status == 404
    for asked in (f"/users?q={VIKTOR}", f'/users?view=table&after=["A","",{viktor.id}]', f"/journal?person={VIKTOR}"):
        assert VIKTOR not in (await browser.get(asked)).main.one("section").text


def _shown(answer: Answer) -> str:
    return answer.main.text if "html" in answer.header("content-type") else answer.text


async def test_anothers_contract_as_a_filter_shows_nothing(cabinet: Cabinet) -> None:
    marat = await cabinet.sign_in(MARAT)
    answer = await marat.get("/invoices?contract=4445/10")
    assert answer.status == 200
    assert not answer.main.has("table")
    assert answer.main.one(".empty-title").text == "No document fits this filter."
