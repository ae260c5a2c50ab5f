"""GET /users: the table and the tree, what may be undone, what it costs."""

from __future__ import annotations

from typing import Any

import pytest

from components.data.database import connection, transaction
from tests.support.cast import AIGERIM, ANNA, DIAS, GULNAR, IRINA, MARAT, SAULE, TIMUR, VIKTOR
from tests.support.client import Answer, Cabinet, Client
from tests.support.grants import grant, seat
from tests.support.pages import Element
from tests.users.hierarchy.acts import Acts
from users.hierarchy.placing import enter
from users.permissions.permission import Permission as P
from users.permissions.rights import Rights


def rows(answer: Answer) -> list[Element]:
    return [each for each in answer.page.all("table tbody tr") if "more-row" not in each["class"]]


def names(answer: Answer) -> list[str]:
    return [each.one(".u-name").text.removesuffix(" you") for each in rows(answer)]


def row_of(answer: Answer, email: str) -> Element:
    return next(each for each in rows(answer) if email in each.text)


def rights(row: Element) -> list[str]:
    return [each.text for each in row.all("td") if "u-right" in each["class"].split()]


async def test_aigerim_sees_the_tree_with_herself_on_top(cabinet: Cabinet) -> None:
    answer = await (await cabinet.sign_in(AIGERIM)).get("/users")
    assert names(answer) == [
        "Aigerim Sadykova",
        "Gulnar Akhmetova",
        "Irina Belova",
        "Timur Ospanov",
        "Saule Bekova",
        "Viktor Kim",
        "Dias Nurlan",
        "Anna Weber",
    ]
    assert "8 people on account 4445." in answer.main.text
    lines = [[each["class"] for each in row.all(".guide")] for row in rows(answer)]
    assert lines[1:4] == [["guide tee"], ["guide line", "guide tee"], ["guide line", "guide last"]]
    assert lines[5:] == [["guide last"], ["guide blank", "guide tee"], ["guide blank", "guide last"]]


async def test_a_row_says_who_where_what_and_in_which_state(cabinet: Cabinet) -> None:
    answer = await (await cabinet.sign_in(AIGERIM)).get("/users?view=table")
    irina, timur, anna = (row_of(answer, each) for each in (IRINA, TIMUR, ANNA))
    number = (await seat(IRINA)).id
    assert [cell.text for cell in irina.all("td")][:4] == [
        str(number),
        f"Irina Belova {IRINA}",
        "Accountant 3 rights",
        "4445/10",
    ]
    assert rights(irina) == ["may", *["not given"] * 6]
    assert irina.one(".u-rights").text == "Money"
    assert "Documents of 2025" in timur.text
    assert "Suspended" in anna.text
    owner = row_of(answer, "office1@customer1.example")
    assert rights(owner) == ["may"] * 7
    assert "Owner" in owner.text


async def test_what_is_held_back_above_is_told_from_what_was_not_given(acts: Acts) -> None:
    await grant(IRINA, permissions=frozenset({P.INVOICES_VIEW, P.DNS_VIEW}))
    answer = await (await acts.cabinet.sign_in(AIGERIM)).get("/users")
    irina = row_of(answer, IRINA)
    assert rights(irina) == ["may", "not given", "not given", "not given", "not given", "held back", "not given"]
    assert irina.one(".u-rights").text == "Money ; held back: DNS"


async def test_each_sees_who_stands_below_and_nobody_else(cabinet: Cabinet) -> None:
    gulnar = await (await cabinet.sign_in(GULNAR)).get("/users")
    assert names(gulnar) == ["Gulnar Akhmetova", "Irina Belova", "Timur Ospanov"]
    assert "2 people below you on account 4445." in gulnar.main.text
    viktor = await (await cabinet.sign_in(VIKTOR)).get("/users?view=table")
    assert names(viktor) == ["Dias Nurlan", "Anna Weber"]
    for login in (GULNAR, VIKTOR):
        for view in ("tree", "table"):
            answer = await (await cabinet.sign_in(login)).get(f"/users?view={view}")
            assert SAULE not in answer.text
            assert "Sadykova" not in answer.main.text


async def test_ones_own_row_and_an_owners_have_a_lock_and_no_acts(cabinet: Cabinet) -> None:
    for login, own in ((AIGERIM, "office1@customer1.example"), (GULNAR, GULNAR)):
        answer = await (await cabinet.sign_in(login)).get("/users?view=tree")
        row = row_of(answer, own)
        assert "Not yours to change" in row.one(".u-acts").text
        assert not row.all(".u-acts a")
    irina = row_of(answer, IRINA)
    links = {each["href"] for each in irina.all(".u-acts a")}
    number = (await seat(IRINA)).id
    assert {f"/users/{number}#change", f"/users/{number}/removal", f"/users/{number}/place"} <= links


