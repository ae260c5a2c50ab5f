"""A form counts only if it comes from our own page."""

from __future__ import annotations

import pytest

from tests.support.cast import AIGERIM, GULNAR, PASSWORD
from tests.support.client import Answer, Cabinet, Client
from users.hierarchy.models import User

FORMS = ("/profile", "/choice", "/sign-out", "/language")


def _refused(answer: Answer) -> bool:
    return answer.status == 403 and answer.page.one("h1").text == "This form is too old"


async def _still_in(browser: Client) -> bool:
    return (await browser.get("/profile")).status == 200


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", ["", "x", "0" * 64], ids=["none", "short", "made up"])
async def test_a_form_without_our_token_is_refused(cabinet: Cabinet, path: str, token: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    assert _refused(await aigerim.post(path, {"first_name": "Forged", "language": "kk"}, token=token))
    assert await _still_in(aigerim)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
async def test_what_the_browser_says_began_elsewhere_is_refused(cabinet: Cabinet, path: str, site: str) -> None:
    """Even with the right token."""
    aigerim = await cabinet.sign_in(AIGERIM)
    assert _refused(await aigerim.post(path, headers={"sec-fetch-site": site}))
    assert await _still_in(aigerim)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1:9999",
        "https://127.0.0.1:8000",
        "http://127.0.0.1:8000.evil.example",
        "",
    ],
)
async def test_a_form_from_another_origin_is_refused(cabinet: Cabinet, path: str, origin: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    assert _refused(await aigerim.post(path, headers={"origin": origin}))
    assert await _still_in(aigerim)


async def test_a_token_of_another_sign_in_is_refused(cabinet: Cabinet) -> None:
    aigerim, gulnar = await cabinet.sign_in(AIGERIM), await cabinet.sign_in(GULNAR)
    elsewhere = await cabinet.sign_in(AIGERIM)
    for other in (gulnar, elsewhere):
        assert _refused(await aigerim.post("/profile", {"first_name": "Forged"}, token=await other.token()))


async def test_a_token_from_before_the_sign_in_is_worth_nothing_after(own_cabinet: Cabinet) -> None:
    browser = own_cabinet.visitor()
    before = await browser.token()
    assert (await browser.post("/sign-in", {"login": "4445", "password": PASSWORD}, token=before)).status == 303
    assert _refused(await browser.post("/profile", {"first_name": "Forged"}, token=before))
    assert (await User.get(email="office1@customer1.example")).first_name == "Aigerim"


async def test_a_token_bound_to_another_visitors_cookie_is_refused(cabinet: Cabinet) -> None:
    """Signing somebody in as oneself (login CSRF) needs a token of their browser."""
    attacker, victim = cabinet.visitor(), cabinet.visitor()
    token = await attacker.token()
    await victim.get("/sign-in")
    assert _refused(await victim.post("/sign-in", {"login": "4445", "password": PASSWORD}, token=token))


async def test_a_short_form_cookie_is_not_taken_over(cabinet: Cabinet) -> None:
    visitor = cabinet.visitor()
    visitor.cookies["kabinet_form"] = "planted"
    await visitor.get("/sign-in")
    assert len(visitor.cookies["kabinet_form"]) >= 43


@pytest.mark.parametrize("site", ["same-origin", "none", None])
async def test_our_own_forms_pass(own_cabinet: Cabinet, site: str | None) -> None:
    gulnar = await own_cabinet.sign_in(GULNAR)
    headers = {"sec-fetch-site": site} if site else {}
    answer = await gulnar.post("/profile", {"first_name": "Own", "last_name": "Form"}, headers=headers)
    assert answer.status == 303
    assert (await User.get(email=GULNAR)).first_name == "Own"


async def test_the_token_may_come_in_a_header(own_cabinet: Cabinet) -> None:
    gulnar = await own_cabinet.sign_in(GULNAR)
    token = await gulnar.token()
    answer = await gulnar.post("/profile", {"first_name": "Own"}, token="", headers={"x-csrf-token": token})
    assert answer.status == 303


async def test_a_form_as_a_file_upload_has_no_files(cabinet: Cabinet) -> None:
    """The token passes, the upload does not (abuse case X09)."""
    aigerim = await cabinet.sign_in(AIGERIM)
    token = await aigerim.token()
    body = (
        '--b\r\ncontent-disposition: form-data; name="csrf_token"\r\n\r\n' + token + "\r\n"
        '--b\r\ncontent-disposition: form-data; name="first_name"; filename="a.txt"\r\n\r\nx\r\n--b--\r\n'
    ).encode()
    answer = await aigerim.send("POST", "/profile", body, {"content-type": "multipart/form-data; boundary=b"})
    assert answer.status == 400


async def test_a_form_of_a_thousand_fields_is_refused(cabinet: Cabinet) -> None:
    """Abuse case T01."""
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.post("/profile", [(f"f{n}", "x") for n in range(1000)])
    assert answer.status in (400, 403, 413)


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
async def test_what_is_no_form_has_no_token(cabinet: Cabinet, kind: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    token = await aigerim.token()
    answer = await aigerim.send(
        "POST", "/profile", f'{{"csrf_token": "{token}"}}'.encode(), {"content-type": kind} if kind else {}
    )
    assert answer.status == 403
