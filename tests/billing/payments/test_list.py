"""The payment history, held against the sample's own files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.support import sample
from tests.support.cast import AIGERIM, GULNAR, IRINA, MARAT, TIMUR
from tests.support.client import Answer, Cabinet, Client
from tests.support.pages import error_beside
from tests.support.sample import Row

Rule = Callable[[Row], bool]


def numbers(answer: Answer) -> list[str]:
    return [cell.one(".second").text for cell in answer.page.all("tbody .p-method")]


async def all_numbers(browser: Client, address: str) -> list[str]:
    found: list[str] = []
    answer = await browser.get(address)
    for _ in range(20):
        found += numbers(answer)
        after = answer.page.all("#pager-next")
        if not after:
            return found
        answer = await browser.get(after[0]["href"], fragment=True)
    raise AssertionError("the pages have no end")


def _of(account: str, rule: Rule = lambda _: True) -> set[str]:
    return {each["payment_id"] for each in sample.payments(account) if rule(each)}


@pytest.mark.parametrize("account", [AIGERIM, "4455", "4505", MARAT])
async def test_all_payments_stand_in_the_history_once(cabinet: Cabinet, account: str) -> None:
    owner = await cabinet.sign_in(account)
    found = await all_numbers(owner, "/payments")
    assert len(found) == len(set(found))
    assert set(found) == _of(account)


async def test_the_newest_first(cabinet: Cabinet) -> None:
    owner = await cabinet.sign_in("4455")
    when = {each["payment_id"]: (each["paid_at"], each["payment_id"]) for each in sample.payments("4455")}
    found = [when[each] for each in await all_numbers(owner, "/payments")]
    assert found == sorted(found, reverse=True)


async def test_the_payments_of_2026_and_their_sum(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get("/payments?from=2026-01-01&to=2026-12-31")
    year = [each for each in sample.payments(AIGERIM) if each["paid_at"].startswith("2026")]
    assert set(numbers(answer)) == {each["payment_id"] for each in year}
    assert answer.main.one("tfoot .p-label").text == f"{len(year)} payments"
    assert answer.main.one("tfoot .p-amount").text == sample.shown(sum(sample.minor(each["amount"]) for each in year))
    assert answer.main.one("tfoot .p-amount").text == "2,747,828.00"


async def test_the_sum_is_of_all_pages(cabinet: Cabinet) -> None:
    owner = await cabinet.sign_in("4455")
    first = await owner.get("/payments")
    rest = await owner.get(first.main.one("#pager-next")["href"])
    whole = sample.shown(sum(sample.minor(each["amount"]) for each in sample.payments("4455")))
    for answer in (first, rest):
        assert answer.main.one("tfoot .p-amount").text == whole
        assert answer.main.one("tfoot .p-label").text == "61 payments"


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("method=terminal", lambda each: each["method"] == "terminal"),
        (
            "method=card&from=2025-01-01&to=2025-12-31",
            lambda each: (each["method"], each["paid_at"][:4]) == ("card", "2025"),
        ),
        ("q=ПП 621543", lambda each: each["reference"] == "ПП 621543"),
        ("q=ПП\u00a0621543", lambda each: each["reference"] == "ПП 621543"),  # as copied from the page
        ("q=пп 621543", lambda each: each["reference"] == "ПП 621543"),
        ("q=СФ-2026-000141", lambda each: each["invoice_number"] == "СФ-2026-000141"),
        ("q=124 062,00", lambda each: each["amount"] == "124062.00"),
        ("q=P0000018", lambda each: each["payment_id"] == "P0000018"),
        ("q=%25", lambda each: False),
        ("method=cowries", lambda each: False),
    ],
)
async def test_by_way_number_payer_document_and_amount(cabinet: Cabinet, query: str, rule: Rule) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    assert set(await all_numbers(aigerim, f"/payments?{query}")) == _of(AIGERIM, rule)


async def test_payments_of_one_moment_are_all_there_over_the_pages(own_cabinet: Cabinet) -> None:
    """A file of the bank's books them all at once."""
    from billing.payments.models import Payment
    from users.parties.models import Account

    account = await Account.get(number=MARAT)
    at = datetime(2026, 11, 1, tzinfo=UTC)
    made = {f"P-TIE-{n:03d}" for n in range(120)}
    await Payment.bulk_create(
        Payment(number=each, account=account, paid_at=at, paid_on=at.date(), amount=100, currency="KZT")
        for each in made
    )
    found = await all_numbers(await own_cabinet.sign_in(MARAT), "/payments")
    assert len(found) == len(set(found))
    assert set(found) == made | _of(MARAT)


