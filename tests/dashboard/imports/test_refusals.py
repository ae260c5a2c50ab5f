"""Every way in which an export can be wrong, named by file, line, column, value and reason."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.imports.importing import import_folder
from dashboard.imports.report import Fault, ImportRefused
from tests.support.contents import contents
from tests.support.databases import Databases
from tests.support.exports import CAST, OPERATOR, Export, bring, refusal

Spoil = Callable[[Export], object]

# What is done to the cast's export, and the one fault to come of it.
CELLS: dict[str, tuple[Spoil, Fault]] = {
    "an empty required cell": (
        lambda e: e.set("customers", "C2", name=""),
        Fault("customers.csv", 3, "name", "", "must not be empty"),
    ),
    "a name of blanks": (
        lambda e: e.set("customers", "C2", name="  "),
        Fault("customers.csv", 3, "name", "  ", "must not be empty"),
    ),
    "an unknown kind of party": (
        lambda e: e.set("customers", "C1", kind="company", tax_id=""),
        Fault("customers.csv", 2, "kind", "company", "is none of person, organisation"),
    ),
    "a text too long": (
        lambda e: e.set("customers", "C1", city="я" * 201),
        Fault("customers.csv", 2, "city", "я" * 80 + "…", "is longer than 200 characters"),
    ),
    "a control character": (
        lambda e: e.set("customers", "C1", name="a\x1b[31mb"),
        Fault("customers.csv", 2, "name", "a\\x1b[31mb", "holds a control character"),
    ),
    "a NUL": (
        lambda e: e.set("customers", "C1", name="a\x00b"),
        Fault("customers.csv", 2, "name", "a\\x00b", "holds a control character"),
    ),
    "a BIN with a wrong check digit": (
        lambda e: e.set("customers", "C1", tax_id="030840771236"),
        Fault("customers.csv", 2, "tax_id", "030840771236", "the check digit is wrong for an IIN or BIN"),
    ),
    "a BIN too short": (
        lambda e: e.set("customers", "C1", tax_id="03084077123"),
        Fault("customers.csv", 2, "tax_id", "03084077123", "an IIN or BIN has 12 digits"),
    ),
    "a person's Hungarian number with a wrong check digit": (
        lambda e: e.set("customers", "C2", tax_id="8409797535", country="HU"),
        Fault("customers.csv", 3, "tax_id", "8409797535", "the check digit is wrong for an adóazonosító jel"),
    ),
    "an organisation's Hungarian number with a wrong check digit": (
        lambda e: e.set("customers", "C1", tax_id="12345675-2-41", country="HU"),
        Fault("customers.csv", 2, "tax_id", "12345675-2-41", "the check digit is wrong for an adószám"),
    ),
    "a phone as people write it": (
        lambda e: e.set("customers", "C1", phone="8 701 000 10 00"),
        Fault(
            "customers.csv",
            2,
            "phone",
            "8 701 000 10 00",
            "is not a phone number in E.164, such as +77010001000",
        ),
    ),
    "an e-mail without its domain": (
        lambda e: e.set("customers", "C1", email="aigul"),
        Fault("customers.csv", 2, "email", "aigul", "is not an e-mail address"),
    ),
    "a day that no month has": (
        lambda e: e.set("customers", "C2", birth_date="1964-02-30"),
        Fault("customers.csv", 3, "birth_date", "1964-02-30", "is not a date such as 2026-10-31"),
    ),
    "a day as people write it": (
        lambda e: e.set("accounts", "A1", opened_on="01.01.2026"),
        Fault("accounts.csv", 2, "opened_on", "01.01.2026", "is not a date such as 2026-10-31"),
    ),
    "money with three decimals": (
        lambda e: e.set("accounts", "A1", opening_balance="100.005"),
        Fault(
            "accounts.csv",
            2,
            "opening_balance",
            "100.005",
            "is not an amount with a point and at most two decimals",
        ),
    ),
    "money with a comma": (
        lambda e: e.set("products", "INT", monthly_fee="1000,00"),
        Fault(
            "products.csv",
            2,
            "monthly_fee",
            "1000,00",
            "is not an amount with a point and at most two decimals",
        ),
    ),
    "a currency that isn't": (
        lambda e: e.set("products", "INT", currency="TNG"),
        Fault("products.csv", 2, "currency", "TNG", "is not a currency"),
    ),
    "a class of product that isn't": (
        lambda e: e.set("contracts", "A1/10", product_class="radio"),
        Fault("contracts.csv", 2, "product_class", "radio", "is none of telecom, life, non_life, housing"),
    ),
    "an unknown unit": (
        lambda e: e.set("services", "S3", unit="minutes").drop("usage", "S3"),
        Fault("services.csv", 4, "unit", "minutes", "is none of bytes, seconds, kWh, m3, m2"),
    ),
    "an unknown state of a service": (
        lambda e: e.set("services", "S3", status="paused"),
        Fault("services.csv", 4, "status", "paused", "is none of active, suspended, ended"),
    ),
    "a quota of half a byte": (
        lambda e: e.set("services", "S1", quota="10.5"),
        Fault("services.csv", 2, "quota", "10.5", "is not a whole number of bytes"),
    ),
    "a service that depends on itself": (
        lambda e: e.set("services", "S1", depends_on="S1"),
        Fault("services.csv", 2, "depends_on", "S1", "a service can't depend on itself"),
    ),
    "an unknown kind of document": (
        lambda e: e.set("invoices", "I2", kind="receipt"),
        Fault(
            "invoices.csv",
            4,
            "kind",
            "receipt",
            "is none of payment_notice, invoice, one_off, correction",
        ),
    ),
    "a correction of nothing": (
        lambda e: e.set("invoices", "K1", corrects=""),
        Fault("invoices.csv", 5, "corrects", "", "a correction names the document that it corrects"),
    ),
    "an invoice that corrects": (
        lambda e: e.set("invoices", "I1", corrects="N1"),
        Fault("invoices.csv", 3, "corrects", "N1", "only a correction corrects a document"),
    ),
    "a period that ends before it starts": (
        lambda e: e.set("invoices", "I2", period_end="2025-12-31"),
        Fault("invoices.csv", 4, "period_end", "2025-12-31", "is before period_start, 2026-01-01"),
    ),
    "a file outside the folder": (
        lambda e: e.set("invoices", "I2", file="../../etc/passwd"),
        Fault("invoices.csv", 4, "file", "../../etc/passwd", "is not a path inside the folder"),
    ),
    "a line number that is a word": (
        lambda e: e.add("invoice_lines", "I2 2", line="two"),
        Fault("invoice_lines.csv", 7, "line", "two", "is not a whole number"),
    ),
    "a quantity that is a word": (
        lambda e: e.set("invoice_lines", "I2 2", quantity="one"),
        Fault("invoice_lines.csv", 5, "quantity", "one", "is not a decimal with a point"),
    ),
    "a time without an offset": (
        lambda e: e.set("payments", "P1", paid_at="2026-02-05T12:00:00"),
        Fault("payments.csv", 2, "paid_at", "2026-02-05T12:00:00", "is a time without an offset"),
    ),
    "a time that isn't": (
        lambda e: e.set("payments", "P1", paid_at="2026-02-05T25:00:00Z"),
        Fault(
            "payments.csv",
            2,
            "paid_at",
            "2026-02-05T25:00:00Z",
            "is not a time with an offset such as 2026-10-31T09:00:00+05:00",
        ),
    ),
    "negative seconds": (
        lambda e: e.set("usage", "S3", seconds="-5"),
        Fault("usage.csv", 5, "seconds", "-5", "is negative"),
    ),
    "half a second": (
        lambda e: e.set("usage", "S3", seconds="0.5"),
        Fault("usage.csv", 5, "seconds", "0.5", "is not a whole number"),
    ),
    "negative use": (
        lambda e: e.set("usage", "S2", incoming="-7.72"),
        Fault("usage.csv", 4, "incoming", "-7.72", "is negative"),
    ),
    "an interval between two seconds": (
        lambda e: e.set("usage", "S2", started_at="2026-01-31T19:00:00.5Z"),
        Fault("usage.csv", 4, "started_at", "2026-01-31T19:00:00.5Z", "is not on a whole second"),
    ),
    "bytes with decimals": (
        lambda e: e.set("usage", "S1", incoming="100.5"),
        Fault("usage.csv", 2, "incoming", "100.5", "is not a whole number of bytes"),
    ),
    "usage of a service that counts nothing": (
        lambda e: e.set("services", "S3", unit=""),
        Fault("usage.csv", 5, "service_id", "S3", "the service has no unit to count usage in"),
    ),
}
NOWHERE = ", neither here nor from an earlier import"
WHOLE: dict[str, tuple[Spoil, Fault]] = {
    "an account of nobody": (
        lambda e: e.set("accounts", "A1", customer_id="C9"),
        Fault("accounts.csv", 2, "customer_id", "C9", "there is no such customer" + NOWHERE),
    ),
    "a contract of no account": (
        lambda e: e.add("contracts", "A1/10", contract_number="X", account_number="A9"),
        Fault("contracts.csv", 4, "account_number", "A9", "there is no such account" + NOWHERE),
    ),
    "a service of no contract": (
        lambda e: e.set("services", "S1", contract_number="A9/10"),
        Fault("services.csv", 2, "contract_number", "A9/10", "there is no such contract" + NOWHERE),
    ),
    "a service that depends on none": (
        lambda e: e.set("services", "S2", depends_on="S9"),
        Fault("services.csv", 3, "depends_on", "S9", "there is no such service" + NOWHERE),
    ),
    "a document of no account": (
        lambda e: e.set("invoices", "I2", account_number="A9", contract_number=""),
        Fault("invoices.csv", 4, "account_number", "A9", "there is no such account" + NOWHERE),
    ),
    "a correction of a document unheard of": (
        lambda e: e.set("invoices", "K1", corrects="I9"),
        Fault("invoices.csv", 5, "corrects", "I9", "there is no such document" + NOWHERE),
    ),
    "a line of no document": (
        lambda e: e.add("invoice_lines", "I1", invoice_number="I9"),
        Fault("invoice_lines.csv", 7, "invoice_number", "I9", "there is no such document" + NOWHERE),
    ),
    "a payment to no account": (
        lambda e: e.set("payments", "P2", account_number="A9"),
        Fault("payments.csv", 3, "account_number", "A9", "there is no such account" + NOWHERE),
    ),
    "a payment of a document unheard of": (
        lambda e: e.set("payments", "P1", invoice_number="I9"),
        Fault("payments.csv", 2, "invoice_number", "I9", "there is no such document" + NOWHERE),
    ),
    "usage of a service unheard of": (
        lambda e: e.add("usage", "S3", service_id="S9"),
        Fault("usage.csv", 6, "service_id", "S9", "there is no such service" + NOWHERE),
    ),
    "a customer twice": (
        lambda e: e.add("customers", "C1", name="Another"),
        Fault("customers.csv", 4, "customer_id", "C1", "the same key stands in line 2 already"),
    ),
    "a line twice": (
        lambda e: e.add("invoice_lines", "I1", description="Another"),
        Fault("invoice_lines.csv", 7, "line", "I1 1", "the same key stands in line 3 already"),
    ),
    "an option twice": (
        lambda e: e.add("products", "INT"),
        Fault("products.csv", 3, "option", "INT скорость 100", "the same key stands in line 2 already"),
    ),
    "an interval twice, once in another zone": (
        lambda e: e.add("usage", "S3", started_at="2026-02-01T00:00:00+05:00"),
        Fault("usage.csv", 6, "started_at", "S3 2026-01-31T19:00:00Z", "the same key stands in line 5 already"),
    ),
    "a payment in another currency": (
        lambda e: e.set("payments", "P1", currency="USD"),
        Fault("payments.csv", 2, "currency", "USD", "the account is in KZT"),
    ),
    "a document in another currency": (
        lambda e: e.set("invoices", "I2", currency="USD"),
        Fault("invoices.csv", 4, "currency", "USD", "the account is in KZT"),
    ),
    "a document under another account's contract": (
        lambda e: e.set("invoices", "I2", contract_number="A1/10"),
        Fault("invoices.csv", 4, "contract_number", "A1/10", "belongs to account A1"),
    ),
    "a correction of another account's document": (
        lambda e: e.set("invoices", "K1", corrects="I2"),
        Fault("invoices.csv", 5, "corrects", "I2", "belongs to account A2"),
    ),
    "a payment of another account's document": (
        lambda e: e.set("payments", "P1", invoice_number="I2"),
        Fault("payments.csv", 2, "invoice_number", "I2", "belongs to account A2"),
    ),
    "a line that doesn't add up": (
        lambda e: e.set("invoice_lines", "I1 1", total="1121.00").set("invoices", "I1", total="1121.00"),
        Fault("invoice_lines.csv", 3, "total", "1121.00", "is not net and VAT together, 1000.00 + 120.00"),
    ),
    "a document that isn't its lines": (
        lambda e: e.set("invoices", "I2", total="561.00"),
        Fault("invoices.csv", 4, "total", "561.00", "its lines come to 560.00"),
    ),
    "a document whose net isn't its lines'": (
        lambda e: e.set("invoices", "I2", net="501.00"),
        Fault("invoices.csv", 4, "net", "501.00", "its lines come to 500.00"),
    ),
    "a document without lines": (
        lambda e: e.drop("invoice_lines", "N1"),
        Fault("invoices.csv", 2, "invoice_number", "N1", "the document has no lines"),
    ),
}


@pytest.mark.parametrize("case", CELLS)
async def test_a_bad_cell(case: str, sqlite_databases: Databases, tmp_path: Path) -> None:
    """Cells are read without the database: one kind of it is enough."""
    await _refused_for(*CELLS[case], sqlite_databases.empty(), tmp_path)


@pytest.mark.parametrize("case", WHOLE)
async def test_rows_that_do_not_fit_together(case: str, database_url: str, tmp_path: Path) -> None:
    await _refused_for(*WHOLE[case], database_url, tmp_path)


async def _refused_for(spoil: Spoil, fault: Fault, url: str, folder: Path) -> None:
    export = Export()
    spoil(export)
    before = await contents(url)
    assert await refusal(export.write(folder), url) == [fault]
    assert await contents(url) == before


async def test_the_cast_itself_is_in_good_order(database_url: str, tmp_path: Path) -> None:
    assert (await bring(Export().write(tmp_path), database_url)).changed


async def test_all_faults_are_named_at_once(sqlite_databases: Databases, tmp_path: Path) -> None:
    export = Export().set("customers", "C1", phone="1", name="").set("payments", "P1", currency="USD")
    export.set("usage", "S3", seconds="-1").drop("invoice_lines", "N1")
    found = await refusal(export.write(tmp_path), sqlite_databases.empty())
    assert [(each.file, each.line, each.column) for each in found] == [
        ("customers.csv", 2, "name"),
        ("customers.csv", 2, "phone"),
        ("usage.csv", 5, "seconds"),
        ("payments.csv", 2, "currency"),
        ("invoices.csv", 2, "invoice_number"),
    ]


async def test_ten_thousand_faults_are_kept_and_all_are_counted(sqlite_databases: Databases, tmp_path: Path) -> None:
    lines = "".join(f"S1,{1_800_000_000 + i},3600,1,1\n" for i in range(12_345))
    Export().write(tmp_path)
    (tmp_path / "usage.csv").write_text("service_id,started_at,seconds,incoming,outgoing\n" + lines)
    with pytest.raises(ImportRefused) as refused:
        await bring(tmp_path, sqlite_databases.empty())
    assert refused.value.report.faults.count == 12_345
    assert len(refused.value.report.faults.stored) == 10_000
    assert "12345 faults" in str(refused.value)


HEADERS: dict[str, tuple[str, Fault]] = {
    "a missing column": (
        "account_number,customer_id,currency,opened_on,closed_on\n",
        Fault("accounts.csv", 1, "opening_balance", "", "the column is missing"),
    ),
    "an unknown column": (
        "account_number,customer_id,currency,opened_on,closed_on,opening_balance,colour\n",
        Fault("accounts.csv", 1, "colour", "", "the column is unknown"),
    ),
    "a column twice": (
        "account_number,customer_id,currency,opened_on,closed_on,opening_balance,currency\n",
        Fault("accounts.csv", 1, "currency", "", "the column stands more than once in the header"),
    ),
    "an empty file": ("", Fault("accounts.csv", 0, "", "", "is empty: not even a header")),
    "too few cells": (
        "account_number,customer_id,currency,opened_on,closed_on,opening_balance\nA1,C1,KZT\n",
        Fault("accounts.csv", 2, "", "", "has 3 cells where the header has 6"),
    ),
    "a quote that doesn't close": (
        'account_number,customer_id,currency,opened_on,closed_on,opening_balance\nA1,"C1,KZT,,,1\n',
        Fault("accounts.csv", 2, "", "", "is not CSV: unexpected end of data"),
    ),
    "a quote in the middle": (
        'account_number,customer_id,currency,opened_on,closed_on,opening_balance\nA1,"C"1,KZT,,,1\n',
        Fault("accounts.csv", 2, "", "", "is not CSV: ',' expected after '\"'"),
    ),
}


@pytest.mark.parametrize("case", HEADERS)
async def test_a_file_that_is_not_as_it_should_be(case: str, sqlite_databases: Databases, tmp_path: Path) -> None:
    content, fault = HEADERS[case]
    Export().only("customers").write(tmp_path)
    (tmp_path / "accounts.csv").write_text(content)
    url = sqlite_databases.empty()
    before = await contents(url)
    assert await refusal(tmp_path, url) == [fault]
    assert await contents(url) == before


async def test_latin_letters_in_another_encoding(sqlite_databases: Databases, tmp_path: Path) -> None:
    Export().write(tmp_path)
    raw = (tmp_path / "customers.csv").read_bytes()
    (tmp_path / "customers.csv").write_bytes(raw.replace(b"Bolat", b"K\xf3v\xe1cs"))
    found = await refusal(tmp_path, sqlite_databases.empty())
    assert [(each.file, each.line, each.reason) for each in found] == [("customers.csv", 3, "is not UTF-8")]
    assert "\\xf3v\\xe1cs" in found[0].value


async def test_a_broken_gzip_stream(sqlite_databases: Databases, tmp_path: Path) -> None:
    Export().write(tmp_path, packed=("usage",))
    packed = (tmp_path / "usage.csv.gz").read_bytes()
    (tmp_path / "usage.csv.gz").write_bytes(packed[:-12])
    found = await refusal(tmp_path, sqlite_databases.empty())
    assert [each.file for each in found] == ["usage.csv.gz"]
    assert found[0].reason.startswith("the gzip stream is broken")


async def test_gzip_that_is_none(sqlite_databases: Databases, tmp_path: Path) -> None:
    Export().drop("usage").write(tmp_path)
    (tmp_path / "usage.csv").unlink()
    (tmp_path / "usage.csv.gz").write_bytes(b"service_id,started_at")
    found = await refusal(tmp_path, sqlite_databases.empty())
    assert [each.file for each in found] == ["usage.csv.gz"]
    assert found[0].reason.startswith("the gzip stream is broken")


async def test_plain_and_packed_side_by_side(sqlite_databases: Databases, tmp_path: Path) -> None:
    Export().write(tmp_path)
    (tmp_path / "usage.csv.gz").write_bytes(gzip.compress((tmp_path / "usage.csv").read_bytes()))
    assert await refusal(tmp_path, sqlite_databases.empty()) == [
        Fault("usage.csv.gz", 0, "", "", "usage.csv is there too: which one counts?")
    ]


async def test_a_line_without_end(sqlite_databases: Databases, tmp_path: Path) -> None:
    """A gzip stream may unpack to gigabytes without a line's end; none of it is kept."""
    Export().write(tmp_path)
    (tmp_path / "usage.csv").unlink()
    (tmp_path / "usage.csv.gz").write_bytes(gzip.compress(b"a" * 50_000_000))
    found = await refusal(tmp_path, sqlite_databases.empty())
    assert "is longer than 1000000 bytes; the rest was not read" in {each.reason for each in found}


