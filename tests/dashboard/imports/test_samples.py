"""The three sample operators: what the specification says of them is what comes out."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.imports.importing import import_folder
from tests.support.contents import ask, contents
from tests.support.databases import SAMPLES, operator_of

POSITION = (
    "SELECT p.balance, p.brought_forward, p.due, p.due_on FROM account_position p"
    " JOIN account a ON a.id = p.account_id WHERE a.number = :account"
)
OPEN = (
    "SELECT i.number, i.open FROM invoice i JOIN account a ON a.id = i.account_id"
    " WHERE a.number = :account AND i.open <> 0 ORDER BY i.due_on, i.number"
)


async def test_every_row_of_the_telecom_sample_is_there(filled_url: str) -> None:
    for table, file in (
        ("customer", "customers"),
        ("account", "accounts"),
        ("contract", "contracts"),
        ("service", "services"),
        ("product_option", "products"),
        ("invoice", "invoices"),
        ("invoice_line", "invoice_lines"),
        ("payment", "payments"),
        ("usage_interval", "usage"),
    ):
        path = SAMPLES / "telecom" / f"{file}.csv"
        raw = path.read_bytes() if path.exists() else gzip.decompress(path.with_suffix(".csv.gz").read_bytes())
        expected = len(list(csv.DictReader(raw.decode().splitlines())))
        assert (await ask(filled_url, f"SELECT COUNT(*) FROM {table}"))[0][0] == expected, file


async def test_account_4445_has_1425_tenge_and_owes_nothing(filled_url: str) -> None:
    assert await ask(filled_url, POSITION, account="4445") == [(142500, 0, 0, None)]
    assert await ask(filled_url, OPEN, account="4445") == []


async def test_account_4485_owes_85724_tenge_in_four_documents(filled_url: str) -> None:
    assert await ask(filled_url, POSITION, account="4485") == [(-8572400, 0, 8572400, "2026-09-20")]
    assert await ask(filled_url, OPEN, account="4485") == [
        ("СФ-2026-000133", 1925600),
        ("СФР-2026-000013", 870000),
        ("СФ-2026-000149", 2888400),
        ("СФ-2026-000165", 2888400),
    ]


@pytest.mark.parametrize("sample", ["telecom", "insurer", "housing"])
async def test_what_is_owed_is_what_is_open_on_every_account(sample: str, filled: Callable[[str], str]) -> None:
    rows = await ask(
        filled(sample),
        "SELECT a.number, p.balance, p.brought_forward, p.due,"
        " (SELECT COALESCE(SUM(i.open), 0) FROM invoice i WHERE i.account_id = a.id),"
        " (SELECT COALESCE(SUM(e.amount), 0) FROM ledger_entry e"
        " WHERE e.account_id = a.id AND e.book = 'customer') "
        "FROM account a JOIN account_position p ON p.account_id = a.id",
    )
    assert len(rows) == (await ask(filled(sample), "SELECT COUNT(*) FROM account"))[0][0]
    for number, balance, brought_forward, due, open_sum, ledger in rows:
        assert balance == ledger, number
        assert due == brought_forward + open_sum == max(0, -balance), number


async def test_the_measured_link_is_the_isp_s_series_moved_by_1096_weeks(filled_url: str) -> None:
    with (SAMPLES / "sources" / "isp-link-2005-hourly.csv").open(newline="") as file:
        source = [
            (datetime.fromisoformat(time).replace(tzinfo=UTC) + timedelta(weeks=1096), int(bits) // 8)
            for time, bits in list(csv.reader(file))[1:]
        ]
    expected = [(int(at.timestamp()), amount) for at, amount in source]
    found = await ask(
        filled_url,
        "SELECT u.started_at, u.incoming FROM usage_interval u JOIN service s ON s.id = u.service_id"
        " WHERE s.number = 'S900001' ORDER BY u.started_at",
    )
    assert len(found) == 1231
    assert found == expected


async def test_names_that_look_like_markup_or_formulas_stay_as_they_are(filled_url: str) -> None:
    names = {row[0] for row in await ask(filled_url, "SELECT name FROM customer")}
    assert "=СУММ(A1) <b>Тест</b> ТОО" in names
    assert 'ТОО «Северный Хлеб, "Пекарня №3" & Ко»' in names
    contracts = {row[0] for row in await ask(filled_url, "SELECT number FROM contract")}
    assert "КТС-КТС-14 4455/2/ ДП-11" in contracts


async def test_a_payment_notice_is_answered_by_the_invoice_of_its_period(filled_url: str) -> None:
    rows = await ask(
        filled_url,
        "SELECT n.open, n.contract_id = i.contract_id, n.period_start = i.period_start FROM invoice n"
        " JOIN invoice i ON i.id = n.answered_by_id WHERE n.kind = 'payment_notice'",
    )
    assert len(rows) > 400
    assert {(row[0], bool(row[1]), bool(row[2])) for row in rows} == {(0, True, True)}


@pytest.mark.parametrize("sample", ["telecom", "insurer", "housing"])
async def test_the_same_export_again_writes_nothing_but_its_run(sample: str, filled: Callable[[str], str]) -> None:
    url = filled(sample)
    before = await contents(url, "import_run")
    report = await import_folder(SAMPLES / sample, url=url, operator=operator_of(sample))
    assert not report.changed
    assert "Nothing is new" in report.text()
    assert await contents(url, "import_run") == before
    assert [bool(row[0]) for row in await ask(url, "SELECT changed FROM import_run ORDER BY id")] == [
        True,
        False,
    ]
