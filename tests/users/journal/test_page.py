"""The journal's page: who did what, for whoever may see it, within their branch."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from components.data import clock
from components.data.database import execute, transaction
from tests.support.cast import AIGERIM, ANNA, DIAS, GULNAR, IRINA, MARAT, SAULE, TIMUR, VIKTOR
from tests.support.client import Answer, Cabinet, Client
from tests.support.grants import grant, seat
from tests.support.pages import error_beside
from tests.users.journal.rows import act_of, operators_act
from users.hierarchy.models import User
from users.hierarchy.placing import move
from users.journal import reading
from users.journal.models import JournalRow
from users.journal.words import ACTS
from users.parties.models import Account, Contract
from users.permissions.permission import Permission

OWNER = "office1@customer1.example"


async def may_see(*emails: str) -> None:
    for email in emails:
        own = (await seat(email)).own
        await grant(email, permissions=own.permissions | {Permission.JOURNAL_VIEW})


def shown(answer: Answer, cell: str = ".j-what") -> list[str]:
    return [each.text for each in answer.page.all(f"tbody {cell}")]


async def all_shown(browser: Client, address: str, cell: str = ".j-where") -> list[str]:
    found: list[str] = []
    answer = await browser.get(address)
    for _ in range(60):
        found += shown(answer, cell)
        after = answer.page.all("#pager-next")
        if not after:
            return found
        answer = await browser.get(after[0]["href"], fragment=True)
    raise AssertionError("the pages have no end")


async def told() -> None:
    """Everybody of the account does something; the address says who, as a mark."""
    for email in (OWNER, GULNAR, IRINA, TIMUR, VIKTOR, DIAS, ANNA, SAULE):
        await act_of(email, address=f"by {email.split('@')[0]}")
    await act_of(OWNER, "user.changed", target=IRINA, address="owner on irina")
    await act_of(VIKTOR, "user.suspended", target=ANNA, address="viktor on anna", after={"suspended": True})
    await act_of(GULNAR, "user.changed", target=IRINA, address="gulnar on irina")
    account = await Account.get(number="4445")
    await operators_act("account.updated", account_id=account.id, target="4445", address="import")
    await operators_act("user.changed", account_id=account.id, target=IRINA, address="import on irina")
    irina = await User.get(email=IRINA)
    await operators_act(
        "user.changed", account_id=account.id, target=IRINA, user_id=irina.id, address="command on irina"
    )
    other = await Account.get(number=MARAT)
    elsewhere = {"at": clock.now(), "account_id": other.id, "act": "profile.changed", "target": IRINA}
    await JournalRow.create(**elsewhere, user_id=irina.id, actor=IRINA, address="CANARY")
    await JournalRow.create(**elsewhere, actor="CANARY", address="CANARY")
    await JournalRow.create(at=clock.now(), user_id=irina.id, actor=IRINA, act="session.refused", address="CANARY")


async def test_the_owner_sees_all_of_the_account_newest_first(own_cabinet: Cabinet) -> None:
    await told()
    answer = await (await own_cabinet.sign_in(AIGERIM)).get("/journal")
    assert answer.status == 200
    assert shown(answer, ".j-where") == [
        "command on irina",
        "import on irina",
        "import",
        "gulnar on irina",
        "viktor on anna",
        "owner on irina",
        *(f"by {each.split('@')[0]}" for each in (SAULE, ANNA, DIAS, VIKTOR, TIMUR, IRINA, GULNAR, OWNER)),
    ]
    assert "CANARY" not in answer.text


# "" is what somebody above did: that it was done shows, not by whom nor from where.
BRANCHES = {
    GULNAR: {"by g.akhmetova", "by i.belova", "by t.ospanov", "", "gulnar on irina"},
    IRINA: {"by i.belova", ""},
    VIKTOR: {"by v.kim", "by d.nurlan", "by a.weber", "viktor on anna"},
    SAULE: {"by s.trainee"},
}


@pytest.mark.parametrize("email", BRANCHES)
async def test_others_see_themselves_and_those_below_them(own_cabinet: Cabinet, email: str) -> None:
    """What the operator and imports did is for owners, also where it was done to somebody below."""
    await told()
    await may_see(GULNAR)
    await may_see(IRINA, VIKTOR, SAULE)
    browser = await own_cabinet.sign_in(email)
    answer = await browser.get("/journal")
    assert set(shown(answer, ".j-where")) == BRANCHES[email]
    sheet = await browser.get("/journal.csv")
    assert {each["address"] for each in rows_of(sheet)} == BRANCHES[email]
    assert "CANARY" not in answer.text + sheet.text
    for query in ("q=CANARY", "q=on+anna", f"person={SAULE}", "q=import"):
        got = await browser.get(f"/journal?{query}")
        assert set(shown(got, ".j-where")) <= BRANCHES[email], query


async def test_who_is_moved_takes_their_acts_with_them(own_cabinet: Cabinet) -> None:
    await told()
    await may_see(GULNAR, VIKTOR)
    async with transaction():
        await move(await seat(IRINA), await seat(VIKTOR))
    gulnar, viktor = await own_cabinet.sign_in(GULNAR), await own_cabinet.sign_in(VIKTOR)
    assert "by i.belova" not in shown(await gulnar.get("/journal"), ".j-where")
    assert "gulnar on irina" in shown(await gulnar.get("/journal"), ".j-where"), "what she did herself she sees"
    assert "by i.belova" in shown(await viktor.get("/journal"), ".j-where")


async def test_contracts_beyond_ones_reach_are_counted_and_not_named(own_cabinet: Cabinet) -> None:
    await may_see(GULNAR)
    await grant(GULNAR, contracts=frozenset({(await Contract.get(number="4445/10")).id}))
    await act_of(
        OWNER, "user.changed", target=IRINA, before={"contracts": ["4445/10", "4445/11"]}, after={"contracts": []}
    )
    browser = await own_cabinet.sign_in(GULNAR)
    for address in ("/journal", "/journal.csv", "/journal?q=4445%2F11"):
        assert "4445/11" not in (await browser.get(address)).text.replace('value="4445/11"', "")
    assert shown(await browser.get("/journal?q=4445%2F11")) == [], "nor can it be found out by searching"
    assert "4445/10, \N{MINUS SIGN} +1" in shown(await browser.get("/journal"), ".j-change")[0]


async def test_not_without_the_permission_and_never_another_account(own_cabinet: Cabinet) -> None:
    await told()
    for email in (GULNAR, SAULE):
        browser = await own_cabinet.sign_in(email)
        for path in ("/journal", "/journal.csv", "/journal/verification", "/journal/seal.json"):
            assert (await browser.get(path)).status == 403, path
        assert (await browser.post("/journal/verification")).status == 403
        assert not [a for a in (await browser.get("/")).page.all("nav a") if a["href"] == "/journal"]
    marat = await own_cabinet.sign_in(MARAT)
    answer = await marat.get("/journal")
    assert set(shown(answer, ".j-where")) == {"CANARY"}
    assert "4445" not in answer.main.text
    assert [a for a in answer.page.all("nav a") if a["href"] == "/journal"]


async def test_where_nothing_has_happened_yet(empty_cabinet: Cabinet) -> None:
    await execute("UPDATE person SET first_name = 'Zere'")
    browser = await empty_cabinet.sign_in("5555")
    answer = await browser.get("/journal?from=2020-01-01&to=2020-12-31")
    assert answer.main.one(".empty-title").text == "No entry fits this filter."
    assert answer.main.one(".empty a")["href"] == "/journal"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-06-30&to=2026-06-01", "to"),
        ("from=yesterday", "from"),
        ("from=2000-01-01&to=2026-01-01", "to"),
        ("act=dance", "act"),
    ],
)
async def test_what_does_not_fit_is_said_beside_its_field_and_kept(
    own_cabinet: Cabinet, query: str, field: str
) -> None:
    browser = await own_cabinet.sign_in(AIGERIM)
    answer = await browser.get(f"/journal?{query}&person=gulnar&q=x")
    assert answer.status == 422
    assert error_beside(answer.page, field)
    assert answer.page.one("#f-person")["value"] == "gulnar"
    assert not answer.main.has("table")
    assert (await browser.get(f"/journal.csv?{query}")).status == 422


@pytest.mark.parametrize(
    "after",
    ["x|y", "|", "2026-01-01T00:00:00|1", "2026-01-01T00:00:00%2B00:00|-1", "2026-01-01T00:00:00%2B00:00|9" + "9" * 30],
)
async def test_a_page_key_that_nobody_gave_out_breaks_nothing(own_cabinet: Cabinet, after: str) -> None:
    browser = await own_cabinet.sign_in(AIGERIM)
    assert (await browser.get(f"/journal?after={after}")).status == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("person=belova", {"1", "2", "3"}),
        ("person=Irina%20Belova", {"1", "2", "3"}),
        ("person=irina%20belova", {"1", "2", "3"}),
        (f"person={IRINA}", {"1", "2", "3"}),
        ("person=Gulnar", {"2"}),
        ("person=%25", set()),
        ("act=user.changed", {"2", "4"}),
        ("act=session.started", set()),
        ("q=Бухгалтер", {"1"}),
        ("q=бухгалтер", {"1"}),
        ("q=4445/11", {"4"}),
        ("q=%25", set()),
        ("q=%00", set()),
        ("act=user.changed&person=irina&q=accountant", {"2"}),
    ],
)
async def test_by_person_act_and_words(own_cabinet: Cabinet, query: str, found: set[str]) -> None:
    await act_of(IRINA, address="1", before={"position": "Бухгалтер"}, after={"position": None})
    await act_of(GULNAR, "user.changed", target=IRINA, address="2", after={"position": "accountant"})
    await act_of(IRINA, "session.ended", address="3", target="")
    account = await Account.get(number="4445")
    await operators_act("user.changed", account_id=account.id, target="4445/11", address="4")
    browser = await own_cabinet.sign_in(AIGERIM)
    answer = await browser.get(f"/journal?{query}")
    assert set(shown(answer, ".j-where")) == found
    assert {each["address"] for each in rows_of(await browser.get(f"/journal.csv?{query}"))} == found


async def test_days_and_times_are_those_of_the_reader(own_cabinet: Cabinet) -> None:
    """Half past nine in the evening in London is the next day in Almaty."""
    await act_of(IRINA, at=datetime(2026, 6, 1, 20, 30, tzinfo=UTC), address="late")
    browser = await own_cabinet.sign_in(AIGERIM)
    assert shown(await browser.get("/journal?from=2026-06-02&to=2026-06-02"), ".j-time") == ["01:30:00"]
    assert "Almaty" in (await browser.get("/journal")).main.one(".lead").text
    await User.filter(email=OWNER).update(time_zone="Europe/London")
    answer = await browser.get("/journal?from=2026-06-01&to=2026-06-01")
    assert shown(answer, ".j-time") == ["21:30:00"]
    assert "London" in answer.main.one(".lead").text
    assert shown(await browser.get("/journal?from=2026-06-02&to=2026-06-02")) == []
    assert rows_of(await browser.get("/journal.csv?q=late"))[0]["at"] == "2026-06-01T21:30:00+01:00"


async def test_before_and_after_in_words(own_cabinet: Cabinet) -> None:
    await act_of(
        GULNAR,
        "user.changed",
        target=IRINA,
        before={"permissions": ["contracts.view", "invoices.view"], "valid_until": None, "suspended": False},
        after={"permissions": ["invoices.view", "payments.view"], "valid_until": "2026-12-31", "suspended": True},
    )
    answer = await (await own_cabinet.sign_in(AIGERIM)).get("/journal")
    (change,) = answer.main.all("tbody .j-change")
    assert [each.text for each in change.all("dd")] == [
        "+ See payments, \N{MINUS SIGN} See contracts",
        "No → Yes",
        "— → 31 Dec 2026",
    ]
    assert shown(answer) == ["Person's rights or data changed about Irina Belova"]
    assert shown(answer, ".j-who") == [f"Gulnar Akhmetova {GULNAR}"]


async def test_permissions_are_listed_as_a_sentence(own_cabinet: Cabinet) -> None:
    await act_of(GULNAR, "user.added", target=IRINA, after={"permissions": ["contracts.view", "dns.view"]})
    answer = await (await own_cabinet.sign_in(AIGERIM)).get("/journal")
    assert answer.main.one(".j-change dd").text == "See contracts, see the DNS filter"


@pytest.mark.parametrize(
    "value",
    ["text", 5, 2.5, [1, {"a": None}], {"deep": {"er": [True]}}, {}, "=1+1", "<script>", None, {"contracts": 7}],
)
async def test_anything_that_was_ever_written_can_be_shown(own_cabinet: Cabinet, value: object) -> None:
    row = await act_of(IRINA, "something.unheard_of", after={"": value})
    browser = await own_cabinet.sign_in(AIGERIM)
    assert shown(await browser.get("/journal"))[0] == "something.unheard_of"
    assert row.id
    assert (await browser.get("/journal.csv")).status == 200
    assert "<script>" not in (await browser.get("/journal")).main.text or value == "<script>"


async def test_rows_of_one_moment_are_all_there_over_the_pages(own_cabinet: Cabinet) -> None:
    at = clock.now() - timedelta(days=3)
    for number in range(120):
        await act_of(IRINA, at=at, address=f"n{number}")
    browser = await own_cabinet.sign_in(AIGERIM)
    for address in ("/journal", "/journal?q=i.belova", "/journal?act=profile.changed"):
        found = await all_shown(browser, address)
        assert found == [f"n{number}" for number in reversed(range(120))], address


async def test_a_filter_says_how_far_it_has_looked_and_goes_on(
    own_cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the journal is, a page looks at so many entries and no more."""
    monkeypatch.setattr(reading, "LOOKED", 20)
    start = clock.now() - timedelta(days=3)
    for number in range(70):
        rare = number in (5, 33)
        await act_of(IRINA if rare else GULNAR, at=start + timedelta(minutes=number), address=f"n{number}")
    browser = await own_cabinet.sign_in(AIGERIM)
    first = await browser.get("/journal?person=belova")
    assert first.main.one(".empty-title").text == "Nothing in this part of the journal."
    assert "Looked through back to 17 Nov 2026" in first.main.text
    assert await all_shown(browser, "/journal?person=belova") == ["n33", "n5"]
    assert len(rows_of(await browser.get("/journal.csv?person=belova"))) == 2
    await may_see(GULNAR, IRINA)
    irina = await own_cabinet.sign_in(IRINA)
    assert await all_shown(irina, "/journal") == ["n33", "n5"]


