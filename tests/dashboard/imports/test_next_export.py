"""Exports repeat and overlap: what changed is found, told and followed; what didn't isn't touched."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from billing.ledger.posting import Postings
from components.data.bulk import open_bulk
from dashboard.imports import merging
from dashboard.imports.report import Posted
from dashboard.schema import config
from tests.support.contents import ask, contents
from tests.support.exports import Export, bring

ENTRIES = (
    "SELECT t.source_key, e.book, e.amount FROM ledger_transaction t"
    " JOIN ledger_entry e ON e.transaction_id = t.id WHERE t.source_key LIKE :like ORDER BY t.id, e.id"
)


@pytest.fixture
async def known(database_url: str, tmp_path: Path) -> str:
    """A database that has the cast's first export."""
    await bring(Export().write(tmp_path / "first"), database_url)
    return database_url


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


async def test_a_row_unchanged_is_not_written(known: str, tmp_path: Path) -> None:
    before = await contents(known, "import_run")
    report = await bring(Export().write(tmp_path), known)
    assert not report.changed
    assert report.counts["invoices"].same == 4
    assert await contents(known, "import_run") == before


async def test_rows_in_another_order_are_the_same_rows(known: str, tmp_path: Path) -> None:
    export = Export()
    for rows in export.rows.values():
        rows.reverse()
    assert not (await bring(export.write(tmp_path, packed=("usage", "invoices")), known)).changed


async def test_a_changed_customer_is_updated_and_journalled(known: str, tmp_path: Path) -> None:
    export = Export().set("customers", "C1", phone="+77010009999", city="")
    report = await bring(export.write(tmp_path), known)
    assert (report.counts["customers"].changed, report.counts["customers"].same) == (1, 1)
    assert await ask(known, "SELECT phone, city FROM customer WHERE number = 'C1'") == [("+77010009999", None)]
    rows = await ask(known, 'SELECT actor, act, target, account_id, "before", "after" FROM journal')
    assert [row[:4] for row in rows] == [("kabinet import", "customer.updated", "C1", None)]
    assert _json(rows[0][4]) == {"phone": "+77010001000", "city": "Алматы"}
    assert _json(rows[0][5]) == {"phone": "+77010009999", "city": None}


async def test_changed_contracts_services_products_and_accounts_too(known: str, tmp_path: Path) -> None:
    export = Export().set("contracts", "A1/10", status="ended", ends_on="2026-03-31")
    export.set("services", "S1", monthly_fee="1100.00", depends_on="S3").set("services", "S2", depends_on="")
    export.set("products", "INT", setup_fee="5.00").set("accounts", "A1", closed_on="2026-03-31")
    await bring(export.write(tmp_path), known)
    rows = await ask(
        known,
        'SELECT j.act, j.target, a.number, j."before", j."after" FROM journal j'
        " LEFT JOIN account a ON a.id = j.account_id ORDER BY j.act, j.target",
    )
    assert [(*row[:3], _json(row[3]), _json(row[4])) for row in rows] == [
        ("account.updated", "A1", "A1", {"closed_on": None}, {"closed_on": "2026-03-31"}),
        (
            "contract.updated",
            "A1/10",
            "A1",
            {"ends_on": None, "status": "active"},
            {"ends_on": "2026-03-31", "status": "ended"},
        ),
        ("product.updated", "INT скорость 100", None, {"setup_fee": "0.00"}, {"setup_fee": "5.00"}),
        (
            "service.updated",
            "S1",
            "A1",
            {"monthly_fee": "1000.00", "depends_on": None},
            {"monthly_fee": "1100.00", "depends_on": "S3"},
        ),
        ("service.updated", "S2", "A2", {"depends_on": "S1"}, {"depends_on": None}),
    ]
    depends = "SELECT s.number, d.number FROM service s LEFT JOIN service d ON d.id = s.depends_on_id"
    assert sorted(await ask(known, depends), key=repr) == [("S1", "S3"), ("S2", None), ("S3", None)]


