"""Every route, with ids of every kind, as everybody: the status of the table, and no word of anybody else's."""

from __future__ import annotations

import re

import pytest

from dashboard.app import routes
from dashboard.demo.pages import routes as demo_routes
from tests.isolation.asking import Asker, asking, now_written, written
from tests.isolation.people import LOOKERS, Looker, expected, ids_of, reaches
from tests.isolation.routes import LINES, Line
from tests.isolation.world import NAMED_ONE, NAMED_TWO, ONE, OWNER, TWO, Canary, World, found_in, plain
from tests.support.client import Cabinet

_ID = re.compile(r"\{[^}]+\}")
FRAGMENTS = {
    "/invoices",
    "/payments",
    "/services",
    "/contracts",
    "/users",
    "/users/{id}",
    "/journal",
    "/services/{number}",
}
QUERIES = {
    "/users": ("?view=table", "?view=table&q=a&sort=email", "?view=table&sort=-number", "?view=tree&open=2&open=6"),
    "/users/{id}/removal": ("?way=branch", "?way=children"),
    "/users/{id}/place": ("?q=a", "?to=6", "?to=22", "?to=owners"),
    "/journal": ("?q=kestrelo", "?q=wombatski", "?person=a", "?act=user.moved", "?q=lupinfar"),
    "/journal.csv": ("?q=a", "?act=user.moved"),
}


def test_the_matrix_leaves_no_route_out() -> None:
    """A new route has to be added to ``routes.py``: then every role asks for it here."""
    found = {
        f"{method} {each.path}"  # type: ignore[attr-defined]
        for each in (*routes, *demo_routes)
        for method in each.methods - {"HEAD"}  # type: ignore[attr-defined]
    }
    assert found == {f"{each.method} {each.path}" for each in LINES}


@pytest.mark.parametrize("who", LOOKERS, ids=lambda who: who.name)
async def test_everybody_at_every_address(accounts: tuple[Cabinet, World], who: Looker) -> None:
    """Abuse case A01."""
    cabinet, world = accounts
    before = await now_written()
    async with asking(cabinet, who) as asker:
        for line in LINES:
            for id in ids_of(who, line, world):
                await _ask(asker, line, id, world)
    print(f"\n{who.name}: {asker.asked} requests")
    assert asker.wrong == [], "\n".join(asker.wrong)
    assert asker.leaks == [], "\n".join(asker.leaks)
    _look_at_what_was_written(asker, await written(before))


async def _ask(asker: Asker, line: Line, id: str, world: World) -> None:
    who = asker.who
    within = bool(id) and reaches(who, line, id, world)
    if within and not line.keeps:
        return
    form = dict(line.form)
    if line.field:
        form[line.field] = id
    address = _ID.sub(id.replace("/", "%2F") if line.kind != "static" else id, line.path)
    # Who has the link of an invitation or a new password may read what it is about.
    public = within and line.kind in ("reset", "invitation")
    forbidden: tuple[Canary, ...] | None = () if public else None
    if line.kind == "offer" and within:  # an offer says who makes it
        forbidden = tuple(each for each in who.forbidden if each is not OWNER)
    status = expected(who, line, id, world)
    for fragment in (False, True) if line.path in FRAGMENTS and line.method == "GET" and who.seat else (False,):
        for query in ("", *(QUERIES.get(line.path, ()) if status == 200 and not fragment else ())):
            typed = (id, *re.findall(r"q=(\w+)", query)) if len(id) > 2 or query else ()
            if line.path.startswith(
                "/journal"
            ):  # pages out of reach that were asked for stand there as they were typed
                typed = (*typed, *_asked_for(world))
            answer = await asker.ask(
                line.method, address + query, form, typed=tuple(filter(None, typed)), fragment=fragment,
                forbidden=forbidden,
            )  # fmt: skip
            if answer.status != status:
                asker.wrong.append(f"{line.method} {address}{query} as {who.name}: {answer.status}, not {status}")


def _asked_for(world: World) -> list[str]:
    places = {"contract": "/contracts/", "service": "/services/", "invoice": "/invoices/"}
    return [
        place + id
        for kind, place in places.items()
        for id in (*world.ids[kind]["own"], *world.ids[kind]["other"], f"{ONE.latin}-99")
    ]


def _look_at_what_was_written(asker: Asker, found: dict[str, list[dict[str, object]]]) -> None:
    """Letters hold nothing of an account that their receiver is no member of; rows nothing of another account's."""
    typed = tuple(sorted(asker.typed, key=len, reverse=True))
    for each in found["message"]:
        never = (ONE, NAMED_ONE) if TWO.latin.lower() in str(each["receiver"]) else (TWO, NAMED_TWO)
        text = plain(" ".join(str(each[name]) for name in ("subject", "text", "html", "key", "error")))
        assert found_in(text, never) == [], each
    for each in found["journal"]:
        if each["account_id"] is not None:
            never = (ONE, NAMED_ONE) if each["account_id"] == 2 else (TWO, NAMED_TWO)
            assert found_in(plain(str(each)), never, typed) == [], each