async def test_the_stranger_sees_their_own_account_only(cabinet: Cabinet) -> None:
    marat = await cabinet.sign_in(MARAT)
    answer = await marat.get("/users")
    assert "Nobody but you yet." in answer.main.text
    assert answer.page.one(".empty a")["href"] == "/users/new"
    assert "customer1.example" not in answer.text


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("", "Gulnar Akhmetova"),
        ("&sort=first_name", "Aigerim Sadykova"),
        ("&sort=-last_name", "Anna Weber"),
        ("&sort=email", "Anna Weber"),
        ("&sort=-number", "Saule Bekova"),
        ("&sort=number", "Aigerim Sadykova"),
        ("&sort=nonsense", "Gulnar Akhmetova"),
    ],
)
async def test_the_table_in_every_order(cabinet: Cabinet, query: str, first: str) -> None:
    answer = await (await cabinet.sign_in(AIGERIM)).get(f"/users?view=table{query}")
    assert answer.status == 200
    assert names(answer)[0] == first


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("belova", ["Irina Belova"]),
        ("IRINA", ["Irina Belova"]),
        ("engineer", ["Dias Nurlan", "Anna Weber"]),
        ("audit.example", ["Timur Ospanov"]),
        ("100%", []),
        ("_", []),
    ],
)
async def test_a_search_by_name_e_mail_and_position(cabinet: Cabinet, search: str, found: list[str]) -> None:
    answer = await (await cabinet.sign_in(AIGERIM)).get(f"/users?q={search.replace('%', '%25')}")
    assert names(answer) == found
    assert ("Nobody fits this search." in answer.main.text) is (not found)
    assert answer.page.one("#f-q")["value"] == search


async def _crowd(n: int) -> None:
    """``n`` people more under the owners, thirty of them under the first."""
    top = await seat(GULNAR)
    async with transaction():
        for number in range(n):
            await enter(
                top.account_id,
                f"crowd{number:03}@customer1.example",
                Rights(frozenset({P.INVOICES_VIEW})),
                parent=top if number < 30 else None,
                names=(f"Crowd{number:03}", "Zzz"),
            )


async def test_many_people_come_as_a_table_page_by_page(own_cabinet: Cabinet) -> None:
    await _crowd(70)
    aigerim = await own_cabinet.sign_in(AIGERIM)
    first = await aigerim.get("/users")
    assert len(rows(first)) == 50
    assert "78 people" in first.main.text
    assert first.page.one("[aria-current=true][id=view-2]").text == "Table"
    second = await aigerim.get(first.page.one("#pager-next")["href"])
    assert len(rows(second)) == 28
    assert not {*names(first)} & {*names(second)}
    assert second.page.has("#pager-first")


async def test_a_large_tree_is_closed_until_a_branch_is_opened(own_cabinet: Cabinet) -> None:
    await _crowd(90)
    aigerim = await own_cabinet.sign_in(AIGERIM)
    closed = await aigerim.get("/users?view=tree")
    gulnar = row_of(closed, GULNAR)
    toggle = gulnar.one(".toggle")
    assert toggle.text == "32 below"
    assert toggle["aria-expanded"] == "false"
    assert IRINA not in closed.text
    opened = await aigerim.get(toggle["href"], fragment=True)
    assert IRINA in opened.text
    again = row_of(opened, GULNAR).one(".toggle")
    assert again["aria-expanded"] == "true"
    assert again["href"] == "/users?view=tree"
    rest = await aigerim.get(opened.page.all(".more-row a")[-1]["href"])
    assert rest.status == 200
    assert not {*names(rest)} & {*names(opened)}
    assert rows(rest)


async def test_nonsense_in_the_address_is_not_looked_at(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    for query in ("view=x", "open=x&open=-1&open=99999999999999999999", "under=x", "after=|", "sort=-", "under=999999"):
        assert (await aigerim.get(f"/users?view=tree&{query}")).status in (200, 404)
        assert (await aigerim.get(f"/users?view=table&{query}")).status == 200


async def _sent(browser: Client, address: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that reaches the database's client."""
    client, sent = type(connection()), list[str]()
    real = client.execute_query

    async def count(self: Any, query: str, values: Any = None) -> Any:
        sent.append(query)
        return await real(self, query, values)

    with monkeypatch.context() as patch:
        patch.setattr(client, "execute_query", count)
        assert (await browser.get(address)).status == 200
    return sent


@pytest.mark.parametrize("address", ["/users?view=table", "/users?view=table&q=a&sort=-state", "/users/12"])
@pytest.mark.parametrize("login", [AIGERIM, GULNAR])
async def test_a_page_costs_the_same_statements_however_many_there_are(
    own_cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch, address: str, login: str
) -> None:
    if login == GULNAR:
        address = address.replace("12", "13")
    browser = await own_cabinet.sign_in(login)
    few = await _sent(browser, address, monkeypatch)
    await _crowd(45)
    many = await _sent(browser, address, monkeypatch)
    assert len(few) == len(many)
    assert len(many) <= (8 if "view" in address else 20), many


async def test_whom_one_may_not_see_is_403_404_or_the_sign_in(cabinet: Cabinet) -> None:
    for login in (IRINA, TIMUR, DIAS, SAULE):
        assert (await (await cabinet.sign_in(login)).get("/users")).status == 403
    answer = await cabinet.visitor().get("/users?view=tree")
    assert (answer.status, answer.header("location")) == (303, "/sign-in?next=/users%3Fview%3Dtree")
