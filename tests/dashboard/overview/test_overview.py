"""The overview: what each of the cast reads when they come in."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from tests.support import sample
from tests.support.cast import AIGERIM, DIAS, GULNAR, IRINA, MARAT, SAULE, TIMUR, VIKTOR
from tests.support.client import Cabinet
from tests.support.pages import Element


def bar(page: Element, part: str) -> str:
    found = page.all(f".bar .bar-{part}")
    return found[0].text if found else ""


async def test_aigerim_has_money_and_owes_nothing(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in(AIGERIM)).get("/")).page
    assert bar(page, "balance") == "Balance 1,425.00 KZT"
    assert bar(page, "due") == ""
    assert page.one("main p.balance").text == "1,425.00 KZT"
    assert "You owe nothing." in page.one("main .lead").text
    assert not page.has("#unpaid-title")
    assert "ТОО «Алтын Дала Логистик»" in page.one("h1").text


async def test_marat_owes_four_documents(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in(MARAT)).get("/")).page
    assert "85,724.00" in bar(page, "due")
    assert bar(page, "balance") == "Balance −85,724.00 KZT"
    unpaid = {
        row.one(".row-link").text: row.one(".l-amount").text for row in page.all("main tr.row") if row.has(".l-wide")
    }
    assert unpaid == {
        "СФ-2026-000133": "19,256.00",
        "СФР-2026-000013": "8,700.00",
        "СФ-2026-000149": "28,884.00",
        "СФ-2026-000165": "28,884.00",
    }
    total = sum(sample.minor(each.replace(",", "")) for each in unpaid.values())
    assert sample.shown(total) == "85,724.00"
    assert "3 documents are overdue" in page.one("main .attention").text


async def test_the_ledger_counts_back_from_todays_balance(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in(AIGERIM)).get("/")).page
    rows = page.all("main tr.posted")
    assert len(rows) > 5

    def minor(text: str) -> int:
        return sample.minor(text.replace("−", "-").replace("+", "").replace(",", ""))

    before = 142500
    for row in rows:
        assert minor(row.one(".l-balance").text) == before
        before -= minor(row.one(".l-amount").text)


async def test_irina_reads_what_is_open_within_her_reach_and_no_balance(own_cabinet: Cabinet) -> None:
    """Who lacks the right to the balance sees the open sums of the documents within reach."""
    from billing.invoices.models import Invoice

    await Invoice.filter(number="СФ-2026-000157").update(open=5000)
    await Invoice.filter(number="СФ-2026-000158").update(open=700_00)
    irina = (await (await own_cabinet.sign_in(IRINA)).get("/")).page
    assert bar(irina, "balance") == ""
    assert "50.00" in bar(irina, "due")
    assert not irina.has("main .balance")
    assert not irina.has("#ledger-title")
    assert "1,425.00" not in irina.text
    assert "700.00" not in irina.text
    assert irina.has("#payments-title"), "her last payments stand where others read the ledger"
    timur = (await (await own_cabinet.sign_in(TIMUR)).get("/")).page
    assert "1,425.00" in bar(timur, "balance"), "what belongs to the account is never cut into parts"
    assert not timur.has("#unpaid-title"), "nothing of 2025 is open"


@pytest.mark.parametrize(
    ("login", "sees"),
    [
        (AIGERIM, {"ledger", "services", "attention"}),
        (GULNAR, {"ledger"}),
        (IRINA, {"payments"}),
        (TIMUR, {"ledger"}),
        (VIKTOR, {"services", "attention"}),
        (DIAS, {"services", "attention"}),
        (SAULE, set[str]()),
        (MARAT, {"ledger", "services", "attention", "unpaid"}),
    ],
)
async def test_each_reads_the_parts_they_have_a_right_to(cabinet: Cabinet, login: str, sees: set[str]) -> None:
    page = (await (await cabinet.sign_in(login)).get("/")).page
    parts = {"ledger", "services", "attention", "unpaid", "payments"}
    assert {part for part in parts if page.has(f"main #{part}-title")} == sees


async def test_saule_may_nothing_and_is_told_so(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in(SAULE)).get("/")).page
    assert bar(page, "balance") == bar(page, "due") == ""
    assert not re.search(r"\d,\d{3}", page.one("main").text)
    assert not [link for link in page.all("nav a") if link["href"] not in ("/", "/profile")]


async def test_dias_reads_of_the_services_within_his_reach(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in(DIAS)).get("/")).page
    shown = {link["href"].rpartition("/")[2] for link in page.all(".service-list a")}
    within = {each["service_id"] for each in sample.rows("services") if each["contract_number"] == "4445/10"}
    assert shown == within


async def test_a_service_that_fell_silent_needs_attention(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in(AIGERIM)).get("/")).page
    assert "No readings from Магистральный канал (измеренный ряд)" in page.one("main .attention").text


async def test_a_suspended_service_needs_attention(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in("4475")).get("/")).page
    assert "Интернет 1 Гбит/с is suspended" in page.one("main .attention").text


async def test_a_closed_account_still_tells_its_story(cabinet: Cabinet) -> None:
    page = (await (await cabinet.sign_in("4505")).get("/")).page
    assert page.one("main .notice-line.neutral").text == "Account closed on 30 Jun 2026"
    assert page.has("#ledger-title")
    assert page.has("#unpaid-title"), "it was closed with a debt"


async def test_it_says_how_old_its_figures_are(own_cabinet: Cabinet) -> None:
    from dashboard.imports.models import ImportRun

    await ImportRun.all().update(finished_at=datetime(2026, 11, 19, 22, 30, tzinfo=UTC))
    page = (await (await own_cabinet.sign_in(AIGERIM)).get("/")).page
    assert "20 Nov 2026, 03:30" in page.one("main .ages").text
    assert "19 Nov 2026" in page.one("main .ages").text


async def test_the_chosen_contract_narrows_services_but_not_the_account(own_cabinet: Cabinet) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    await aigerim.post("/choice", {"contract": "4445/11"})
    page = (await aigerim.get("/")).page
    services = {link["href"].rpartition("/")[2] for link in page.all(".service-list a")}
    assert services == {"S000002", "S000003"}
    assert bar(page, "balance") == "Balance 1,425.00 KZT"


async def test_a_newcomer_reads_that_nothing_has_happened_yet(empty_cabinet: Cabinet) -> None:
    answer = await (await empty_cabinet.sign_in("5555")).get("/")
    assert answer.status == 200
    assert bar(answer.page, "balance") == "Balance 0.00 KZT"
    assert "You owe nothing." in answer.main.text