# For spreadsheets


def rows_of(answer: Answer) -> list[dict[str, str]]:
    assert answer.status == 200
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_the_sheet_has_what_the_page_has(own_cabinet: Cabinet) -> None:
    await told()
    browser = await own_cabinet.sign_in(AIGERIM)
    answer = await browser.get("/journal.csv?act=user.changed")
    assert answer.header("content-type") == "text/csv; charset=utf-8"
    assert answer.header("content-disposition").startswith('attachment; filename="journal-4445.csv"')
    page = await browser.get("/journal?act=user.changed")
    assert page.main.one("#journal-csv")["href"] == "/journal.csv?act=user.changed"
    rows = rows_of(answer)
    assert [each["address"] for each in rows] == shown(page, ".j-where")
    assert list(rows[0]) == ["at", "actor", "act", "target", "before", "after", "address", "request_id"]
    assert {each["act"] for each in rows} == {"user.changed"}
    stored = await JournalRow.get(address="gulnar on irina")
    assert datetime.fromisoformat(rows[2]["at"]) == stored.at


async def test_the_sheet_is_streamed_over_many_pages(own_cabinet: Cabinet) -> None:
    account = await Account.get(number="4445")
    await JournalRow.bulk_create(
        [
            JournalRow(at=clock.now(), account_id=account.id, actor=IRINA, act="profile.changed", address=str(number))
            for number in range(2_300)
        ]
    )
    rows = rows_of(await (await own_cabinet.sign_in(AIGERIM)).get("/journal.csv"))
    assert sorted(int(each["address"]) for each in rows) == list(range(2_300))


@pytest.mark.parametrize("evil", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", " =1", "＝1"])
async def test_what_a_spreadsheet_would_run_is_made_harmless(own_cabinet: Cabinet, evil: str) -> None:
    await act_of(IRINA, target=evil, actor=evil)
    (row,) = rows_of(await (await own_cabinet.sign_in(AIGERIM)).get("/journal.csv"))
    assert (row["actor"], row["target"]) == ("'" + evil, "'" + evil)


async def test_lines_and_quotes_stay_in_their_cell(own_cabinet: Cabinet) -> None:
    await act_of(IRINA, target='a "b", c\nd', after={"x": 'a "b", c\nd'})
    (row,) = rows_of(await (await own_cabinet.sign_in(AIGERIM)).get("/journal.csv"))
    assert row["target"] == 'a "b", c\nd'
    assert json.loads(row["after"]) == {"x": 'a "b", c\nd'}


def test_every_act_has_its_words() -> None:
    assert all(word and word != act for act, word in ACTS.items())