async def test_an_empty_folder_and_none_at_all(sqlite_databases: Databases, tmp_path: Path) -> None:
    url = sqlite_databases.empty()
    (tmp_path / "empty").mkdir()
    assert [each.reason for each in await refusal(tmp_path / "empty", url)] == [
        "holds no file of an export, such as customers.csv"
    ]
    assert [each.reason for each in await refusal(tmp_path / "nowhere", url)] == ["there is no such folder"]


async def test_a_file_of_another_name_is_pointed_out(sqlite_databases: Databases, tmp_path: Path) -> None:
    Export().write(tmp_path)
    (tmp_path / "invoice.csv").write_text("a,b\n")
    report = await import_folder(tmp_path, url=sqlite_databases.empty(), operator=OPERATOR)
    assert "invoice.csv: is none of the files of an export" in report.text()


async def test_a_byte_order_mark_and_line_ends_of_windows_are_taken(
    sqlite_databases: Databases, tmp_path: Path
) -> None:
    Export().write(tmp_path)
    for name in CAST:
        path = tmp_path / f"{name}.csv"
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert (await bring(tmp_path, sqlite_databases.empty())).changed


async def test_known_rows_count_when_an_export_is_partial(database_url: str, tmp_path: Path) -> None:
    """Payments alone, of accounts and documents that came before."""
    await bring(Export().write(tmp_path), database_url)
    again = Export().add("payments", "P2", payment_id="P3", invoice_number="I2").only("payments")
    report = await bring(again.write(tmp_path), database_url)
    assert (report.counts["payments"].new, report.counts["payments"].same) == (1, 2)
    wrong = Export().add("payments", "P2", payment_id="P4", invoice_number="I1").only("payments")
    assert [each.reason for each in await refusal(wrong.write(tmp_path), database_url)] == ["belongs to account A1"]


