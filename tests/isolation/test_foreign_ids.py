"""A form with an id of the other account, or of somebody beside or above, is answered like one with no id at all.

Abuse cases A03 and A11.
"""

from __future__ import annotations

import re
from difflib import unified_diff

import pytest

from tests.isolation.people import LOOKERS, account_number
from tests.isolation.world import PASSWORD, World, email
from tests.support.client import Answer, Cabinet, Client
from tests.support.contents import contents

Form = list[tuple[str, str]]
UNKNOWN = "999999"
BY_NAME = {each.name: each for each in LOOKERS}
_NEW: Form = [
    ("email", "newcomer@new.example"),
    ("password_mode", "generated"),
    ("role", "viewer"),
    ("reach", "chosen"),
]  # fmt: skip

# What is done to a person: address and form.
ON_PEOPLE: dict[str, tuple[str, Form]] = {
    "edit": ("/users/{id}", [("first_name", "Mallory"), ("role", "viewer"), ("reach", "all")]),
    "suspend": ("/users/{id}/suspension", []),
    "resume": ("/users/{id}/resumption", []),
    "invite again": ("/users/{id}/invitation", []),
    "remove": ("/users/{id}/removal", [("way", "branch")]),
    "move": ("/users/{id}/place", [("to", "owners")]),
    "make owner": ("/users/{id}/ownership", [("kind", "second"), ("current_password", PASSWORD)]),
    "take offer back": ("/users/{id}/ownership/withdrawal", []),
    "step down": ("/users/{id}/resignation", [("current_password", PASSWORD)]),
}


async def both_ways(browser: Client, address: str, form: Form, foreign: str, unknown: str) -> tuple[Answer, Answer]:
    token = await browser.token()
    found = []
    for id in (foreign, unknown):
        sent = [(name, value.replace("{id}", id)) for name, value in form]
        place = address.replace("{id}", id.replace("/", "%2F"))
        found.append(await browser.post(place, sent, token=token, headers={"x-request-id": "one-and-the-same"}))
    return found[0], found[1]


def same(answers: tuple[Answer, Answer], foreign: str, unknown: str) -> bool:
    one, other = (
        (each.status, _words(each.text, id), _words(each.header("location"), id))
        for each, id in zip(answers, (foreign, unknown), strict=True)
    )
    if one != other:
        print("\n".join(unified_diff(one[1].splitlines(), other[1].splitlines(), n=0, lineterm="")))
    return one == other


def _words(text: str, id: str) -> str:
    """Without what was typed: the page's own address, and the id in a field that is shown again."""
    kept = "\n".join(line for line in text.splitlines() if 'name="next"' not in line)
    return re.sub(
        rf'(?:(?<=/)|(?<=value=")){re.escape(id)}(?=[/"&?]|$)', "ID", re.sub(r'(data-[a-z-]*in)="\d+"', r"\1", kept)
    )


@pytest.mark.parametrize("act", ON_PEOPLE)
async def test_people_beyond_ones_branch_are_nobody(
    own: tuple[str, World], own_accounts: tuple[Cabinet, World], act: str
) -> None:
    (url, world), (cabinet, _) = own, own_accounts
    address, form = ON_PEOPLE[act]
    before = await contents(url, "session", "journal", "attempt")
    for name, foreign in (
        ("owner", ("owner2", "other2", "waiting2", "both2")),
        (
            "lead",
            ("owner", "above", "lead", "beside", "cousin", "cousin_waiting", "stranger", "both", "other2", "waiting2"),
        ),
        ("owner2", ("owner", "above", "below", "waiting", "both")),
        ("both", ("both2", "owner", "manager", "other2")),
    ):
        browser = await cabinet.sign_in(BY_NAME[name].email())
        if name == "both":
            await browser.post("/choice", {"account": account_number(False)})
        for one in foreign:
            id = str(world.members[one])
            answers = await both_ways(browser, address, form, id, UNKNOWN)
            owners_only = act == "make owner" and not name.startswith("owner")
            assert answers[0].status == (403 if owners_only else 404), f"{act} on {one} as {name}"
            assert same(answers, id, UNKNOWN), f"{act} on {one} as {name}"
    assert await contents(url, "session", "journal", "attempt") == before


