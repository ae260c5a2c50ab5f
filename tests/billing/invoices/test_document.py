"""A document's own page."""

from __future__ import annotations

import pytest

from tests.support import sample
from tests.support.cast import AIGERIM, GULNAR, IRINA, MARAT
from tests.support.client import Cabinet


@pytest.mark.parametrize("number", ["СФ-2026-000157", "СФ-2026-000158", "КСФ-2026-000006"])
async def test_it_says_what_the_billing_system_printed(cabinet: Cabinet, number: str) -> None:
    document = next(each for each in sample.rows("invoices") if each["invoice_number"] == number)
    owner = await cabinet.sign_in(document["account_number"])
    main = (await owner.get(f"/invoices/{number}")).main
    assert number in main.one("h1").text
    total = main.one("table.lines tfoot")
    for part, column in (("n-net", "net"), ("n-vat", "vat"), ("n-total", "total")):
        assert total.one(f".{part}").text == sample.shown(sample.minor(document[column]))
    lines = [each for each in sample.rows("invoice_lines") if each["invoice_number"] == number]
    shown = main.all("table.lines tbody tr")
    assert [row.one(".n-what").text for row in shown] == [each["description"] for each in lines]
    assert [row.one(".n-total").text for row in shown] == [sample.shown(sample.minor(each["total"])) for each in lines]


async def test_who_issued_it_and_for_whom(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    seller, buyer = (await aigerim.get("/invoices/СФ-2026-000157")).main.all(".parties section")
    assert "ТОО «Арқа Телеком»" in seller.text
    assert "Tax number 050140007654" in seller.text
    assert "ТОО «Алтын Дала Логистик»" in buyer.text
    assert "030840771235" in buyer.text


async def test_what_paid_it(cabinet: Cabinet) -> None:
    """СФ-2026-000141 was paid in two parts."""
    aigerim = await cabinet.sign_in(AIGERIM)
    main = (await aigerim.get("/invoices/СФ-2026-000141")).main
    applied = [row.one(".l-amount").text for row in main.all("table.ledger tbody .row")]
    assert applied == ["−124,062.00", "−124,062.00"]
    assert "Paid 12 Oct" in main.one(".head-facts").text


async def test_what_is_still_open_of_it(cabinet: Cabinet) -> None:
    marat = await cabinet.sign_in(MARAT)
    main = (await marat.get("/invoices/СФ-2026-000165")).main
    assert main.one("table.ledger tfoot .final").text == "28,884.00"
    assert "Open" in main.one(".head-facts").text


async def test_original_and_correction_lead_to_each_other(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    for each in sample.documents(AIGERIM):
        if each["kind"] == "correction":
            correction = (await aigerim.get(f"/invoices/{each['invoice_number']}")).main
            assert each["corrects"] in [link.text for link in correction.all(".head-facts a")]
            original = (await aigerim.get(f"/invoices/{each['corrects']}")).main
            assert each["invoice_number"] in [link.text for link in original.all("table.ledger .row-link")]


async def test_a_notice_says_that_it_is_no_debt(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    asked = (await aigerim.get("/invoices/СИ-2026-000173")).main
    assert asked.one(".notice-line").text == (
        "This notice asks for payment ahead. It is not a debt and does not change the balance."
    )
    answered = (await aigerim.get("/invoices/СИ-2026-000157")).main
    assert "Invoice СФ-2026-000157 has taken its place." in answered.one(".notice-line").text


@pytest.mark.parametrize("account", ["4505"])
async def test_a_closed_account_still_opens_its_documents(cabinet: Cabinet, account: str) -> None:
    owner = await cabinet.sign_in(account)
    for each in sample.documents(account)[-3:]:
        answer = await owner.get(f"/invoices/{each['invoice_number']}")
        assert answer.status == 200
        assert answer.main.one(".notice-line.neutral").text == "Account closed on 30 Jun 2026"


async def test_the_links_of_a_page_lead_only_where_the_reader_may_go(cabinet: Cabinet) -> None:
    for login in (GULNAR, IRINA):
        reader = await cabinet.sign_in(login)
        main = (await reader.get("/invoices/СФ-2026-000157")).main
        for link in main.all("a"):
            assert (await reader.get(link["href"])).status == 200, link["href"]