async def test_a_changed_invoice_is_reversed_and_posted_again(known: str, tmp_path: Path) -> None:
    export = Export().set("invoices", "I2", net="600.00", vat="72.00", total="672.00")
    export.set("invoice_lines", "I2 2", net="300.00", vat="36.00", total="336.00")
    report = await bring(export.write(tmp_path), known)
    assert report.posted.anew == ["I2"]
    assert "Posted anew, the old posting reversed (1 document, 0 payments): I2" in report.text()
    assert await ask(known, ENTRIES, like="invoice:I2:%") == [
        ("invoice:I2:1", "customer", -56000),
        ("invoice:I2:1", "revenue", 50000),
        ("invoice:I2:1", "vat", 6000),
        ("invoice:I2:1:reversed", "customer", 56000),
        ("invoice:I2:1:reversed", "revenue", -50000),
        ("invoice:I2:1:reversed", "vat", -6000),
        ("invoice:I2:2", "customer", -67200),
        ("invoice:I2:2", "revenue", 60000),
        ("invoice:I2:2", "vat", 7200),
    ]
    assert await ask(known, "SELECT revision, total, open FROM invoice WHERE number = 'I2'") == [(2, 67200, 61200)]
    due = "SELECT p.balance, p.due FROM account_position p JOIN account a ON a.id = p.account_id"
    assert await ask(known, due + " WHERE a.number = 'A2'") == [(-61200, 61200)]


async def test_a_changed_line_posts_its_document_anew(known: str, tmp_path: Path) -> None:
    export = Export().set("invoice_lines", "I1 1", description="Интернет 100")
    report = await bring(export.write(tmp_path), known)
    assert (report.counts["invoices"].changed, report.counts["invoice_lines"].changed) == (0, 1)
    assert report.posted.anew == ["I1"]
    keys = await ask(known, "SELECT source_key FROM ledger_transaction WHERE source_key LIKE 'invoice:I1:%'")
    assert sorted(keys) == [("invoice:I1:1",), ("invoice:I1:1:reversed",), ("invoice:I1:2",)]


async def test_a_changed_payment_moves_from_account_to_document(known: str, tmp_path: Path) -> None:
    export = Export().set("payments", "P2", invoice_number="I2", amount="560.00")
    report = await bring(export.set("payments", "P2", paid_at="2026-02-06T20:30:00Z").write(tmp_path), known)
    assert report.posted.anew == ["P2"]
    assert await ask(known, ENTRIES, like="payment:P2:%") == [
        ("payment:P2:1", "customer", 6000),
        ("payment:P2:1", "cash", -6000),
        ("payment:P2:1:reversed", "customer", -6000),
        ("payment:P2:1:reversed", "cash", 6000),
        ("payment:P2:2", "customer", 56000),
        ("payment:P2:2", "cash", -56000),
    ]
    # Half past eight in the evening of the 6th in London is the 7th in Almaty already.
    assert await ask(known, "SELECT open, paid_on FROM invoice WHERE number = 'I2'") == [(0, "2026-02-07")]
    assert [bool(row[0]) for row in await ask(known, "SELECT direct FROM allocation WHERE amount = 56000")] == [True]


async def test_a_payment_moved_to_another_account_leaves_the_first_right(known: str, tmp_path: Path) -> None:
    await bring(Export().set("payments", "P2", account_number="A1").write(tmp_path), known)
    rows = await ask(
        known,
        "SELECT a.number, p.balance, p.due FROM account_position p"
        " JOIN account a ON a.id = p.account_id ORDER BY a.number",
    )
    assert rows == [("A1", 16000, 0), ("A2", -56000, 56000)]


async def test_a_missing_row_is_not_deleted(known: str, tmp_path: Path) -> None:
    before = await contents(known, "import_run")
    export = Export().drop("payments", "P1").drop("usage", "S1").drop("customers", "C2")
    assert not (await bring(export.write(tmp_path), known)).changed
    assert await contents(known, "import_run") == before


async def test_another_opening_balance_is_refused_for_that_account_and_reported(known: str, tmp_path: Path) -> None:
    export = Export().set("accounts", "A1", opening_balance="500.00").set("customers", "C2", city="Астана")
    report = await bring(export.write(tmp_path), known)
    assert [str(each) for each in report.warnings.stored] == [
        "accounts.csv, line 2, opening_balance: "
        "account A1 opened with 100.00, which stays; the row was left out [500.00]"
    ]
    assert await ask(known, "SELECT opening_balance FROM account WHERE number = 'A1'") == [(10000,)]
    assert await ask(known, "SELECT city FROM customer WHERE number = 'C2'") == [("Астана",)]
    assert len(await ask(known, ENTRIES, like="opening:%")) == 2


async def test_an_absent_optional_column_says_nothing(database_url: str, tmp_path: Path) -> None:
    with_region = Export().column("customers", "region", "Жетісу").column("customers", "declaration", "yes")
    await bring(with_region.write(tmp_path), database_url)
    assert not (await bring(Export().write(tmp_path), database_url)).changed
    assert {row[0] for row in await ask(database_url, "SELECT region FROM customer")} == {"Жетісу"}


