"""GET /users/{id}: who it is, what they may and why; suspending, letting in, inviting again."""

from __future__ import annotations

import pytest

from tests.support.cast import AIGERIM, ANNA, DIAS, GULNAR, IRINA, MARAT, TIMUR, VIKTOR
from tests.support.client import Answer, Cabinet
from tests.support.grants import grant, seat
from tests.support.pages import Element
from tests.users.hierarchy.acts import DANA, Acts, contract, tables
from users.hierarchy.models import Membership
from users.permissions.permission import Permission as P
from users.permissions.roles import ROLES


def reason(page: Element, word: str) -> str:
    """What is said of one permission: its mark, then the link that decides."""
    line = next(each for each in page.all(".why-line") if word in each.text)
    return " ".join(line.text.replace(word, "").split())


async def test_why_names_the_link_that_decides(acts: Acts) -> None:
    await grant(IRINA, permissions=frozenset({P.INVOICES_VIEW, P.DNS_VIEW}))
    page = (await (await acts.cabinet.sign_in(AIGERIM)).get("/users/13")).page
    assert reason(page, "See documents") == "may"
    assert reason(page, "See the DNS filter") == "held back given, but Gulnar Akhmetova does not have it"
    assert reason(page, "See payments") == "not given"
    assert reason(page, "4445/10") == "may"
    assert reason(page, "4445/11") == "not given"
    assert page.one("#why .section-sub").text == "The owners → Gulnar Akhmetova → Irina Belova"
    gulnar = (await (await acts.cabinet.sign_in(GULNAR)).get("/users/13")).page
    assert reason(gulnar, "See the DNS filter") == "held back given, but you do not have it yourself"
    assert gulnar.one("#why .section-sub").text == "you → Irina Belova"


async def test_why_nothing_counts_at_all(acts: Acts) -> None:
    await grant(VIKTOR, suspended=True)
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    anna, dias = [f"/users/{(await seat(each)).id}" for each in (ANNA, DIAS)]
    assert "Nothing counts now: Viktor Kim is suspended." in (await aigerim.get(dias)).main.text
    assert reason((await aigerim.get(dias)).page, "See usage") == "given, does not count now"
    assert reason((await aigerim.get(dias)).page, "4445/10") == "given, does not count now"
    assert "Suspended above" in (await aigerim.get(dias)).main.one(".head-facts").text
    assert "Nothing counts now" in (await aigerim.get(anna)).main.text
    made = await acts.add(AIGERIM, DANA, P.INVOICES_VIEW)
    page = (await aigerim.get(f"/users/{made.id}")).page
    assert "the address is not confirmed" in page.one(".why-shut").text
    assert reason(page, "See documents") == "given, does not count now"
    assert [each.text for each in page.all("#why .legend span")] == ["given, does not count now", "not given"]


async def test_a_day_that_limits_is_not_held_back_by_anybody(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in(AIGERIM)).get(f"/users/{(await seat(TIMUR)).id}")).page
    assert reason(page, "Documents until 31 Dec 2025") == ""
    assert "held back" not in page.one("#why .legend").text


async def test_ones_own_page_says_what_one_may_and_offers_no_act(acts: Acts) -> None:
    await grant(IRINA, permissions=frozenset({P.INVOICES_VIEW, P.DNS_VIEW, P.USERS_MANAGE}))
    irina = await acts.cabinet.sign_in(IRINA)
    own = row_link(await irina.get("/users"))
    answer = await irina.get(own)
    assert own == f"/users/{(await seat(IRINA)).id}"
    assert answer.main.one("#why h2").text == "What you may, and why"
    assert answer.main.one("#why .section-sub").text == "All above you → you"
    assert reason(answer.page, "See documents") == "may"
    assert reason(answer.page, "See the DNS filter") == "held back given, but somebody above you does not have it"
    assert reason(answer.page, "See payments") == "not given"
    assert "Nobody changes their own rights" in answer.main.one(".closed").text
    assert not answer.main.has("form")
    assert not answer.main.has(".person-acts")
    for name in ("Gulnar", "Akhmetova", "Sadykova", "office1", "4445/11"):
        assert name not in answer.text, name


async def test_ones_own_page_is_for_who_manages_users_and_for_nobody_beside(acts: Acts) -> None:
    irina = await acts.cabinet.sign_in(IRINA)
    own = f"/users/{(await seat(IRINA)).id}"
    assert (await irina.get(own)).status == 403
    await grant(IRINA, permissions=frozenset({P.USERS_MANAGE}))
    assert (await irina.get(own)).status == 200
    await grant(TIMUR, permissions=frozenset({P.USERS_MANAGE}))
    assert (await (await acts.cabinet.sign_in(TIMUR)).get(own)).status == 404
    for email in (GULNAR, TIMUR, VIKTOR):
        assert (await irina.get(f"/users/{(await seat(email)).id}")).status == 404
    assert (await irina.get("/users/1")).status == 404


async def test_whom_nobody_changes_gets_an_explanation_and_no_form(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in(AIGERIM)).get("/users/1")).page
    assert "This is you." in page.one(".closed").text
    assert not page.has("#member-form")
    assert [each["href"] for each in page.all(".person-acts a")] == ["/users/1/resignation"]


