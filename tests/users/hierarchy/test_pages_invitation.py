"""The link of an invitation, for who is new, known, somebody else, or too late."""

from __future__ import annotations

from urllib.parse import quote

from structlog.testing import capture_logs

from components.jobs.models import Job
from tests.support.cast import AIGERIM, GULNAR, MARAT, PASSWORD, SAULE, VIKTOR
from tests.support.client import Cabinet
from tests.support.grants import grant, seat
from tests.support.pages import error_beside
from tests.users.hierarchy.acts import CHOSEN, DANA, Acts
from tests.users.hierarchy.forms import fields
from users.hierarchy.models import Membership, User
from users.journal.models import JournalRow
from users.links.models import Link
from users.permissions.permission import Permission as P
from users.sessions.passwords import hash_password


async def test_somebody_new_confirms_and_signs_in(acts: Acts) -> None:
    await acts.add(AIGERIM, DANA, P.INVOICES_VIEW, first_name="Dana")
    address = f"/invitations/{await acts.token(DANA)}"
    dana = acts.cabinet.visitor()
    page = await dana.get(address)
    assert "Aigerim Sadykova invites you to the account of" in page.main.text
    assert DANA in page.main.text
    assert not await User.exists(email=DANA), "looking confirms nothing"
    answer = await dana.post(f"{address}/acceptance")
    assert (answer.status, answer.header("location")) == (303, "/sign-in")
    form = await dana.get("/sign-in")
    assert form.page.one("#f-login")["value"] == DANA
    assert f"Your address is confirmed. Sign in with {DANA}" in form.main.text
    assert DANA not in answer.header("location")
    signed_in = await dana.post("/sign-in", {"login": DANA, "password": CHOSEN})
    assert signed_in.status == 303
    assert (await dana.get("/invoices")).status == 200
    assert "confirmed" not in str(dana.cookies)


async def test_a_link_works_once_and_then_says_what_to_do(acts: Acts) -> None:
    """Abuse case L05."""
    await acts.add(AIGERIM, DANA)
    address = f"/invitations/{await acts.token(DANA)}"
    visitor = acts.cabinet.visitor()
    await visitor.post(f"{address}/acceptance")
    for answer in (await visitor.get(address), await visitor.post(f"{address}/acceptance")):
        assert answer.status == 410
        assert "Ask whoever invited you to send it again" in answer.main.text
    assert (await visitor.get("/invitations/nothing")).status == 410


async def test_a_known_login_signs_in_first_and_then_has_two_accounts(acts: Acts) -> None:
    marat = (await Membership.get(account__number="4485", owner=True)).email
    await acts.add(AIGERIM, marat, P.INVOICES_VIEW)
    address = f"/invitations/{await acts.token(marat)}"
    visitor = acts.cabinet.visitor()
    assert "Sign in and come in" in (await visitor.get(address)).main.text
    answer = await visitor.post(f"{address}/acceptance")
    assert answer.header("location") == f"/sign-in?next={quote(address, safe='/')}"
    browser = await acts.cabinet.sign_in(MARAT)
    assert (await browser.post(f"{address}/acceptance")).header("location") == "/"
    page = await browser.get("/invoices")
    choice = page.page.all(".bar .choice form")[0]
    assert [each["value"] for each in choice.all("button")] == ["4445", "4485"]
    assert all("," in each.text for each in choice.all("button")), "the customer's name beside the number"
    assert "СФ-2026-000157" in page.text, "the new account is the one that shows"
    await browser.post("/choice", {"account": "4485"})
    other = await browser.get("/invoices")
    assert "СФ-2026-000157" not in other.text
    assert "4445/1" not in other.main.text


async def test_who_has_a_login_but_no_account_left_comes_in_by_their_password(acts: Acts) -> None:
    """Removed from their only account they can't sign in, and so could never accept another invitation."""
    await acts.join(AIGERIM, DANA, P.INVOICES_VIEW)
    await User.filter(email=DANA).update(password_hash=await hash_password(CHOSEN))
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    assert (await aigerim.post(f"/users/{(await seat(DANA)).id}/removal", {"way": "branch"})).status == 303
    await acts.add(AIGERIM, DANA, P.INVOICES_VIEW)
    address = f"/invitations/{await acts.token(DANA)}"
    visitor = acts.cabinet.visitor()
    assert (await visitor.post("/sign-in", {"login": DANA, "password": CHOSEN})).status == 422
    wrong = await visitor.post(f"{address}/acceptance", {"password": "something else"})
    assert wrong.status == 422
    assert error_beside(wrong.page, "password").startswith("This is not your password")
    assert (await seat(DANA)).user_id is None
    answer = await visitor.post(f"{address}/acceptance", {"password": CHOSEN})
    assert (answer.status, answer.header("location")) == (303, "/")
    assert (await visitor.get("/invoices")).status == 200


