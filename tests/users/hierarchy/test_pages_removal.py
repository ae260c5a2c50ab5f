"""Removing, taking it back, moving: the preview is what then happens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from components.data import clock
from tests.support.cast import AIGERIM, DIAS, GULNAR, IRINA, SAULE, TIMUR, VIKTOR
from tests.support.client import Cabinet
from tests.support.grants import grant, seat
from tests.users.hierarchy.acts import DANA, Acts, place, tables, tree_holds
from users.hierarchy.models import Removal
from users.journal.models import JournalRow
from users.permissions.permission import Permission as P


async def test_the_preview_asks_and_changes_nothing(acts: Acts) -> None:
    await grant(IRINA, permissions=frozenset({P.INVOICES_VIEW, P.DNS_VIEW}))
    await acts.add(GULNAR, DANA, P.INVOICES_VIEW)
    await acts.cabinet.sign_in(GULNAR)
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    before = await tables()
    stay = (await aigerim.get("/users/12/removal")).main
    assert stay.one("#way-children")["aria-current"] == "true"
    assert "Gulnar Akhmetova" in stay.all(".people")[0].text
    assert IRINA not in stay.all(".people")[0].text
    assert "Cut off for good: see the DNS filter" in stay.all(".people")[1].text
    assert "2 sign-ins end at once." in stay.text
    assert "1 invitation can no longer be used." in stay.text
    go = (await aigerim.get("/users/12/removal?way=branch", fragment=True)).page
    assert all(email in go.one(".people").text for email in (GULNAR, IRINA, TIMUR))
    assert go.one("button").text == "Remove Gulnar Akhmetova and 3 people below"
    assert await tables() == before


async def test_who_has_nobody_below_is_removed_without_a_question(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in(AIGERIM)).get("/users/13/removal")).main
    assert not page.has(".ways")
    assert page.one("[name=way]")["value"] == "branch"


async def test_nobody_else_is_said_to_be_gone_where_nobody_was_below(acts: Acts) -> None:
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    irina = await seat(IRINA)
    await aigerim.post(f"/users/{irina.id}/removal", {"way": "branch"})
    assert (await aigerim.get("/users")).main.all(".with-act span")[0].text == "Irina Belova was removed."
    row = await JournalRow.get(act="user.removed")
    assert "way" not in (row.before or {})


@pytest.mark.parametrize("way", ["branch", "children"])
async def test_removed_and_taken_back(acts: Acts, way: str) -> None:
    aigerim, gulnar = await acts.cabinet.sign_in(AIGERIM), await acts.cabinet.sign_in(GULNAR)
    tree = (await aigerim.get("/users")).main.all("table")[0].text
    answer = await aigerim.post("/users/12/removal", {"way": way})
    assert (answer.status, answer.header("location")) == (303, "/users")
    assert (await gulnar.get("/")).status == 303
    assert (await place(IRINA) is None) is (way == "branch")
    await tree_holds()
    listed = (await aigerim.get("/users")).main
    bar = listed.one(".with-act")
    assert "Gulnar Akhmetova was removed" in bar.text
    assert "until 12:1" in bar.text
    undone = await aigerim.post(bar["action"])
    assert undone.header("location") == "/users/12?done=restored"
    assert (await aigerim.get("/users")).main.all("table")[0].text == tree
    assert not (await aigerim.get("/users")).main.has(".with-act")
    assert (await gulnar.get("/")).status == 303, "sign-ins don't come back"
    await tree_holds()


async def test_a_way_there_is_not_removes_nobody(acts: Acts) -> None:
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    before = await tables()
    for way in ("", "everybody"):
        answer = await aigerim.post("/users/12/removal", {"way": way})
        assert answer.status == 422
        assert "they move up, or they go too" in answer.main.one("[role=alert]").text
    assert await tables() == before


async def test_too_late_or_elses_removal_is_not_taken_back(acts: Acts) -> None:
    aigerim, viktor = await acts.cabinet.sign_in(AIGERIM), await acts.cabinet.sign_in(VIKTOR)
    await aigerim.post("/users/13/removal", {"way": "branch"})
    removal = await Removal.get()
    address = f"/users/removals/{removal.id}/restoration"
    assert (await viktor.post(address)).status == 404
    assert not (await viktor.get("/users")).main.has(".with-act")
    removal.until = clock.now() - timedelta(seconds=1)
    await removal.save()
    assert (await aigerim.post(address)).status == 404
    assert not (await aigerim.get("/users")).main.has(".with-act")


async def test_who_was_added_again_meanwhile_is_said_on_the_list(acts: Acts) -> None:
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    await aigerim.post("/users/13/removal", {"way": "branch"})
    await acts.add(AIGERIM, IRINA)
    answer = await aigerim.post((await aigerim.get("/users")).main.one(".with-act")["action"])
    assert answer.status == 422
    assert f"{IRINA} was added again meanwhile" in answer.main.one("[role=alert]").text


async def test_moving_shows_what_it_comes_to_and_then_does_it(acts: Acts) -> None:
    aigerim, dias = await acts.cabinet.sign_in(AIGERIM), await seat(DIAS)
    gulnar = await seat(GULNAR)
    before = await tables()
    page = (await aigerim.get(f"/users/{dias.id}/place?to={gulnar.id}")).main
    said = page.one(".outcome-facts").text
    assert "No longer counts" in said
    assert "see usage" in said
    assert page.one("button.main").text == "Move Dias Nurlan under Gulnar Akhmetova"
    assert await tables() == before
    answer = await aigerim.post(f"/users/{dias.id}/place", {"to": str(gulnar.id)})
    assert answer.header("location") == f"/users/{dias.id}?done=moved"
    assert (await seat(DIAS)).parent_id == gulnar.id
    assert (await seat(DIAS)).own == dias.own
    await tree_holds()
    answer = await aigerim.post(f"/users/{dias.id}/place", {"to": "owners"})
    assert (await seat(DIAS)).parent_id is None


async def test_only_places_that_are_allowed_are_offered(acts: Acts) -> None:
    aigerim, gulnar = await acts.cabinet.sign_in(AIGERIM), await acts.cabinet.sign_in(GULNAR)
    own = (await aigerim.get("/users/12/place")).main.one(".ways").text
    assert "Irina" not in own, "nobody of one's own branch"
    assert "The owners" not in own, "there already"
    theirs = (await gulnar.get("/users/13/place")).main.one(".ways").text
    assert "Timur Ospanov" in theirs
    assert "Viktor" not in theirs
    assert "owners" not in theirs
    found = (await aigerim.get("/users/13/place?q=KIM")).main.one(".ways").text
    assert "Viktor Kim" in found
    assert "Saule" not in found
    assert "Nobody of that name" in (await aigerim.get("/users/13/place?q=zzz")).main.text


async def test_a_place_that_can_t_be_is_refused(acts: Acts) -> None:
    """Abuse cases A03, A09, A11 and M01: not into one's own branch, not to where the mover does not stand above."""
    aigerim, gulnar = await acts.cabinet.sign_in(AIGERIM), await acts.cabinet.sign_in(GULNAR)
    irina, saule = await seat(IRINA), await seat(SAULE)
    before = await tables()
    assert (await aigerim.post("/users/12/place", {"to": str(irina.id)})).status == 422
    assert (await aigerim.post("/users/12/place", {"to": ""})).status == 422
    assert (await aigerim.post("/users/12/place", {"to": "nowhere"})).status == 404
    assert (await gulnar.post("/users/13/place", {"to": str(saule.id)})).status == 404
    assert (await gulnar.post("/users/13/place", {"to": "owners"})).status == 404
    assert {**await tables(), "journal": []} == {**before, "journal": []}