async def test_a_late_line_has_to_fit_the_document_that_is_known(database_url: str, tmp_path: Path) -> None:
    await bring(Export().write(tmp_path), database_url)
    late = Export().add("invoice_lines", "I2 2", line="3").only("invoice_lines")
    late.drop("invoice_lines", "N1", "I1", "K1")
    found = await refusal(late.write(tmp_path), database_url)
    assert [(each.line, each.column, each.reason) for each in found] == [
        (2, "net", "with this line its document, known at 500.00, comes to 700.00"),
        (2, "vat", "with this line its document, known at 60.00, comes to 84.00"),
        (2, "total", "with this line its document, known at 560.00, comes to 784.00"),
    ]


async def test_an_account_does_not_change_its_currency(database_url: str, tmp_path: Path) -> None:
    await bring(Export().write(tmp_path), database_url)
    other = Export().set("accounts", "A2", currency="USD").only("accounts")
    found = await refusal(other.write(tmp_path), database_url)
    assert [(each.column, each.value) for each in found] == [("currency", "USD")]


async def test_a_file_that_cannot_be_read_is_the_only_fault(sqlite_databases: Databases, tmp_path: Path) -> None:
    """The contracts of accounts in a file with a wrong header aren't called contracts of nobody."""
    Export().write(tmp_path)
    for name in ("accounts", "invoice_lines"):
        path = tmp_path / f"{name}.csv"
        path.write_text("number," + path.read_text())
    found = await refusal(tmp_path, sqlite_databases.empty())
    assert {each.file for each in found} == {"accounts.csv", "invoice_lines.csv"}
    assert {each.line for each in found} == {1}
