"""GET /users: the table and the tree, what may be undone, what it costs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from components.data.database import connection, transaction
from tests.support.cast import AIGERIM, ANNA, DIAS, GULNAR, IRINA, MARAT, SAULE, TIMUR, VIKTOR
from tests.support.client import Answer, Cabinet, Client
from tests.support.grants import grant, seat
from tests.support.pages import Element
from tests.users.hierarchy.acts import DANA, Acts
from users.hierarchy.placing import enter
from users.permissions.permission import Permission as P
from users.permissions.rights import Rights
from users.permissions.roles import ROLES


def rows(answer: Answer) -> list[Element]:
    return [each for each in answer.page.all("table tbody tr") if "more-row" not in each["class"]]


def names(answer: Answer) -> list[str]:
    return [each.one(".u-name").text.removesuffix(" you") for each in rows(answer)]


def row_of(answer: Answer, email: str) -> Element:
    return next(each for each in rows(answer) if email in each.text)


def said(row: Element, *, phone: bool = False) -> str:
    """What they may in words; a phone says the role before them."""
    cell = row.one(".u-rights")
    words = [cell.one(".u-line" if phone else ".u-words"), *cell.all(".muted")]
    return " ".join(each.text for each in words if each.text)


def legend(answer: Answer) -> list[str]:
    return [each.text for each in answer.page.all(".legend span")]


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
        f"Irina Belova {IRINA} Accountant, 4445/10",
        "Accountant 3 rights",
        "4445/10",
    ]
    assert rights(irina) == ["may", *["not given"] * 6]
    assert said(irina) == "Money"
    assert "Documents of 2025" in timur.one(".u-reach").text
    assert anna.one(".u-person .state").text == "Suspended"
    owner = row_of(answer, "office1@customer1.example")
    assert rights(owner) == ["may"] * 7
    assert "Owner" in owner.text


async def test_what_is_held_back_above_is_told_from_what_was_not_given(acts: Acts) -> None:
    await grant(IRINA, permissions=frozenset({P.INVOICES_VIEW, P.DNS_VIEW}))
    answer = await (await acts.cabinet.sign_in(AIGERIM)).get("/users")
    irina = row_of(answer, IRINA)
    assert rights(irina) == ["may", "not given", "not given", "not given", "not given", "held back", "not given"]
    assert said(irina) == "Money; held back: DNS"
    assert legend(answer) == ["may", "given, but held back: someone above does not have it", "not given"]


async def test_the_legend_names_the_marks_that_are_there(cabinet: Cabinet) -> None:
    answer = await (await cabinet.sign_in(AIGERIM)).get("/users")
    assert legend(answer) == ["may", "not given"]


@pytest.mark.parametrize(
    ("change", "state", "when"),
    [
        ({"suspended": True}, "Suspended", "Once let in again"),
        ({"valid_from": date(2026, 12, 1)}, "From 1 Dec 2026", "Once their access begins"),
        ({"valid_until": date(2026, 11, 19)}, "Ended 19 Nov 2026", "Until their access ended"),
    ],
)
async def test_what_does_not_count_today_is_not_held_back_by_anybody(
    acts: Acts, change: dict[str, Any], state: str, when: str
) -> None:
    await grant(TIMUR, **change)
    answer = await (await acts.cabinet.sign_in(AIGERIM)).get("/users?view=table&q=timur")
    timur = row_of(answer, TIMUR)
    assert timur.one(".u-person .state").text == state
    assert rights(timur) == ["given, does not count now", *["not given"] * 6]
    assert said(timur) == f"{when}: money"
    assert legend(answer) == ["given, does not count now", "not given"]


async def test_who_waits_will_be_able_to_and_who_is_suspended_meanwhile_is_both(acts: Acts) -> None:
    made = await acts.add(GULNAR, DANA, P.INVOICES_VIEW, P.USERS_MANAGE)
    aigerim = await acts.cabinet.sign_in(AIGERIM)
    dana = row_of(await aigerim.get("/users"), DANA)
    assert dana.one(".u-person .state").text == "Invited"
    assert said(dana) == "Once confirmed: money, users"
    assert rights(dana)[0] == "given, does not count now"
    await grant(GULNAR, suspended=True)
    dana = row_of(await aigerim.get("/users"), DANA)
    assert dana.one(".u-person .state").text == "Suspended above and not confirmed yet"
    assert said(dana) == "Once let in again: money, users"
    assert "Suspended above" in (await aigerim.get(f"/users/{made.id}")).main.one(".head-facts").text


async def test_a_phone_says_position_and_reach_in_one_line_and_rights_in_one(acts: Acts) -> None:
    await grant(DIAS, permissions=ROLES["technician"])
    answer = await (await acts.cabinet.sign_in(AIGERIM)).get("/users")
    owner, gulnar, timur, saule, dias = (
        row_of(answer, each) for each in ("office1@customer1.example", GULNAR, TIMUR, SAULE, DIAS)
    )
    lines = {"owner": owner, "gulnar": gulnar, "timur": timur, "saule": saule, "dias": dias}
    assert {name: row.one(".u-person .u-line").text for name, row in lines.items()} == {
        "owner": "All contracts",
        "gulnar": "Chief accountant, all contracts",
        "timur": "Auditor, all contracts, documents of 2025",
        "saule": "Trainee, all contracts",
        "dias": "Network engineer, 4445/10",
    }
    assert {name: said(row, phone=True) for name, row in lines.items()} == {
        "owner": "Owner: everything",
        "gulnar": "Money, pay, users",
        "timur": "Money",
        "saule": "No rights yet",
        "dias": "Technician: orders, disconnect, usage, DNS",
    }


async def test_a_short_heading_has_its_whole_word(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    aigerim.language = "ru"
    heads = [each for each in (await aigerim.get("/users")).page.all("th") if "u-right" in each["class"].split()]
    assert heads[3].text == "Откл. Отключение"
    assert heads[3].one("[aria-hidden=true]")["title"] == heads[3].one(".sr").text == "Отключение"
    assert heads[1].text == "Оплата", "the same word is said once"


async def test_an_address_goes_on_in_the_next_line_behind_its_parts_only(cabinet: Cabinet) -> None:
    answer = await (await cabinet.sign_in(AIGERIM)).get("/users")
    assert "i.<wbr>belova@<wbr>customer1.<wbr>example</span>" in answer.body.decode()


async def test_each_sees_who_stands_below_and_nobody_else(cabinet: Cabinet) -> None:
    """Abuse case A05."""
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
        assert row.one(".row-link")["href"] == f"/users/{row.one('.u-number').text}"
    irina = row_of(answer, IRINA)
    links = {each["href"] for each in irina.all(".u-acts a")}
    number = (await seat(IRINA)).id
    assert {f"/users/{number}#change", f"/users/{number}/removal", f"/users/{number}/place"} <= links


async def test_the_stranger_sees_their_own_account_only(cabinet: Cabinet) -> None:
    """Abuse case A05."""
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