async def test_a_page_offers_what_will_be_taken_and_nothing_else(acts: Acts) -> None:
    """A button that leads to a refusal is none."""
    made = await acts.add(AIGERIM, DANA)
    offered = {
        (GULNAR, (await seat(IRINA)).id): {"suspension", "place", "removal"},
        (AIGERIM, made.id): {"invitation", "suspension", "place", "removal"},
        (AIGERIM, (await seat(GULNAR)).id): {"suspension", "place", "ownership", "removal"},
        (AIGERIM, (await seat(ANNA)).id): {"resumption", "place", "ownership", "removal"},
    }
    for (login, one), expected in offered.items():
        browser = await acts.cabinet.sign_in(login)
        bar = (await browser.get(f"/users/{one}")).main.one(".person-acts")
        posts, links = [each["action"] for each in bar.all("form")], [each["href"] for each in bar.all("a")]
        assert {each.removeprefix(f"/users/{one}/") for each in (*posts, *links)} == expected
        assert [(await browser.get(each)).status for each in links] == [200] * len(links)
        assert [(await browser.get(each)).status for each in posts] == [405] * len(posts), "looking does nothing"
        assert [(await browser.post(each)).status for each in posts] == [303] * len(posts)


async def test_suspending_and_letting_in_count_on_the_next_click(acts: Acts) -> None:
    aigerim, dias = await acts.cabinet.sign_in(AIGERIM), await acts.cabinet.sign_in(DIAS)
    viktor = (await seat(VIKTOR)).id
    assert (await dias.get("/services")).status == 200
    answer = await aigerim.post(f"/users/{viktor}/suspension")
    assert (answer.status, answer.header("location")) == (303, f"/users/{viktor}?done=suspended")
    assert "Viktor Kim is suspended, and everybody below" in (await aigerim.get(answer.header("location"))).main.text
    assert (await dias.get("/services")).status == 303
    alone = (await seat(DIAS)).id
    done = (await aigerim.get(f"/users/{alone}?done=suspended")).main.one(".form-saved").text
    assert done == "Dias Nurlan is suspended.", "nobody is below"
    await aigerim.post(f"/users/{viktor}/resumption")
    assert (await dias.get("/services")).status == 200


async def test_an_invitation_is_sent_again_a_few_times(acts: Acts) -> None:
    made = await acts.add(AIGERIM, DANA)
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    first = await acts.token(DANA)
    answer = await aigerim.post(f"/users/{made.id}/invitation")
    assert answer.header("location") == f"/users/{made.id}?done=sent"
    assert await acts.token(DANA) != first
    for _ in range(5):
        answer = await aigerim.post(f"/users/{made.id}/invitation")
    assert answer.status == 422
    assert "several times within an hour" in answer.main.one("[role=alert]").text


def row_link(answer: Answer) -> str:
    return next(each["href"] for each in answer.page.all(".row-link"))


ACTS = (
    "suspension",
    "resumption",
    "invitation",
    "removal",
    "place",
    "ownership",
    "ownership/withdrawal",
    "resignation",
)


@pytest.mark.parametrize("act", ["", *ACTS])
async def test_up_sideways_oneself_and_elsewhere_answer_like_nobody(acts: Acts, act: str) -> None:
    """Abuse cases A01, A09, A11 and D03: one answer for all that can't be acted on, and nothing changes."""
    gulnar = await acts.cabinet.sign_in(GULNAR)
    elsewhere = await Membership.get(account__number="4485")
    viktor, self_, owner = await seat(VIKTOR), await seat(GULNAR), 1
    before = await tables()
    for number in (viktor.id, self_.id, owner, elsewhere.id, 999_999, "0", "-1", "1e3", "9" * 30, "%D9%A1"):
        address = f"/users/{number}" + (f"/{act}" if act else "")
        sent = {"email": "x@y.example", "way": "branch", "to": "owners", "kind": "second", "current_password": "x"}
        assert (await gulnar.post(address, sent)).status == 404, address
    assert {**await tables(), "journal": []} == {**before, "journal": []}


async def test_the_stranger_acts_on_nobody_of_another_account(acts: Acts) -> None:
    """Abuse case A01."""
    marat = await acts.cabinet.sign_in(MARAT)
    for act in ("", "/suspension", "/removal", "/place", "/ownership"):
        assert (await marat.post(f"/users/13{act}", {"way": "branch", "to": "owners"})).status == 404
    assert (await marat.get("/users/13")).status == 404


async def test_a_contract_beyond_reach_is_nowhere_on_the_overview(acts: Acts) -> None:
    """Issue 4, "Done when" 1. The ledger's sums are whole by the contract with others; a number need not be named."""
    await acts.join(AIGERIM, DANA, *ROLES["finance"], contracts=frozenset({await contract("4445/10")}))
    answer = await (await acts.cabinet.sign_in(DANA)).get("/")
    assert answer.status == 200
    assert "4445/11" not in answer.text


async def test_what_was_just_done_is_not_what_the_address_says(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get("/users/13?done=<script>")
    assert answer.status == 200
    assert not answer.page.has(".form-saved")
    assert TIMUR not in answer.text