async def test_other_ids_of_the_other_account_are_nothing(
    own: tuple[str, World], own_accounts: tuple[Cabinet, World]
) -> None:
    (url, world), (cabinet, _) = own, own_accounts
    below = world.members["below"]
    others = {kind: known["other"][0] for kind, known in world.ids.items()}
    edit: Form = [("role", "viewer"), ("reach", "chosen")]
    cases: list[tuple[str, Form, str, str, int]] = [
        ("/users/removals/{id}/restoration", [], others["removal"], UNKNOWN, 404),
        ("/ownership/{id}", [("answer", "accept"), ("current_password", PASSWORD)], others["offer"], UNKNOWN, 404),
        ("/ownership/{id}", [("answer", "decline")], others["offer"], UNKNOWN, 404),
        ("/profile/sessions/{id}/ending", [], others["sign_in"], UNKNOWN, 404),
        ("/profile/letters/{id}", [], others["letters"], "x" * 43, 422),
        ("/choice", [("account", "{id}")], account_number(True), "Nothing-A9", 404),
        ("/choice", [("contract", "{id}")], others["contract"], "Nothing-A9/10", 404),
        ("/users/new", [*_NEW, ("contracts", "{id}")], others["contract"], "Nothing-A9/10", 422),
        ("/users", [*_NEW, ("contracts", "{id}")], others["contract"], "Nothing-A9/10", 422),
        (f"/users/{below}", [*edit, ("contracts", "{id}")], others["contract"], "Nothing-A9/10", 422),
        *(
            (f"/users/{below}/place", [("to", "{id}")], str(world.members[each]), UNKNOWN, 404)
            for each in ("other2", "owner2", "both2")
        ),
    ]
    before = await contents(url, "session", "journal", "attempt")
    for name in ("owner", "lead", "manager", "narrow"):
        browser = await cabinet.sign_in(BY_NAME[name].email())
        for address, form, foreign, unknown, status in cases:
            answers = await both_ways(browser, address, form, foreign, unknown)
            manages = "users" not in address or name != "manager"
            theirs = str(below) not in address or name in ("owner", "lead")
            assert answers[0].status == (403 if not manages else 404 if not theirs else status), f"{address} as {name}"
            assert same(answers, foreign, unknown), f"{address} {form} as {name}"
    assert await contents(url, "session", "journal", "attempt") == before


@pytest.mark.parametrize("place", ["above", "beside", "cousin", "stranger", "owner"])
async def test_nobody_is_put_where_one_stands_not_above(
    own: tuple[str, World], own_accounts: tuple[Cabinet, World], place: str
) -> None:
    """To a place above or beside like to one that is not there."""
    (url, world), (cabinet, _) = own, own_accounts
    before = await contents(url, "session", "journal", "attempt")
    lead = await cabinet.sign_in(email("lead"))
    id = str(world.members[place])
    answers = await both_ways(lead, f"/users/{world.members['below']}/place", [("to", "{id}")], id, UNKNOWN)
    assert answers[0].status == 404
    assert same(answers, id, UNKNOWN)
    assert await contents(url, "session", "journal", "attempt") == before


async def test_a_contract_beyond_ones_reach_is_no_contract(
    own: tuple[str, World], own_accounts: tuple[Cabinet, World]
) -> None:
    """Somebody who reaches one contract gives another one of the same account: as if there were none."""
    (url, world), (cabinet, _) = own, own_accounts
    narrow = await cabinet.sign_in(email("narrow"))
    far, unknown = world.ids["contract"]["own"][1], "Nothing-A9/10"
    before = await contents(url, "session", "journal", "attempt")
    for address in ("/users/new", f"/users/{world.members['narrowed']}"):
        form = _NEW if address == "/users/new" else _NEW[1:]
        answers = await both_ways(narrow, address, [*form, ("contracts", "{id}")], far, unknown)
        assert answers[0].status == 422
        assert same(answers, far, unknown), address
    assert await contents(url, "session", "journal", "attempt") == before
