"""The table and the tree: who stands below the viewer and nobody else, in any order, page by page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from components.data.database import counting, transaction
from tests.support.cast import AIGERIM, ANNA, DIAS, GULNAR, IRINA, MARAT, SAULE, TIMUR, VIKTOR
from tests.support.grants import grant, seat
from tests.users.hierarchy.acts import DANA, LOOKS, Acts, not_there
from users.hierarchy import reading
from users.hierarchy.models import Membership, User
from users.hierarchy.placing import call, enter
from users.hierarchy.reading import SORTS, Sought, count_people, level, list_people, person, place_of, tree
from users.hierarchy.tree import Member, member
from users.parties.models import Account
from users.permissions.permission import Permission as P
from users.permissions.rights import Rights

TODAY = date(2026, 11, 20)
OWNER = "office1@customer1.example"
ALL = {OWNER, GULNAR, IRINA, TIMUR, VIKTOR, DIAS, ANNA, SAULE}


async def _place(acts: Acts, login: str) -> Member:
    return await place_of(await acts.viewer(login))


async def _emails(acts: Acts, login: str, **sought: object) -> list[str]:
    found = await list_people(await _place(acts, login), Sought(**sought), TODAY)  # type: ignore[arg-type]
    return [each.member.email for each in found.people]


async def test_owners_see_everybody_and_others_their_branch(acts: Acts) -> None:
    """Abuse case A05."""
    assert set(await _emails(acts, AIGERIM)) == ALL
    assert await _emails(acts, GULNAR) == [IRINA, TIMUR]
    assert await _emails(acts, VIKTOR) == [DIAS, ANNA]
    assert await _emails(acts, SAULE) == []


async def test_on_owners_nobody_acts(acts: Acts) -> None:
    found = await list_people(await _place(acts, AIGERIM), Sought(), TODAY)
    assert {each.member.email for each in found.people if not each.acts} == {OWNER}
    assert (found.total, found.more, found.next) == (8, False, "")


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [False, True])
async def test_any_order_page_by_page(acts: Acts, sort: reading.Sort, descending: bool) -> None:
    actor = await _place(acts, AIGERIM)
    whole = await list_people(actor, Sought(sort=sort, descending=descending), TODAY)
    wanted = [each.member.id for each in whole.people]
    assert len(wanted) == 8
    seen: list[int] = []
    after = ""
    while True:
        page = await list_people(actor, Sought(sort=sort, descending=descending, after=after), TODAY, page=3)
        seen += [each.member.id for each in page.people]
        after = page.next
        if not after:
            break
    assert seen == wanted
    other = await list_people(actor, Sought(sort=sort, descending=not descending), TODAY)
    assert [each.member.id for each in other.people] == wanted[::-1]


@pytest.mark.parametrize("after", ["x", "[]", "[1,2,3]", '["a","b","c"]', '["a","b",-1]', "{}", "[" * 900, "null"])
async def test_a_made_up_page_is_empty(acts: Acts, after: str) -> None:
    found = await list_people(await _place(acts, AIGERIM), Sought(after=after), TODAY)
    assert not found.people


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("gulnar", {GULNAR}),
        ("Akhmetova Gul", {GULNAR}),
        ("gulnar akh", {GULNAR}),
        ("audit.example", {TIMUR}),
        ("Network eng", {DIAS}),
        ("%", set()),
        ("_", set()),
        ("nobody", set()),
    ],
)
async def test_a_search_over_name_address_and_position(acts: Acts, text: str, who: set[str]) -> None:
    assert set(await _emails(acts, AIGERIM, search=text)) == who


async def test_a_search_finds_cyrillic_names_in_small_letters(acts: Acts) -> None:
    await call((await seat(SAULE)).id, first_name="Сәуле", last_name="Бекова")
    assert await _emails(acts, AIGERIM, search="бекова") == [SAULE]
    assert await _emails(acts, AIGERIM, search="сәуле бек") == [SAULE]
    assert await _emails(acts, AIGERIM, search="БЕКОВА  Сәу") == [SAULE]
    assert await _emails(acts, GULNAR, search="бекова") == [], "nor beyond one's own branch"


async def test_states(acts: Acts) -> None:
    await acts.add(GULNAR, DANA, *LOOKS)
    await grant(VIKTOR, suspended=True)
    await grant(IRINA, valid_until=date(2026, 11, 19))
    await grant(TIMUR, valid_from=date(2026, 11, 21))
    await User.filter(email=SAULE).update(password_temporary=True)
    found = await list_people(await _place(acts, AIGERIM), Sought(), TODAY)
    assert {each.member.email: each.state for each in found.people} == {
        VIKTOR: "suspended",
        ANNA: "suspended",
        DIAS: "suspended_above",
        DANA: "waiting",
        IRINA: "over",
        TIMUR: "not_yet",
        SAULE: "temporary",
        OWNER: "active",
        GULNAR: "active",
    }


async def test_the_tree_of_few_is_open(acts: Acts) -> None:
    nodes = await tree(await _place(acts, AIGERIM), TODAY, everything=True)
    assert [(each.person.member.email, each.depth) for each in nodes] == [
        (OWNER, 0),
        (GULNAR, 0),
        (IRINA, 1),
        (TIMUR, 1),
        (SAULE, 0),
        (VIKTOR, 0),
        (DIAS, 1),
        (ANNA, 1),
    ]
    by_email = {each.person.member.email: each for each in nodes}
    assert (by_email[GULNAR].person.children, by_email[GULNAR].below, by_email[GULNAR].opened) == (2, 2, True)


async def test_the_tree_of_many_is_opened_branch_by_branch(acts: Acts) -> None:
    actor = await _place(acts, AIGERIM)
    closed = await tree(actor, TODAY)
    assert [each.person.member.email for each in closed] == [OWNER, GULNAR, SAULE, VIKTOR]
    assert {each.person.member.email: each.below for each in closed} == {OWNER: 0, GULNAR: 2, SAULE: 0, VIKTOR: 2}
    viktor = (await seat(VIKTOR)).id
    opened = await tree(actor, TODAY, [viktor])
    assert [each.person.member.email for each in opened] == [OWNER, GULNAR, SAULE, VIKTOR, DIAS, ANNA]
    loaded = await level(actor, viktor, TODAY, depth=1)
    assert [(each.person.member.email, each.depth) for each in loaded.nodes] == [(DIAS, 1), (ANNA, 1)]
    first = await level(actor, None, TODAY, page=2)
    assert [each.person.member.email for each in first.nodes] == [GULNAR, SAULE]
    begun = await tree(actor, TODAY, [viktor], page=2)
    assert [(each.person.member.email, each.next) for each in begun] == [(OWNER, ""), (GULNAR, ""), (SAULE, first.next)]
    rest = await level(actor, None, TODAY, page=2, after=first.next)
    assert ([each.person.member.email for each in rest.nodes], rest.next) == ([VIKTOR], "")


async def test_nobody_elses_branch_is_loaded(acts: Acts) -> None:
    """Abuse case A05."""
    gulnar = await _place(acts, GULNAR)
    assert [each.person.member.email for each in await tree(gulnar, TODAY)] == [IRINA, TIMUR]
    assert [each.person.member.email for each in (await level(gulnar, None, TODAY)).nodes] == [IRINA, TIMUR]
    opened = await tree(gulnar, TODAY, [(await seat(VIKTOR)).id])
    assert [each.person.member.email for each in opened] == [IRINA, TIMUR]
    stranger = (await Membership.get(account__number=MARAT, owner=True)).id
    for one in ((await seat(VIKTOR)).id, (await seat(DIAS)).id, stranger, 10**9):
        await not_there(level(gulnar, one, TODAY))


async def test_one_person(acts: Acts) -> None:
    made = await acts.add(GULNAR, DANA, *LOOKS)
    found = await person(await acts.viewer(GULNAR), made.id, TODAY)
    assert (found.member.email, found.person.state, found.added_by) == (DANA, "waiting", "Gulnar Akhmetova")
    assert found.invited_until is not None
    assert P.INVOICES_VIEW in found.giving.permissions
    for one in (VIKTOR, DIAS):
        await not_there(person(await acts.viewer(GULNAR), (await seat(one)).id, TODAY))
    await not_there(person(await acts.viewer(IRINA), (await seat(GULNAR)).id, TODAY))
    aigerim = await acts.viewer(AIGERIM)
    assert not (await person(aigerim, aigerim.membership_id, TODAY)).person.acts


async def test_oneself_without_who_stands_above(acts: Acts) -> None:
    irina = await acts.viewer(IRINA)
    found = await person(irina, irina.membership_id, TODAY)
    assert (found.member.email, found.person.under, found.added_by) == (IRINA, "", "")
    assert not found.person.acts


async def test_whatever_is_shown_is_one_statement(acts: Acts) -> None:
    viktor = (await seat(VIKTOR)).id
    for login in (AIGERIM, GULNAR):
        actor = await _place(acts, login)
        count = await count_people(actor)
        assert (count.total, count.more, count.small) == ((8 if login == AIGERIM else 2), False, True)
        for reading_it in (
            list_people(actor, Sought(), TODAY, count=count),
            list_people(actor, Sought(search="a"), TODAY),
            tree(actor, TODAY, everything=True),
            tree(actor, TODAY, [viktor]),
            level(actor, None, TODAY),
        ):
            async with counting() as counted:
                await reading_it
            assert len(counted.statements) == 1, counted.statements


async def test_a_branch_too_large_to_be_sorted_reads_the_same(acts: Acts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two ways through the indexes, one answer."""
    account = await Account.get(number="4445")
    async with transaction():
        viktor = await member((await seat(VIKTOR)).id)
        for number in range(12):
            await enter(account.id, f"n{number}@x.example", Rights(), parent=viktor, names=(f"N{number % 5}", "Zhou"))
    actor = await _place(acts, VIKTOR)
    wishes = [Sought(search=search, sort=sort) for sort in SORTS for search in ("", "zhou")]
    small = {wish: await list_people(actor, wish, TODAY, page=6) for wish in wishes}
    small |= {
        wish: await list_people(actor, wish, TODAY, page=6)
        for wish in [replace(each, after=found.next) for each, found in small.items()]
    }
    monkeypatch.setattr(reading, "COUNTED", 5)
    for wish, expected in small.items():
        found = await list_people(actor, wish, TODAY, page=6)
        assert (found.people, found.next) == (expected.people, expected.next)
        assert (found.total, found.more) == (5, True)
