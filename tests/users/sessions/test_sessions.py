"""A sign-in lives on the server: it ends there, by the button, by time, by a suspension; on the very next request."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from components.data.database import execute
from tests.support import sample
from tests.support.cast import AIGERIM, DIAS, GULNAR, IRINA, SAULE, VIKTOR
from tests.support.client import Cabinet, Client
from tests.support.grants import grant, seat
from users.hierarchy.models import Membership, User
from users.journal.models import JournalRow
from users.permissions.permission import Permission as P
from users.sessions.models import Session

HOUR, MINUTE, DAY = 3600, 60, 86_400


async def _in(browser: Client) -> bool:
    return (await browser.get("/profile")).status == 200


async def test_signing_out_ends_it_on_the_server(own_cabinet: Cabinet) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    kept = dict(aigerim.cookies)
    answer = await aigerim.post("/sign-out")
    assert (answer.status, answer.header("location")) == (303, "/sign-in")
    assert "kabinet_session" not in aigerim.cookies
    assert answer.header("clear-site-data") == '"cache", "storage"'
    assert not await _in(Client(own_cabinet.app, cookies=kept)), "the old cookie opens nothing"


async def test_signing_out_leaves_other_sign_ins_alone(own_cabinet: Cabinet) -> None:
    office, phone = await own_cabinet.sign_in(AIGERIM), await own_cabinet.sign_in(AIGERIM)
    await office.post("/sign-out")
    assert await _in(phone)


async def test_a_link_signs_nobody_out(own_cabinet: Cabinet) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    for method in ("GET", "HEAD"):
        answer = await aigerim.send(method, "/sign-out")
        assert (answer.status, answer.header("location")) == (303, "/")
    assert await _in(aigerim)
    assert not await JournalRow.filter(act="session.ended").exists()


async def test_an_idle_sign_in_ends_after_an_hour(own_cabinet: Cabinet, at_noon: time_machine.Traveller) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    at_noon.shift(59 * MINUTE)
    assert await _in(aigerim)
    at_noon.shift(59 * MINUTE)
    assert await _in(aigerim), "each visit starts the hour anew"
    at_noon.shift(61 * MINUTE)
    assert not await _in(aigerim)


async def test_the_busiest_sign_in_ends_after_twelve_hours(
    own_cabinet: Cabinet, at_noon: time_machine.Traveller
) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    for _ in range(14):
        at_noon.shift(50 * MINUTE)
        assert await _in(aigerim)
    at_noon.shift(50 * MINUTE)
    assert not await _in(aigerim)


async def test_a_remembered_sign_in_rests_for_days_but_ends(
    own_cabinet: Cabinet, at_noon: time_machine.Traveller
) -> None:
    from tests.users.sessions.test_sign_in import sign_in

    browser = own_cabinet.visitor()
    await sign_in(browser, AIGERIM, remember="1")
    at_noon.shift(29 * DAY)
    assert await _in(browser)
    at_noon.shift(1 * DAY)
    assert not await _in(browser)


async def test_visits_are_noted_seldom(own_cabinet: Cabinet, at_noon: time_machine.Traveller) -> None:
    """Not a write a request."""
    aigerim = await own_cabinet.sign_in(AIGERIM)
    first = (await Session.get()).seen_at
    await _in(aigerim)
    assert (await Session.get()).seen_at == first
    at_noon.shift(6 * MINUTE)
    await _in(aigerim)
    assert (await Session.get()).seen_at > first


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, "a" * 5000, "'; DROP TABLE session; --", "%00"])
async def test_a_made_up_cookie_is_nobody(cabinet: Cabinet, cookie: str) -> None:
    assert not await _in(Client(cabinet.app, cookies={"kabinet_session": cookie}))


# The next request, not the next sign-in


async def test_a_suspension_counts_on_the_next_request(own_cabinet: Cabinet) -> None:
    """Design: suspension and revocation work on the next request (abuse case D13)."""
    viktor = await own_cabinet.sign_in(VIKTOR)
    assert await _in(viktor)
    await grant(VIKTOR, suspended=True)
    assert not await _in(viktor)
    assert (await viktor.get("/services/S900001/usage.csv")).status == 303


async def test_suspending_viktor_shuts_out_dias_below_him(own_cabinet: Cabinet) -> None:
    """Abuse case D13."""
    dias, gulnar = await own_cabinet.sign_in(DIAS), await own_cabinet.sign_in(GULNAR)
    await grant(VIKTOR, suspended=True)
    assert not await _in(dias)
    assert await _in(gulnar), "the other branch goes on"
    await grant(VIKTOR, suspended=False)
    assert await _in(dias), "and back, without a new sign-in"


async def test_a_seat_that_ran_out_shuts_out_who_sits_below(own_cabinet: Cabinet) -> None:
    """Abuse case D13."""
    dias = await own_cabinet.sign_in(DIAS)
    await grant(VIKTOR, valid_until=date(2026, 11, 19))
    assert not await _in(dias)


async def test_a_person_switched_off_is_out_on_the_next_request(own_cabinet: Cabinet) -> None:
    """Abuse case D13."""
    gulnar = await own_cabinet.sign_in(GULNAR)
    await User.filter(email=GULNAR).update(active=False)
    assert not await _in(gulnar)


async def test_a_right_is_ones_own_within_every_ancestors(own_cabinet: Cabinet) -> None:
    """What Gulnar loses, Irina below her loses with her, at once (abuse case D13)."""
    irina = await own_cabinet.sign_in(IRINA)
    assert (await irina.get("/invoices")).status == 200
    await grant(GULNAR, permissions=frozenset({P.CONTRACTS_VIEW, P.PAYMENTS_VIEW, P.BALANCE_VIEW}))
    assert (await irina.get("/invoices")).status == 403
    assert (await irina.get("/payments")).status == 200
    assert (await irina.get("/")).status == 200


async def test_a_right_that_an_ancestor_has_is_not_inherited(own_cabinet: Cabinet) -> None:
    irina = await own_cabinet.sign_in(IRINA)
    assert not (await irina.get("/")).page.has(".bar-balance"), "Gulnar sees the balance, Irina does not"


async def test_reach_is_ones_own_within_every_ancestors(own_cabinet: Cabinet) -> None:
    from users.parties.models import Contract

    irina = await own_cabinet.sign_in(IRINA)
    await grant(GULNAR, contracts=frozenset({(await Contract.get(number="4445/11")).id}))
    assert (await irina.get("/contracts/4445%2F10")).status == 404
    assert (await irina.get("/contracts/4445%2F11")).status == 404
    assert (await irina.get("/invoices")).main.has(".empty")
    assert (await irina.get("/invoices/СФ-2026-000157")).status == 404


async def test_a_document_period_holds_for_everybody_below(own_cabinet: Cabinet) -> None:
    irina = await own_cabinet.sign_in(IRINA)
    await grant(GULNAR, documents_from=date(2025, 6, 1), documents_until=date(2025, 6, 30))
    numbers = [link.text for link in (await irina.get("/invoices")).main.all("tbody .row-link")]
    june = (each for each in sample.documents(AIGERIM) if each["issued_on"].startswith("2025-06"))
    assert set(numbers) == {each["invoice_number"] for each in june if each["contract_number"] == "4445/10"}


async def test_a_right_this_version_does_not_know_grants_nothing(own_cabinet: Cabinet) -> None:
    await Membership.filter(user__email=SAULE).update(permissions="everything.do invoices.view.all *")
    await execute(
        "UPDATE standing SET permissions = 'everything.do invoices.view.all *' WHERE membership_id = :id",
        id=(await seat(SAULE)).id,
    )
    saule = await own_cabinet.sign_in(SAULE)
    assert {path: (await saule.get(path)).status for path in ("/invoices", "/services", "/payments")} == {
        "/invoices": 403,
        "/services": 403,
        "/payments": 403,
    }


async def test_an_unknown_seat_is_no_seat(own_cabinet: Cabinet) -> None:
    """A session whose membership is another person's is nobody's."""
    gulnar = await own_cabinet.sign_in(GULNAR)
    owner = await Membership.get(account__number=AIGERIM, owner=True)
    await Session.all().update(membership_id=owner.id)
    assert not await _in(gulnar)
