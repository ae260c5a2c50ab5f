"""The list of documents, held against the sample's own files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from components.data.database import execute
from tests.support import sample
from tests.support.cast import AIGERIM, IRINA, MARAT, NOON, TIMUR
from tests.support.client import Answer, Cabinet, Client
from tests.support.pages import Element, error_beside
from tests.support.sample import Row

LARGEST = "4455"  # the account with most documents
TODAY = NOON.date()
Rule = Callable[[Row], bool]


def numbers(answer: Answer) -> list[str]:
    """The documents on a page, in their order."""
    assert answer.status in (200, 422), answer.status
    return [link.text for link in answer.main.all("tbody .row-link")]


async def all_numbers(browser: Client, address: str) -> list[str]:
    """Turns the pages to the end, as a person does with the link under the list."""
    found: list[str] = []
    answer = await browser.get(address)
    for _ in range(20):
        page = numbers(answer)
        assert len(page) <= 50
        found += page
        after = answer.main.all("#pager-next")
        if not after:
            return found
        answer = await browser.get(after[0]["href"], fragment=True)
        assert answer.status == 200
        answer = Answer(answer.status, answer.headers, b"<main>" + answer.body + b"</main>")
    raise AssertionError("the pages have no end")


def _of(account: str, rule: Rule = lambda _: True) -> set[str]:
    return {each["invoice_number"] for each in sample.documents(account) if rule(each)}


@pytest.mark.parametrize("account", [AIGERIM, LARGEST, MARAT, "4505", "4545"])
async def test_all_documents_of_an_account_stand_in_its_list_once(cabinet: Cabinet, account: str) -> None:
    """A closed account's (4505) too."""
    owner = await cabinet.sign_in(account)
    found = await all_numbers(owner, "/invoices")
    assert len(found) == len(set(found))
    assert set(found) == _of(account)


@pytest.mark.parametrize("sort", ["", "-issued", "issued", "total", "-total", "due", "-due"])
async def test_turning_pages_loses_and_doubles_nothing_in_any_order(cabinet: Cabinet, sort: str) -> None:
    owner = await cabinet.sign_in(LARGEST)
    found = await all_numbers(owner, f"/invoices?sort={sort}&kind=")
    assert sorted(found) == sorted(_of(LARGEST))
    known = {each["invoice_number"]: each for each in sample.documents(LARGEST)}
    keys: dict[str, Callable[[Row], object]] = {
        "total": lambda each: sample.minor(each["total"]),
        "due": lambda each: each["due_on"],
    }
    if sort.lstrip("-") in keys:
        values = [keys[sort.lstrip("-")](known[each]) for each in found]
        assert values == sorted(values, reverse=sort.startswith("-"))  # type: ignore[type-var]


@pytest.mark.parametrize("sort", ["-issued", "issued"])
async def test_by_day_of_issue_but_a_correction_under_its_original(cabinet: Cabinet, sort: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get(f"/invoices?sort={sort}&from=2026-03-01&to=2026-06-30&kind=")
    known = {each["invoice_number"]: each for each in sample.documents(AIGERIM)}
    rows = answer.main.all("tbody .row")
    shown = numbers(answer)
    hanging = {row.one(".row-link").text: shown[place - 1] for place, row in enumerate(rows) if row.fits(".under")}
    assert hanging == {"КСФ-2026-000006": "СФ-2026-000038", "КСФ-2026-000009": "СФ-2026-000073"}
    days = [known[number]["issued_on"] for number in shown if number not in hanging]
    assert days == sorted(days, reverse=sort.startswith("-"))


@pytest.mark.parametrize("kind", ["payment_notice", "invoice", "one_off", "correction"])
async def test_by_kind(cabinet: Cabinet, kind: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    assert set(await all_numbers(aigerim, f"/invoices?kind={kind}")) == _of(AIGERIM, lambda each: each["kind"] == kind)


@pytest.mark.parametrize("contract", ["4445/10", "4445/11"])
async def test_by_contract(cabinet: Cabinet, contract: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    found = await all_numbers(aigerim, f"/invoices?contract={contract}")
    assert set(found) == _of(AIGERIM, lambda each: each["contract_number"] == contract)


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("from=2026-01-31&to=2026-01-31", "2026-01-31", "2026-01-31"),
        ("from=2025-01-01&to=2025-12-31", "2025-01-01", "2025-12-31"),
        ("from=2026-10-01", "2026-10-01", TODAY.isoformat()),
        ("to=2024-10-31", "2016-01-01", "2024-10-31"),
    ],
)
async def test_by_days_of_issue_both_included(cabinet: Cabinet, query: str, first: str, last: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    found = await all_numbers(aigerim, f"/invoices?{query}")
    assert set(found) == _of(AIGERIM, lambda each: first <= each["issued_on"] <= last)
    assert found


async def test_every_document_is_in_one_state_and_notices_in_none(cabinet: Cabinet) -> None:
    """The first that fits of paid, overdue, part_paid, open."""
    marat = await cabinet.sign_in(MARAT)
    states = {
        state: await all_numbers(marat, f"/invoices?state={state}")
        for state in ("paid", "overdue", "part_paid", "open")
    }
    everything = [number for found in states.values() for number in found]
    assert len(everything) == len(set(everything))
    assert set(everything) == _of(MARAT, lambda each: each["kind"] != "payment_notice")
    # By the rule of the sample: four documents are owed, of which the last falls due today.
    assert set(states["overdue"]) == {"СФ-2026-000133", "СФР-2026-000013", "СФ-2026-000149"}
    assert states["open"] == ["СФ-2026-000165"]
    assert states["part_paid"] == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("СФ-2026-000157", {"СФ-2026-000157"}),
        ("сф-2026-000157", {"СФ-2026-000157"}),
        ("2026-000157", {"СФ-2026-000157", "СИ-2026-000157"}),
        ("  СФ-2026-000157 ", {"СФ-2026-000157"}),
        ("%", set[str]()),
        ("_", set[str]()),
        ("СФ_2026", set[str]()),
        ("'; DROP TABLE invoice; --", set[str]()),
        ("нет такого", set[str]()),
    ],
)
async def test_by_number_as_typed(cabinet: Cabinet, typed: str, found: set[str]) -> None:
    """Small Cyrillic letters find capitals; % and _ are letters like others."""
    aigerim = await cabinet.sign_in(AIGERIM)
    own = {each for each in found if each in _of(AIGERIM)}
    answer = await aigerim.get(f"/invoices?q={typed}".replace("%", "%25").replace(";", "%3B"))
    assert set(numbers(answer)) == own
    assert answer.main.one("#f-q")["value"] == typed.strip()


