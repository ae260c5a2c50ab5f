"""A password that was made for somebody: one sign-in, one page, and then it is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from components.data import clock
from tests.support.cast import AIGERIM, GULNAR, PASSWORD
from tests.support.client import Cabinet, Client
from tests.users.passwords.test_changing import NEW, change
from tests.users.passwords.test_resetting import set_password, token_for
from tests.users.sessions.test_sign_in import WRONG, sign_in
from users.hierarchy.models import User
from users.journal.models import JournalRow
from users.sessions.models import Session

DAY = 86_400


@pytest.fixture
async def gulnar(own_cabinet: Cabinet) -> Client:
    """Gulnar's password is one that was made for her, a moment ago; she has just come in with it."""
    await made_for_her()
    browser = own_cabinet.visitor()
    assert (await sign_in(browser, GULNAR)).status == 303
    return browser


async def made_for_her() -> None:
    await User.filter(email=GULNAR).update(
        password_temporary=True, password_expires_at=clock.now() + timedelta(days=7), password_changed_at=clock.now()
    )


@pytest.mark.parametrize(
    "path", ["/", "/profile", "/invoices?from=2026-05-01", "/contracts/4445%2F10", "/services/S900001/usage.csv"]
)
async def test_it_opens_no_page(gulnar: Client, path: str) -> None:
    answer = await gulnar.get(path)
    assert answer.status == 303
    assert answer.header("location").startswith("/profile/security")
    fragment = await gulnar.get(path, fragment=True)
    assert (fragment.status, fragment.body) == (401, b"")
    assert fragment.header("hx-redirect").startswith("/profile/security")


async def test_the_page_says_where_the_temporary_one_is(gulnar: Client, own_cabinet: Cabinet) -> None:
    hint = "The one from the letter with your invitation."
    assert hint in (await gulnar.get("/profile/security")).main.text
    assert hint not in (await (await own_cabinet.sign_in(AIGERIM)).get("/profile/security")).main.text


@pytest.mark.parametrize("path", ["/profile", "/choice", "/profile/sessions/extension"])
async def test_it_opens_no_form(gulnar: Client, path: str) -> None:
    token = (await gulnar.get("/profile/security")).page.all("[name=csrf_token]")[0]["value"]
    answer = await gulnar.post(path, {"first_name": "Mallory", "account": "4446"}, token=token)
    assert (answer.status, answer.header("location")) == (303, "/profile/security")
    assert (await User.get(email=GULNAR)).first_name == "Gulnar"
    assert (await gulnar.post(path, token=token, fragment=True)).header("hx-redirect") == "/profile/security"


async def test_the_one_page_shows_nothing_of_the_account(gulnar: Client) -> None:
    """Nor does a page that is not there: no balance, no sections."""
    for path, status in (("/profile/security", 200), ("/nowhere", 404)):
        answer = await gulnar.get(path)
        assert answer.status == status
        assert not answer.page.has(".bar")
        assert not answer.page.has("nav.nav")
        assert "4445" not in answer.page.text


async def test_it_opens_the_way_out(gulnar: Client) -> None:
    page = await gulnar.get("/profile/security")
    assert page.main.has("form[action=/sign-out]")
    token = page.page.all("[name=csrf_token]")[0]["value"]
    assert (await gulnar.post("/sign-out", token=token)).header("location") == "/sign-in"


async def test_replaced_it_is_gone_and_one_goes_on_where_one_was_going(gulnar: Client, own_cabinet: Cabinet) -> None:
    wanted = await gulnar.get("/invoices?from=2026-05-01")
    page = await gulnar.get(wanted.header("location"))
    assert page.main.one("h1").text == "Choose your own password"
    fields = {each["name"]: each.get("value") for each in page.main.one("form.password-form").all("input[name]")}
    answer = await gulnar.post(
        "/profile/security",
        {"next": fields["next"], "current_password": PASSWORD, "password": NEW, "password_again": NEW},
        token=fields["csrf_token"],
    )
    assert answer.status == 303
    done = await gulnar.get(answer.header("location"))
    assert done.main.has("[role=status]"), "success is announced (requirement V7)"
    (onward,) = done.main.all(".password-done a")
    assert onward["href"] == "/invoices?from=2026-05-01"
    assert (await gulnar.get(onward["href"])).status == 200
    user = await User.get(email=GULNAR)
    assert (user.password_temporary, user.password_expires_at) == (False, None)
    assert user.password_changed_at is not None
    assert (await JournalRow.get(act="password.changed")).after == {"sign_ins_ended": 0, "temporary": False}
    again = own_cabinet.visitor()
    assert (await sign_in(again, GULNAR, NEW)).header("location") == "/"


async def test_it_can_not_be_kept(gulnar: Client) -> None:
    page = await gulnar.get("/profile/security")
    token = page.page.all("[name=csrf_token]")[0]["value"]
    fields = {"current_password": PASSWORD, "password": PASSWORD, "password_again": PASSWORD}
    assert (await gulnar.post("/profile/security", fields, token=token)).status == 422


async def test_it_begins_one_sign_in(gulnar: Client, own_cabinet: Cabinet) -> None:
    """Mission: a temporary password is single use. Whoever reads the letter later comes too late."""
    late = own_cabinet.visitor("198.51.100.7")
    answer = await sign_in(late, GULNAR)
    assert answer.status == 422
    assert answer.page.one(".form-error").text == WRONG, "the same words as for a wrong one"
    assert (await gulnar.get("/profile/security")).status == 200, "who came first can still replace it"


async def test_after_its_week_it_is_wrong(own_cabinet: Cabinet, at_noon: time_machine.Traveller) -> None:
    await made_for_her()
    at_noon.shift(7 * DAY)
    answer = await sign_in(own_cabinet.visitor(), GULNAR)
    assert answer.status == 422
    assert answer.page.one(".form-error").text == WRONG
    assert not await Session.exists()
    await set_password(own_cabinet.visitor(), await token_for(own_cabinet))
    browser = own_cabinet.visitor()
    assert (await sign_in(browser, GULNAR, NEW)).status == 303
    assert (await browser.get("/profile")).status == 200, "a link for a forgotten one is the way on"


async def test_it_is_not_remembered_for_a_month(own_cabinet: Cabinet, at_noon: time_machine.Traveller) -> None:
    await made_for_her()
    browser = own_cabinet.visitor()
    await sign_in(browser, GULNAR, remember="1")
    at_noon.shift(DAY)
    assert (await browser.get("/profile/security")).header("location").startswith("/sign-in")


async def test_a_person_with_a_password_of_their_own_is_not_sent_there(own_cabinet: Cabinet) -> None:
    gulnar = await own_cabinet.sign_in(GULNAR)
    assert (await gulnar.get("/")).status == 200
    assert (await change(gulnar)).status == 303
