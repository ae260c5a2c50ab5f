"""A second owner, a hand-over, stepping down: always with one's own password."""

from __future__ import annotations

from tests.support.cast import AIGERIM, GULNAR, MARAT, PASSWORD, VIKTOR
from tests.support.client import Cabinet
from tests.support.grants import seat
from tests.support.pages import error_beside
from tests.users.hierarchy.acts import Acts, tree_holds
from users.hierarchy.models import OwnershipOffer, User
from users.hierarchy.tree import member
from users.permissions.permission import ALL
from users.sessions.passwords import hash_password


async def _known_passwords() -> None:
    """Hashed again, cheaply."""
    await User.all().update(password_hash=await hash_password(PASSWORD))


async def test_a_second_owner_is_offered_and_accepted(acts: Acts) -> None:
    await _known_passwords()
    aigerim, gulnar = await acts.cabinet.sign_in(AIGERIM), await acts.cabinet.sign_in(GULNAR)
    answer = await aigerim.post("/users/12/ownership", {"kind": "second", "current_password": PASSWORD})
    assert answer.header("location") == "/users/12?done=offered"
    assert "It waits for an answer until 27 Nov 2026" in (await aigerim.get("/users/12/ownership")).main.text
    offer = await OwnershipOffer.get()
    (notice,) = (await gulnar.get("/")).main.all(".with-act")
    assert notice.one("a")["href"] == f"/ownership/{offer.id}"
    page = (await gulnar.get(f"/ownership/{offer.id}")).main
    assert "Aigerim Sadykova offers you to become an owner of account 4445" in page.text
    wrong = await gulnar.post(f"/ownership/{offer.id}", {"answer": "accept", "current_password": "guess"})
    assert wrong.status == 422
    assert "not your password" in error_beside(wrong.page, "current_password")
    assert not (await seat(GULNAR)).owner
    done = await gulnar.post(f"/ownership/{offer.id}", {"answer": "accept", "current_password": PASSWORD})
    assert done.header("location") == "/users"
    assert (await seat(GULNAR)).owner
    assert "An owner may do everything" in (await aigerim.get("/users/12")).main.one(".closed").text
    assert (await aigerim.post("/users/12/suspension")).status == 404
    await tree_holds()


async def test_a_hand_over_is_atomic(acts: Acts) -> None:
    await _known_passwords()
    aigerim, gulnar = await acts.cabinet.sign_in(AIGERIM), await acts.cabinet.sign_in(GULNAR)
    await aigerim.post("/users/12/ownership", {"kind": "instead", "current_password": PASSWORD})
    offer = await OwnershipOffer.get()
    await gulnar.post(f"/ownership/{offer.id}", {"answer": "accept", "current_password": PASSWORD})
    giver = await member(1)
    assert giver
    assert (await seat(GULNAR)).owner
    assert not giver.owner
    assert giver.own.permissions == ALL
    assert (await gulnar.get("/users/1")).page.has("#member-form")
    assert (await aigerim.get("/users/12")).status == 404
    await tree_holds()


async def test_an_offer_is_withdrawn_or_declined(acts: Acts) -> None:
    await _known_passwords()
    aigerim, gulnar = await acts.cabinet.sign_in(AIGERIM), await acts.cabinet.sign_in(GULNAR)
    sent = {"kind": "second", "current_password": PASSWORD}
    await aigerim.post("/users/12/ownership", sent)
    assert (await aigerim.post("/users/12/ownership/withdrawal")).header("location") == "/users/12?done=withdrawn"
    assert (await aigerim.post("/users/12/ownership/withdrawal")).status == 404
    await aigerim.post("/users/12/ownership", sent)
    offer = await OwnershipOffer.get()
    assert (await gulnar.post(f"/ownership/{offer.id}", {"answer": "perhaps"})).status == 422
    assert (await gulnar.post(f"/ownership/{offer.id}", {"answer": "decline"})).status == 303
    assert not await OwnershipOffer.exists()
    assert not (await seat(GULNAR)).owner


async def test_an_offer_is_its_receivers_alone(acts: Acts) -> None:
    """Abuse cases A01 and A11."""
    await _known_passwords()
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    await aigerim.post("/users/12/ownership", {"kind": "second", "current_password": PASSWORD})
    offer = await OwnershipOffer.get()
    for login in (AIGERIM, VIKTOR, MARAT):
        browser = await acts.cabinet.sign_in(login)
        assert (await browser.get(f"/ownership/{offer.id}")).status == 404
        answer = await browser.post(f"/ownership/{offer.id}", {"answer": "accept", "current_password": PASSWORD})
        assert answer.status == 404


async def test_ownership_takes_the_right_password_and_a_kind(acts: Acts) -> None:
    await _known_passwords()
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    wrong = await aigerim.post("/users/12/ownership", {"kind": "second", "current_password": "guess"})
    assert wrong.status == 422
    assert "not your password" in error_beside(wrong.page, "current_password")
    assert "guess" not in wrong.text
    assert (await aigerim.post("/users/12/ownership", {"kind": "x", "current_password": PASSWORD})).status == 422
    assert not await OwnershipOffer.exists()


async def test_the_last_owner_does_not_step_down(acts: Acts) -> None:
    await _known_passwords()
    aigerim, gulnar = await acts.cabinet.sign_in(AIGERIM), await acts.cabinet.sign_in(GULNAR)
    last = await aigerim.post("/users/1/resignation", {"current_password": PASSWORD})
    assert last.status == 422
    assert "You are the last owner." in last.main.one("[role=alert]").text
    await aigerim.post("/users/12/ownership", {"kind": "second", "current_password": PASSWORD})
    offer = await OwnershipOffer.get()
    await gulnar.post(f"/ownership/{offer.id}", {"answer": "accept", "current_password": PASSWORD})
    answer = await aigerim.post("/users/1/resignation", {"current_password": PASSWORD})
    assert (answer.status, answer.header("location")) == (303, "/users")
    giver = await member(1)
    assert giver
    assert not giver.owner
    await tree_holds()


async def test_only_owners_offer_ownership(cabinet: Cabinet) -> None:
    gulnar = await cabinet.sign_in(GULNAR)
    assert (await gulnar.get("/users/13/ownership")).status == 403
    sent = {"kind": "second", "current_password": PASSWORD}
    assert (await gulnar.post("/users/13/ownership", sent)).status in (403, 422)
    assert (await gulnar.get("/users/12/resignation")).status == 404