@pytest.mark.parametrize(
    "typed", ["248124", "248 124,00", "248,124.00", "248124.00", "248\N{NO-BREAK SPACE}124,00", "248\u202f124"]
)
async def test_by_amount_however_people_write_it(cabinet: Cabinet, typed: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    found = await all_numbers(aigerim, f"/invoices?q={typed}")
    assert set(found) == _of(AIGERIM, lambda each: each["total"] == "248124.00")
    assert len(found) > 5


async def test_filters_narrow_together(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    found = await all_numbers(
        aigerim, "/invoices?kind=invoice&contract=4445/11&state=paid&from=2026-01-01&to=2026-12-31&q=118900"
    )
    assert set(found) == _of(
        AIGERIM,
        lambda each: (
            each["kind"] == "invoice"
            and each["contract_number"] == "4445/11"
            and each["issued_on"].startswith("2026")
            and each["total"] == "118900.00"
        ),
    )
    assert found


async def test_corrections_stand_with_their_originals(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get("/invoices?kind=correction")
    corrections = [each for each in sample.documents(AIGERIM) if each["kind"] == "correction"]
    shown = {row.one(".row-link").text: row.one(".i-kind .link").text for row in answer.main.all("tbody .row")}
    assert shown == {each["invoice_number"]: each["corrects"] for each in corrections}
    for each in corrections:
        original = await aigerim.get(f"/invoices?q={each['corrects']}")
        total = sample.minor(
            next(d["total"] for d in sample.rows("invoices") if d["invoice_number"] == each["corrects"])
        )
        now = sample.shown(total + sample.minor(each["total"]))
        assert f"now {now}" in original.main.one("tbody .row .i-total").text


async def test_sums_are_of_all_pages_and_notices_apart(cabinet: Cabinet) -> None:
    """Notices ask for money and owe none: they are summed on a line of their own."""
    owner = await cabinet.sign_in(LARGEST)
    answer = await owner.get("/invoices")
    rows = {row.fits(".aside-total"): row.one(".i-total").text for row in answer.main.all("tfoot tr")}
    of = {
        apart: sum(
            sample.minor(each["total"])
            for each in sample.documents(LARGEST)
            if (each["kind"] == "payment_notice") is apart
        )
        for apart in (False, True)
    }
    assert rows == {apart: sample.shown(total) for apart, total in of.items()}


async def test_the_tabs_count_what_the_other_filters_leave(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get("/invoices?from=2026-01-01&to=2026-12-31&kind=correction")
    tabs = {tab.text.rpartition(" ")[0]: int(tab.text.rpartition(" ")[2]) for tab in answer.main.all(".tab")}
    year = [each for each in sample.documents(AIGERIM) if each["issued_on"].startswith("2026")]
    kinds = {
        "Payment notices": "payment_notice",
        "Regular invoices": "invoice",
        "One-off": "one_off",
        "Corrections": "correction",
    }
    expected = {title: sum(each["kind"] == kind for each in year) for title, kind in kinds.items()}
    assert tabs == {"All": len(year), **expected}


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("from=2026-06-30&to=2026-06-01", "to", "The last day is before the first. Exchange the two."),
        ("from=31.12.2026", "from", "This is not a date. Write it as year-month-day, for example 2026-06-30."),
        ("to=2026-02-30", "to", "This is not a date. Write it as year-month-day, for example 2026-06-30."),
        ("from=9999-12-31", "from", "This is not a date. Write it as year-month-day, for example 2026-06-30."),
        (
            "from=2010-01-01&to=2026-01-01",
            "to",
            "That is longer than 3,660 days, about ten years. Choose a shorter period.",
        ),
        ("state=lost", "state", "There is no such state."),
        ("sort=colour", "sort", "There is no such order."),
    ],
)
@pytest.mark.parametrize("fragment", [False, True], ids=["page", "fragment"])
async def test_what_does_not_fit_is_said_beside_its_field_and_kept(
    cabinet: Cabinet, query: str, field: str, message: str, fragment: bool
) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get(f"/invoices?{query}&q=СФ", fragment=fragment)
    assert answer.status == 422
    assert error_beside(answer.page, field) == message
    assert not answer.page.has("table.invoices")
    assert answer.page.one("#f-q")["value"] == "СФ"
    typed = dict(pair.split("=") for pair in query.split("&"))
    for name in ("from", "to"):
        assert answer.page.one(f"#f-{name}")["value"] == typed.get(name, "")


async def test_the_longest_period_is_allowed(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    days = (date(2026, 1, 7) - date(2016, 1, 1)).days + 1
    assert days == 3660
    assert (await aigerim.get("/invoices?from=2016-01-01&to=2026-01-07")).status == 200
    assert (await aigerim.get("/invoices?from=2016-01-01&to=2026-01-08")).status == 422


@pytest.mark.parametrize(
    "after", ["x", "2026-01-01", "x|y", "|", "2026-13-01|СФ-2026-000157", "1e9|a", "9" * 60 + "|a"]
)
async def test_a_page_key_that_nobody_gave_out_finds_nothing_and_breaks_nothing(cabinet: Cabinet, after: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    for sort in ("-issued", "total"):
        assert (await aigerim.get(f"/invoices?sort={sort}&after={after}")).status == 200


async def test_an_unknown_kind_is_refused(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get("/invoices?kind=secret")
    assert answer.status == 422
    assert not numbers(answer)
    kinds = answer.main.one("nav.tabs")
    assert answer.main.one(f"#{kinds['aria-describedby']}[role=alert]").text == "There is no such kind of document."
    known = (await aigerim.get("/invoices?kind=invoice")).main
    assert not known.has("#kind-error")
    assert not known.one("nav.tabs").get("aria-describedby")


async def test_where_nothing_bears_vat_there_is_one_column_of_sums(own_cabinet: Cabinet) -> None:
    """An insurer's and a landlord's documents: a column of zeroes says nothing."""
    aigerim = await own_cabinet.sign_in(AIGERIM)
    for path in ("/invoices", "/invoices/СФ-2026-000157", "/invoices?kind=correction"):
        assert "VAT" in {each.text for each in (await aigerim.get(path)).main.all("th")}
    await execute("UPDATE invoice SET net = total, vat = 0")
    await execute("UPDATE invoice_line SET net = total, vat = 0, vat_rate = CASE WHEN line = 1 THEN '0.00' END")
    for path in ("/invoices", "/invoices/СФ-2026-000157", "/invoices?kind=correction"):
        for fragment in (False, True):
            page = (await aigerim.get(path, fragment=fragment)).page
            assert not {"VAT", "Net"} & {each.text for each in page.all("th")}
            table = page.all("table[role=table]")[0]
            for row in table.all("tr"):
                width = sum(int(cell.get("colspan") or 1) for cell in row.children if isinstance(cell, Element))
                assert width == (7 if path.startswith("/invoices?") or path == "/invoices" else 5)
                assert len([cell for cell in row.children if isinstance(cell, Element) and cell.fits(".spine")]) == 1


async def test_irina_sees_the_documents_of_her_contract_alone(cabinet: Cabinet) -> None:
    irina = await cabinet.sign_in(IRINA)
    found = await all_numbers(irina, "/invoices")
    assert set(found) == _of(AIGERIM, lambda each: each["contract_number"] == "4445/10")
    assert not await all_numbers(irina, "/invoices?contract=4445/11")
    assert "4445/11" not in (await irina.get("/invoices")).main.text


async def test_timur_sees_the_documents_of_the_year_he_audits(cabinet: Cabinet) -> None:
    timur = await cabinet.sign_in(TIMUR)
    found = await all_numbers(timur, "/invoices")
    assert set(found) == _of(AIGERIM, lambda each: each["issued_on"].startswith("2025"))
    assert not await all_numbers(timur, "/invoices?from=2026-01-01&to=2026-12-31")


async def test_who_has_no_document_yet_reads_when_one_will_come(empty_cabinet: Cabinet) -> None:
    newcomer = await empty_cabinet.sign_in("5555")
    answer = await newcomer.get("/invoices")
    assert answer.status == 200
    assert answer.main.one(".empty-title").text == "No documents yet."
    assert answer.main.one(".empty-fact").text == "They appear here as soon as the first one is issued."
    assert not answer.main.has("table")