async def test_usage_that_comes_with_other_figures_replaces_the_old(known: str, tmp_path: Path) -> None:
    export = Export()
    export.rows["usage"][0].update(incoming="999", seconds="1800")
    report = await bring(export.write(tmp_path), known)
    assert (report.counts["usage"].changed, report.counts["usage"].same) == (1, 3)
    sums = "SELECT u.incoming, u.seconds FROM {} u JOIN service s ON s.id = u.service_id WHERE s.number = 'S1'"
    assert sorted(await ask(known, sums.format("usage_hour"))) == [(300, 3600), (999, 1800)]
    # 18:00 UTC is 23:00 in Almaty: the last hour of January; 19:00 begins February.
    assert sorted(await ask(known, sums.format("usage_day"))) == [(300, 3600), (999, 1800)]
    peaks = "SELECT month % 12 + 1, incoming, peak_incoming, peak_incoming_at FROM usage_month"
    rows = await ask(known, peaks + " WHERE peak_incoming IS NOT NULL ORDER BY month")
    assert rows == [(1, 999, 999, 1769882400), (2, 300, 300, 1769886000)]


async def test_meters_are_kept_in_millionths(known: str) -> None:
    sums = "SELECT u.incoming FROM usage_interval u JOIN service s ON s.id = u.service_id"
    assert await ask(known, sums + " WHERE s.number = 'S2'") == [(7_720_000,)]


async def test_a_document_whose_file_is_missing_is_pointed_out(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "I1.pdf").write_bytes(b"%PDF-1.7")
    export = Export().set("invoices", "I1", file="documents/I1.pdf")
    export.set("invoices", "I2", file="documents/I2.pdf")
    report = await bring(export.write(tmp_path), database_url)
    assert [str(each) for each in report.warnings.stored] == [
        "invoices.csv, line 4, file: there is no such file in the folder [documents/I2.pdf]"
    ]


async def test_five_thousand_changes_are_all_journalled(known: str, tmp_path: Path) -> None:
    """More than are held in memory at a time."""
    export = Export().only("customers")
    for number in range(5000):
        export.add("customers", "C2", customer_id=f"X{number}")
    await bring(export.write(tmp_path), known)
    for row in export.rows["customers"]:
        row["city"] = "Астана"
    report = await bring(export.write(tmp_path), known)
    assert report.counts["customers"].changed == 5002
    assert await ask(known, "SELECT COUNT(*), COUNT(DISTINCT target) FROM journal") == [(5002, 5002)]


async def test_what_others_post_between_the_working_out_and_the_write_counts(
    known: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accounts are worked out before the write lock is taken; one to which somebody posts meanwhile, once more."""
    prepare = merging.Merge.prepare

    async def prepare_slowly(merge: merging.Merge) -> Posted:
        posted = await prepare(merge)
        async with open_bulk(config(known)) as other:
            await other.execute(
                "INSERT INTO payment (number, account_id, paid_at, paid_on, amount, currency)"
                " SELECT 'KAB-1', id, :at, :day, 50000, 'KZT' FROM account WHERE number = 'A2'",
                at=datetime(2026, 2, 7, tzinfo=UTC),
                day=date(2026, 2, 7),
            )
            await other.execute("CREATE TEMP TABLE paid AS SELECT * FROM payment WHERE number = 'KAB-1'")
            postings = Postings(other)
            await postings.stage()
            await postings.payments("paid")
            await postings.number()
            async with other.transaction():
                await postings.write(datetime(2026, 2, 7, tzinfo=UTC))
        return posted

    monkeypatch.setattr(merging.Merge, "prepare", prepare_slowly)
    await bring(Export().set("payments", "P2", amount="50.00").write(tmp_path), known)
    positions = "SELECT p.balance, p.due FROM account_position p JOIN account a ON a.id = p.account_id"
    assert await ask(known, f"{positions} WHERE a.number = 'A2'") == [(-1000, 1000)]
    assert await ask(known, "SELECT open FROM invoice WHERE number = 'I2'") == [(1000,)]
    shares = "SELECT s.amount FROM allocation s JOIN invoice i ON i.id = s.invoice_id WHERE i.number = 'I2' ORDER BY 1"
    assert await ask(known, shares) == [(5000,), (50000,)]