async def test_tries_at_an_invitations_password_are_those_of_the_sign_in(acts: Acts) -> None:
    """Abuse case D03."""
    marat = (await Membership.get(account__number="4485", owner=True)).email
    await acts.add(AIGERIM, marat)
    address = f"/invitations/{await acts.token(marat)}"
    visitor = acts.cabinet.visitor()
    for _ in range(8):
        assert (await visitor.post(f"{address}/acceptance", {"password": "wrong"})).status == 422
    assert (await visitor.post("/sign-in", {"login": marat, "password": PASSWORD})).status == 429
    answer = await visitor.post(f"{address}/acceptance", {"password": PASSWORD})
    assert "Too many tries" in error_beside(answer.page, "password")
    assert (await Membership.get(account__number="4445", email=marat)).user_id is None  # type: ignore[attr-defined]
    elsewhere = acts.cabinet.visitor("203.0.113.9")
    answer = await elsewhere.post(f"{address}/acceptance", {"password": PASSWORD})
    assert answer.status == 303, "abuse case L09: a stranger with the link keeps nobody out elsewhere"


async def test_somebody_else_is_told_and_may_sign_out(acts: Acts) -> None:
    await acts.add(AIGERIM, DANA)
    address = f"/invitations/{await acts.token(DANA)}"
    viktor = await acts.cabinet.sign_in(VIKTOR)
    page = await viktor.get(address)
    assert f"You are signed in as {VIKTOR}" in page.main.text
    assert page.main.one("form")["action"] == "/sign-out"
    answer = await viktor.post(f"{address}/acceptance")
    assert answer.status == 422
    assert not await User.exists(email=DANA)
    assert (await seat(DANA)).user_id is None


async def test_the_inviters_rights_are_asked_again(acts: Acts) -> None:
    """Abuse case D07: who may not add users any more has invited nobody."""
    await acts.add(GULNAR, DANA, P.INVOICES_VIEW)
    address = f"/invitations/{await acts.token(DANA)}"
    await grant(GULNAR, permissions=frozenset({P.INVOICES_VIEW}))
    visitor = acts.cabinet.visitor()
    assert (await visitor.get(address)).status == 410
    assert (await visitor.post(f"{address}/acceptance")).status == 410


async def test_the_token_goes_nowhere(acts: Acts) -> None:
    """Abuse case D09: no link leads out of the page with the token in the referrer."""
    await acts.add(AIGERIM, DANA)
    token = await acts.token(DANA)
    answer = await acts.cabinet.visitor().get(f"/invitations/{token}")
    assert answer.header("referrer-policy") == "strict-origin"
    assert answer.header("cache-control") == "no-store"
    away = [each["href"] for each in answer.page.all("a[href]") if "//" in each["href"]]
    assert away == []


async def test_who_invites_never_sees_the_token(acts: Acts) -> None:
    """Abuse case D09: neither on a page, in an address, in the journal or its CSV, nor in the log."""
    aigerim, visitor = await acts.cabinet.sign_in(AIGERIM), acts.cabinet.visitor()
    with capture_logs() as logged:
        answers = [await aigerim.post("/users/new", fields("invoices.view"))]
        tokens = [await acts.token(DANA)]
        one = f"/users/{(await seat(DANA)).id}"
        answers.append(await aigerim.post(f"{one}/invitation"))
        tokens.append(await acts.token(DANA))
        answers += [await aigerim.get(each.header("location")) for each in answers]
        for address in (
            "/users",
            "/users?view=table",
            one,
            f"{one}/removal",
            f"{one}/place",
            "/journal",
            "/journal.csv",
        ):
            answers += [await aigerim.get(address), await aigerim.get(address, fragment=True)]
        for token in tokens:
            for browser in (visitor, aigerim):
                await browser.get(f"/invitations/{token}")
                await browser.post(f"/invitations/{token}/acceptance")
        answers += [await aigerim.get(address) for address in (one, "/journal", "/journal.csv")]
    assert (await seat(DANA)).user_id
    said = "".join(f"{each.headers} {each.text}" for each in answers)
    kept = [*await Link.all().values(), *await JournalRow.all().values(), *await Job.all().values()]
    for token in tokens:
        assert token not in said
        assert token not in repr(logged)
        assert token not in repr(kept)
    assert {line["route"] for line in logged if line["event"] == "request"} >= {"/invitations/{token}"}


async def test_one_account_in_the_bar_is_no_choice(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in(SAULE)).get("/")).page
    assert not page.one(".bar .choice").all("button[name=account]")