async def test_days_are_the_operators(own_cabinet: Cabinet) -> None:
    """Half past midnight on 1 January in Almaty is still the old year in UTC."""
    from billing.payments.models import Payment
    from users.parties.models import Account

    account = await Account.get(number=MARAT)
    await Payment.create(
        number="P-NIGHT",
        account=account,
        paid_at="2025-12-31T19:30:00+00:00",
        paid_on="2026-01-01",
        amount=100,
        currency="KZT",
        method="card",
    )
    marat = await own_cabinet.sign_in(MARAT)
    answer = await marat.get("/payments?from=2026-01-01&to=2026-01-01")
    assert numbers(answer) == ["P-NIGHT"]
    assert answer.main.one("tbody .p-day").text == "1 Jan 00:30"


async def test_money_taken_back_and_on_account_say_so(cabinet: Cabinet) -> None:
    marat = await cabinet.sign_in(MARAT)
    back = await marat.get("/payments?q=P0000239")
    assert back.main.one("tbody .p-method").text == "Taken back P0000239"
    assert back.main.one("tbody .p-amount").text == "−27,888.00"
    aigerim = await cabinet.sign_in(AIGERIM)
    ahead = await aigerim.get("/payments?q=P0000018")
    assert ahead.main.one("tbody .p-document").text == "on account"


async def test_a_payment_leads_to_its_document(cabinet: Cabinet) -> None:
    gulnar = await cabinet.sign_in(GULNAR)
    link = (await gulnar.get("/payments?q=ПП 621543")).main.one("tbody .p-document a")
    assert link.text == "СФ-2026-000157"
    assert (await gulnar.get(link["href"])).status == 200


async def test_irina_sees_what_was_paid_for_documents_of_her_contract(cabinet: Cabinet) -> None:
    """Money on account belongs to the whole account; she may not see its balance."""
    irina = await cabinet.sign_in(IRINA)
    found = await all_numbers(irina, "/payments")
    assert set(found) == _of(
        AIGERIM,
        lambda each: bool(each["invoice_number"]) and sample.contract_of(each["invoice_number"]) == "4445/10",
    )
    assert not {"P0000018", "P0000030"} & set(found)


async def test_who_sees_the_balance_sees_money_on_account_too(cabinet: Cabinet) -> None:
    gulnar = await cabinet.sign_in(GULNAR)
    assert {"P0000018", "P0000030"} <= set(await all_numbers(gulnar, "/payments"))


async def test_timur_sees_payments_of_the_year_he_audits(cabinet: Cabinet) -> None:
    timur = await cabinet.sign_in(TIMUR)
    found = await all_numbers(timur, "/payments")
    assert set(found) == _of(AIGERIM, lambda each: each["paid_at"].startswith("2025"))


@pytest.mark.parametrize(
    ("query", "field"),
    [("from=2026-06-30&to=2026-06-01", "to"), ("from=yesterday", "from"), ("from=2000-01-01&to=2026-01-01", "to")],
)
async def test_days_that_do_not_fit_are_said_beside_their_field_and_kept(
    cabinet: Cabinet, query: str, field: str
) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get(f"/payments?{query}&method=card&q=ПП")
    assert answer.status == 422
    assert error_beside(answer.page, field)
    typed = dict(pair.split("=") for pair in query.split("&"))
    assert {name: answer.page.one(f"#f-{name}")["value"] for name in typed} == typed
    assert answer.page.one("#f-q")["value"] == "ПП"
    assert answer.page.one("#f-method [selected]")["value"] == "card"
    assert not answer.main.has("table")


@pytest.mark.parametrize("after", ["x|y", "|", "2026-01-01T00:00:00|P1", "2026-01-01", "2026-13-01T00:00:00+00:00|P"])
async def test_a_page_key_that_nobody_gave_out_breaks_nothing(cabinet: Cabinet, after: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get(f"/payments?after={after.replace('+', '%2B')}")
    assert answer.status == 200


async def test_who_has_paid_nothing_yet_reads_when_it_will_show(empty_cabinet: Cabinet) -> None:
    newcomer = await empty_cabinet.sign_in("5555")
    answer = await newcomer.get("/payments")
    assert answer.status == 200
    assert answer.main.one(".empty-title").text == "No payments yet."


async def test_a_filter_that_fits_nothing_offers_the_way_back(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    empty = (await aigerim.get("/payments?q=no-such")).main.one(".empty")
    assert empty.one("a")["href"] == "/payments"
