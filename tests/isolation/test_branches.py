"""Within one account: what somebody who may manage users does and asks shows nobody but who is below them."""

from __future__ import annotations

import pytest

from tests.isolation.asking import Asker, asking, now_written, written
from tests.isolation.people import LOOKERS, Looker
from tests.isolation.world import ELSEWHERE, FAR, LEAD, ONE, TWO, World, email, found_in, plain
from tests.support.client import Cabinet

BY_NAME = {each.name: each for each in LOOKERS}


def _new(address: str, **changes: str) -> list[tuple[str, str]]:
    words = {"first_name": "New", "last_name": "Person", "role": "viewer", "password_mode": "generated", "reach": "all"}
    return [("email", address), *(words | changes).items()]


async def _acts(asker: Asker, world: World, below: str, waiting: str) -> None:
    """Every act there is, each told of by a page; below and waiting stand under the actor."""
    one = f"/users/{world.members[below]}"
    sent: list[tuple[str, list[tuple[str, str]], int]] = [
        ("/users/new", _new("fresh@new.example"), 303),
        (one, [("first_name", "Changed"), ("role", "viewer"), ("may_add_users", "on"), ("reach", "all")], 303),
        (f"{one}/suspension", [], 303),
        (f"{one}/resumption", [], 303),
        *([(f"/users/{world.members[waiting]}/invitation", [], 303)] if waiting else []),
        (f"{one}/removal", [("way", "children")], 303),
    ]  # fmt: skip
    for address, form, status in sent:
        answer = await asker.ask("POST", address, form)
        assert answer.status == status, (address, answer.text)
        await asker.ask("GET", answer.header("location") or "/users")
    listed = await asker.ask("GET", "/users")
    restoration = next(each["action"] for each in listed.page.all("form") if "/restoration" in each.get("action"))
    answer = await asker.ask("POST", restoration, [])
    assert answer.status == 303
    for address in (answer.header("location"), "/users?view=table", "/users?view=tree", "/journal", "/journal.csv"):
        await asker.ask("GET", address)


@pytest.mark.parametrize(("name", "below", "waiting"), [("lead", "below", "waiting"), ("narrow", "narrowed", "")])
async def test_nobody_else_shows_in_what_one_does(
    own_accounts: tuple[Cabinet, World], name: str, below: str, waiting: str
) -> None:
    cabinet, world = own_accounts
    before = await now_written()
    who: Looker = BY_NAME[name]
    async with asking(cabinet, who) as asker:
        if name == "narrow":
            await _narrow(asker, world)
        else:
            await _acts(asker, world, below, waiting)
    assert asker.leaks == [], "\n".join(asker.leaks)
    found = await written(before)
    assert found["journal"], "what was done is written down"
    for each in (*found["message"], *found["journal"]):
        assert found_in(plain(str(each)), who.forbidden) == [], each


async def _narrow(asker: Asker, world: World) -> None:
    one = f"/users/{world.members['narrowed']}"
    for address in (one, f"{one}/removal", f"{one}/place", "/users", "/users?view=table", "/users/new"):
        assert (await asker.ask("GET", address)).status == 200
    form = [("first_name", "Changed"), ("role", "viewer"), ("reach", "all")]
    assert (await asker.ask("POST", one, form)).status == 303
    for address in (one, "/journal", "/journal.csv"):
        assert (await asker.ask("GET", address)).status == 200


@pytest.mark.parametrize("name", ["above", "beside", "cousin", "cousin_waiting", "stranger", "owner"])
async def test_whose_an_address_is_is_not_told(own_accounts: tuple[Cabinet, World], name: str) -> None:
    """Adding somebody who stands elsewhere on the account: refused without a name; below it is said whose it is."""
    cabinet, world = own_accounts
    async with asking(cabinet, BY_NAME["lead"]) as asker:
        answer = await asker.ask("POST", "/users/new", _new(email(name)), typed=(email(name),))
        assert answer.status == 422
        pending = f"/users/{world.members['waiting']}"
        answer = await asker.ask(
            "POST", pending, [("email", email(name)), ("role", "viewer"), ("reach", "all")], typed=(email(name),)
        )
        assert answer.status == 422
        known = await asker.ask("POST", "/users/new", _new(email("grandchild")))
        assert (known.status, found_in(plain(known.text), (LEAD,)) != []) == (422, True)
    assert asker.leaks == [], "\n".join(asker.leaks)


