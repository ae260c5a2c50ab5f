"""The rules of "the next export", each in both orders of two exports: what came last counts, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.imports.report import ImportRefused
from tests.support.contents import ask, contents
from tests.support.databases import Databases
from tests.support.exports import Export, bring
from tests.support.standing import standing

Change = Callable[[Export], object]


def _document(export: Export) -> Export:
    export.add("invoices", "I2", invoice_number="I3", kind="one_off", net="50.00", vat="6.00", total="56.00")
    return export.add("invoice_lines", "I2 1", invoice_number="I3", net="50.00", vat="6.00", total="56.00")


# A row that the other export lacks, by file.
MORE: dict[str, Change] = {
    "customers": lambda e: e.add("customers", "C2", customer_id="C3", name="Zere"),
    "accounts": lambda e: e.add("accounts", "A2", account_number="A3", opening_balance="-5.00"),
    "contracts": lambda e: e.add("contracts", "A2/10", contract_number="A2/11"),
    "services": lambda e: e.add("services", "S3", service_id="S4"),
    "products": lambda e: e.add("products", "INT", option="200", monthly_fee="1500.00"),
    "invoices": _document,
    "payments": lambda e: e.add("payments", "P1", payment_id="P3", amount="-8.00"),
    "usage": lambda e: e.add("usage", "S1", started_at="2026-02-01T03:00:00Z", incoming="7"),
}

# A row that the other export has otherwise, by file: what changes, and what is posted anew for it.
OTHERWISE: dict[str, tuple[str, Change, list[str]]] = {
    "a customer's name": ("customers", lambda e: e.set("customers", "C1", name="ТОО «Ай»"), []),
    "an account, closed": ("accounts", lambda e: e.set("accounts", "A2", closed_on="2026-03-01"), []),
    "an account of another customer": ("accounts", lambda e: e.set("accounts", "A2", customer_id="C1"), []),
    "a contract, ended": ("contracts", lambda e: e.set("contracts", "A2/10", status="ended"), []),
    "a service, suspended": ("services", lambda e: e.set("services", "S3", status="suspended"), []),
    "a service that depends on another": ("services", lambda e: e.set("services", "S2", depends_on="S3"), []),
    "a product's fee": ("products", lambda e: e.set("products", "INT", monthly_fee="1.00"), []),
    "a document's due day": ("invoices", lambda e: e.set("invoices", "I2", due_on="2026-01-10"), ["I2"]),
    "a document's day of issue": ("invoices", lambda e: e.set("invoices", "I2", issued_on="2026-01-30"), ["I2"]),
    "a document's kind": ("invoices", lambda e: e.set("invoices", "I2", kind="payment_notice"), ["I2"]),
    "a document's total, with its line": (
        "invoices",
        lambda e: e.set("invoices", "I2", net="600.00", vat="72.00", total="672.00").set(
            "invoice_lines", "I2 2", net="300.00", vat="36.00", total="336.00"
        ),
        ["I2"],
    ),
    "a corrected document's total": (
        "invoices",
        lambda e: e.set("invoices", "I1", net="50.00", vat="6.00", total="56.00").set(
            "invoice_lines", "I1 1", net="50.00", vat="6.00", total="56.00"
        ),
        ["I1"],
    ),
    "what a correction corrects": ("invoices", lambda e: e.set("invoices", "K1", corrects="N1"), ["K1"]),
    "a line's words": ("invoice_lines", lambda e: e.set("invoice_lines", "I2 1", description="Шкаф"), ["I2"]),
    "a payment's amount": ("payments", lambda e: e.set("payments", "P1", amount="1.00"), ["P1"]),
    "a payment's sign": ("payments", lambda e: e.set("payments", "P2", amount="-60.00"), ["P2"]),
    "a payment's document": ("payments", lambda e: e.set("payments", "P1", invoice_number=""), ["P1"]),
    "a payment's day": ("payments", lambda e: e.set("payments", "P1", paid_at="2026-03-05T12:00:00Z"), ["P1"]),
    "a payment's account": ("payments", lambda e: e.set("payments", "P2", account_number="A1"), ["P2"]),
    "an interval's figures": ("usage", lambda e: e.set("usage", "S1", incoming="1", outgoing="99"), []),
    "an interval's length": ("usage", lambda e: e.set("usage", "S1", seconds="1800"), []),
}
BOTH_ORDERS = pytest.mark.parametrize("turned", [False, True], ids=["", "turned"])


def _pair(change: Change, folder: Path, turned: bool) -> tuple[Path, Path]:
    changed = Export()
    change(changed)
    first, second = Export().write(folder / "plain"), changed.write(folder / "changed")
    return (second, first) if turned else (first, second)


async def _whole(export: Path, databases: Databases) -> object:
    """How a cabinet stands that knows this export alone."""
    url = databases.empty()
    await bring(export, url)
    return await standing(url)


@pytest.mark.parametrize("file", MORE)
async def test_a_new_row_is_added_and_a_missing_one_stays(
    file: str, databases: Databases, sqlite_databases: Databases, tmp_path: Path
) -> None:
    url = databases.empty()
    plain, changed = _pair(MORE[file], tmp_path, turned=False)
    await bring(plain, url)
    report = await bring(changed, url)
    assert report.counts[file].new == 1
    assert not any(each.changed for each in report.counts.values())
    assert (report.posted.anew, report.posted.reversals) == ([], 0)
    assert await standing(url) == await _whole(changed, sqlite_databases)
    before = await contents(url, "import_run")
    assert not (await bring(plain, url)).changed
    assert await contents(url, "import_run") == before


@pytest.mark.parametrize("case", OTHERWISE)
async def test_of_two_versions_the_last_counts(
    case: str, databases: Databases, sqlite_databases: Databases, tmp_path: Path
) -> None:
    url = databases.empty()
    file, change, anew = OTHERWISE[case]
    plain, changed = _pair(change, tmp_path, turned=False)
    await bring(plain, url)
    for last in (changed, plain):
        posted = dict(await ask(url, "SELECT id, source_key FROM ledger_transaction"))
        report = await bring(last, url)
        assert (report.counts[file].new, report.counts[file].changed) == (0, 1)
        assert report.posted.anew == anew
        assert await standing(url) == await _whole(last, sqlite_databases)
        # Nothing that was posted is gone or other than it was; what is undone is undone by entries.
        assert posted.items() <= dict(await ask(url, "SELECT id, source_key FROM ledger_transaction")).items()


@BOTH_ORDERS
async def test_a_line_is_added_but_not_taken_away(turned: bool, databases: Databases, tmp_path: Path) -> None:
    """Without the line the document would have to come to less, and the line is known: billing corrects it."""

    def add(export: Export) -> None:
        export.add("invoice_lines", "I2 2", line="3").set("invoices", "I2", net="700.00", vat="84.00", total="784.00")

    url = databases.empty()
    first, second = _pair(add, tmp_path, turned)
    await bring(first, url)
    before = await contents(url)
    if turned:
        with pytest.raises(ImportRefused, match=r"its lines come to 784\.00"):
            await bring(second, url)
        assert await contents(url) == before
    else:
        report = await bring(second, url)
        assert (report.counts["invoice_lines"].new, report.posted.anew, report.posted.reversals) == (1, ["I2"], 1)
        assert await ask(url, "SELECT total, open FROM invoice WHERE number = 'I2'") == [(78400, 72400)]


LATE: dict[str, tuple[Change, str]] = {
    "a correction": (
        lambda e: e.drop("invoices", "I1").drop("invoice_lines", "I1").drop("payments", "P1"),
        "invoices.csv, line 4, corrects: there is no such document",
    ),
    "a payment": (
        lambda e: e.drop("invoices", "I1", "K1").drop("invoice_lines", "I1", "K1"),
        "payments.csv, line 2, invoice_number: there is no such document",
    ),
    "usage": (
        lambda e: e.drop("services", "S3"),
        "usage.csv, line 5, service_id: there is no such service",
    ),
}


@BOTH_ORDERS
@pytest.mark.parametrize("case", LATE)
async def test_what_comes_before_what_it_names_waits_for_the_export_that_brings_both(
    case: str, turned: bool, databases: Databases, tmp_path: Path
) -> None:
    url = databases.empty()
    drop, reason = LATE[case]
    early = Export()
    drop(early)
    early.write(tmp_path / "early")
    Export().write(tmp_path / "both")
    if turned:  # where it is known, it needn't come again
        await bring(tmp_path / "both", url)
        assert not (await bring(tmp_path / "early", url)).changed
        return
    before = await contents(url)
    with pytest.raises(ImportRefused) as refused:
        await bring(tmp_path / "early", url)
    assert reason in refused.value.report.text()
    assert await contents(url) == before
    assert (await bring(tmp_path / "both", url)).changed


@BOTH_ORDERS
async def test_a_correction_in_an_export_of_its_own(turned: bool, databases: Databases, tmp_path: Path) -> None:
    url = databases.empty()
    corrected = Export().drop("invoices", "K1").drop("invoice_lines", "K1").write(tmp_path / "corrected")
    correction = Export().only("invoices", "invoice_lines").drop("invoices", "N1", "I1", "I2")
    correction.drop("invoice_lines", "N1", "I1", "I2").write(tmp_path / "correction")
    if turned:
        with pytest.raises(ImportRefused):
            await bring(tmp_path / "correction", url)
    await bring(corrected, url)
    assert await ask(url, "SELECT corrected, paid_on FROM invoice WHERE number = 'I1'") == [(0, None)]
    await bring(tmp_path / "correction", url)
    assert await ask(url, "SELECT open, corrected, paid_on FROM invoice WHERE number = 'I1'") == [
        (0, -11200, "2026-02-10")
    ]


@BOTH_ORDERS
async def test_the_opening_balance_that_came_first_stays(turned: bool, databases: Databases, tmp_path: Path) -> None:
    """That account's row is left out and reported, all else is taken."""
    url = databases.empty()
    first, second = _pair(
        lambda e: e.set("accounts", "A1", opening_balance="500.00").set("accounts", "A2", closed_on="2026-03-01"),
        tmp_path,
        turned,
    )
    await bring(first, url)
    report = await bring(second, url)
    stays, refused = ("500.00", "100.00") if turned else ("100.00", "500.00")
    assert [str(each) for each in report.warnings.stored] == [
        "accounts.csv, line 2, opening_balance: "
        f"account A1 opened with {stays}, which stays; the row was left out [{refused}]"
    ]
    assert report.openings_refused == 1
    assert "Opening balances refused: 1" in report.text()
    assert (report.counts["accounts"].changed, report.posted.postings) == (1, 0)
    opened = "SELECT t.source_key, e.amount FROM ledger_transaction t JOIN ledger_entry e ON e.transaction_id = t.id"
    assert await ask(url, f"{opened} WHERE t.kind = 'opening' AND e.book = 'customer'") == [
        ("opening:A1", int(stays.replace(".", "")))
    ]