async def test_what_those_above_do_shows_without_their_names(own_accounts: tuple[Cabinet, World]) -> None:
    """Somebody is moved in from another branch, changed and suspended from above: who did it is not named."""
    cabinet, world = own_accounts
    async with asking(cabinet, BY_NAME["owner"]) as owner:
        one = f"/users/{world.members['stranger']}"
        for address, form in (
            (f"{one}/place", [("to", str(world.members["lead"]))]),
            (one, [("first_name", "Moved"), ("last_name", "In"), ("role", "finance"), ("reach", "all")]),
            (f"{one}/suspension", []),
            (f"{one}/resumption", []),
            (f"/users/{world.members['below']}/suspension", []),
            (f"/users/{world.members['below']}/resumption", []),
        ):
            assert (await owner.ask("POST", address, form)).status == 303, address
    async with asking(cabinet, BY_NAME["lead"]) as lead:
        # The one who came keeps their own words, which were those of the branch that they came from.
        own = tuple(each for each in lead.who.forbidden if each is not ELSEWHERE)
        for address in (
            "/journal",
            "/journal.csv",
            "/journal?q=owner",
            "/journal?person=cedarwen",
            f"/users/{world.members['stranger']}",
        ):
            answer = await lead.ask("GET", address, forbidden=own, typed=("q=owner", "cedarwen"))
            assert answer.status == 200
        page = (await lead.ask("GET", "/journal?act=user.moved", forbidden=own)).main
        assert "Somebody above" in page.text
        for asked in ("q=owner.cedarwen", "person=cedarwen", "q=elsewhere.bramblette", "q=marigolda"):
            empty = (await lead.ask("GET", f"/journal?{asked}", forbidden=())).main
            assert not empty.has("tbody"), f"{asked} finds out who it was"
    assert lead.leaks == [], "\n".join(lead.leaks)


async def test_who_comes_from_another_branch_brings_nothing_of_those_who_stayed(
    own_accounts: tuple[Cabinet, World],
) -> None:
    cabinet, world = own_accounts
    left, came = world.members["stranger"], world.members["elsewhere"]
    async with asking(cabinet, BY_NAME["owner"]) as owner:
        for address, to in ((f"/users/{left}/place", "owners"), (f"/users/{came}/place", str(world.members["lead"]))):
            assert (await owner.ask("POST", address, [("to", to)])).status == 303
    async with asking(cabinet, BY_NAME["lead"]) as lead:
        for address in ("/journal", "/journal.csv", "/journal?q=stranger", "/journal?person=stranger", "/users"):
            answer = await lead.ask("GET", address, forbidden=(), typed=("q=stranger", "person=stranger"))
            assert answer.status == 200
            assert email("stranger") not in answer.text, address
            assert "Bramblette stranger" not in answer.text, address
        assert email("elsewhere") in (await lead.ask("GET", "/journal.csv", forbidden=())).text


async def test_who_has_two_accounts_takes_nothing_from_one_to_the_other(own_accounts: tuple[Cabinet, World]) -> None:
    """Turning between them: each page is of the account turned to alone, and so is what is written meanwhile."""
    cabinet, _world = own_accounts
    pages = (
        "/",
        "/users",
        "/users?view=table",
        "/invoices",
        "/payments",
        "/contracts",
        "/services",
        "/profile",
        "/journal",
        "/journal.csv",
    )
    for name in ("both", "both2", "both"):
        before = await now_written()
        async with asking(cabinet, BY_NAME[name]) as asker:
            for address in pages:
                assert (await asker.ask("GET", address)).status == 200
            assert (
                await asker.ask("POST", "/profile", {"first_name": "Hazelmere", "last_name": f"Of {name}"})
            ).status == 303
            assert (await asker.ask("POST", "/users/new", _new(f"{name}{before['journal']}@new.example"))).status == 303
        assert asker.leaks == [], "\n".join(asker.leaks)
        found = await written(before)
        for each in (*found["message"], *found["journal"]):
            assert found_in(plain(str(each)), (ONE, FAR) if name == "both2" else (TWO,)) == [], each
