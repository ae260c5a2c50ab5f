"""Bad rows left out: what remains is whole, and what was left out, once mended, makes it complete."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.imports.importing import import_folder
from dashboard.imports.report import ImportRefused, ImportReport
from tests.support.contents import contents
from tests.support.databases import Databases
from tests.support.exports import OPERATOR, Export, bring
from tests.support.standing import standing

Spoil = Callable[[Export], object]


async def skip(folder: Path, url: str, rejects: Path) -> ImportReport:
    return await import_folder(folder, url=url, operator=OPERATOR, rejects=rejects)


def listed(rejects: Path) -> list[tuple[str, ...]]:
    """The report's lines without its header: (file, line, column, value, reason)."""
    header, *lines = (rejects / "rejects.txt").read_text().splitlines()
    assert header == "file\tline\tcolumn\tvalue\treason"
    return [tuple(each.split("\t")) for each in lines]


def _made(folder: Path) -> list[Path]:
    """Folders of rejects, finished or not."""
    return list(folder.glob("rejects*"))


def keys(folder: Path, file: str) -> list[str]:
    """The first cells of the rows left out of a file."""
    path = folder / f"{file}.csv"
    return [line.split(",")[0] for line in path.read_text().splitlines()[1:]] if path.exists() else []


# What is spoilt, and the rows that are left out for it, by file.
LEFT_OUT: dict[str, tuple[Spoil, dict[str, list[str]]]] = {
    "a product": (lambda e: e.set("products", "INT", monthly_fee="dear"), {"products": ["INT"]}),
    "a payment": (lambda e: e.set("payments", "P2", amount="60.001"), {"payments": ["P2"]}),
    "an interval": (lambda e: e.set("usage", "S3", seconds="-1"), {"usage": ["S3"]}),
    "a service and its usage": (
        lambda e: e.set("services", "S3", status="asleep"),
        {"services": ["S3"], "usage": ["S3"]},
    ),
    "a service, the one that depends on it, and their usage": (
        lambda e: e.set("services", "S1", status="asleep"),
        {"services": ["S1", "S2"], "usage": ["S1", "S1", "S2"]},
    ),
    "a line, its document with the other line": (
        lambda e: e.set("invoice_lines", "I2 1", quantity="one"),
        {"invoices": ["I2"], "invoice_lines": ["I2", "I2"]},
    ),
    "a line whose number can't be read": (
        lambda e: e.set("invoice_lines", "I2 1", line=""),
        {"invoices": ["I2"], "invoice_lines": ["I2", "I2"]},
    ),
    "a document, its lines, its correction and its payment": (
        lambda e: e.set("invoices", "I1", due_on="soon"),
        {"invoices": ["I1", "K1"], "invoice_lines": ["I1", "K1"], "payments": ["P1"]},
    ),
    "a document that isn't its lines": (
        lambda e: e.set("invoices", "I2", total="561.00"),
        {"invoices": ["I2"], "invoice_lines": ["I2", "I2"]},
    ),
    "a document without lines": (lambda e: e.drop("invoice_lines", "N1"), {"invoices": ["N1"]}),
    "two rows of one key": (
        lambda e: e.add("payments", "P2", amount="61.00"),
        {"payments": ["P2", "P2"]},
    ),
    "a contract": (
        lambda e: e.set("contracts", "A1/10", status=""),
        {
            "contracts": ["A1/10"],
            "services": ["S1", "S2"],
            "usage": ["S1", "S1", "S2"],
            "invoices": ["N1", "I1", "K1"],
            "invoice_lines": ["N1", "I1", "K1"],
            "payments": ["P1"],
        },
    ),
    "a customer": (
        lambda e: e.set("customers", "C2", tax_id="640324456791"),
        {
            "customers": ["C2"],
            "accounts": ["A2"],
            "contracts": ["A2/10"],
            "services": ["S2", "S3"],
            "usage": ["S2", "S3"],
            "invoices": ["I2"],
            "invoice_lines": ["I2", "I2"],
            "payments": ["P2"],
        },
    ),
    "a row of too few cells": (lambda e: e.rows["payments"].append({"payment_id": "P9"}), {"payments": ["P9"]}),
    "a payment of another currency": (lambda e: e.set("payments", "P2", currency="USD"), {"payments": ["P2"]}),
    "a payment of another's document": (lambda e: e.set("payments", "P2", invoice_number="I1"), {"payments": ["P2"]}),
}
FILES = ("customers", "accounts", "contracts", "services", "products", "invoices", "invoice_lines", "payments", "usage")
MENDED_BY_ADDING = {"a document without lines", "a row of too few cells", "two rows of one key"}


@pytest.mark.parametrize("case", LEFT_OUT)
async def test_what_depends_on_a_bad_row_is_left_out_with_it_and_nothing_else(
    case: str, sqlite_databases: Databases, tmp_path: Path
) -> None:
    spoil, expected = LEFT_OUT[case]
    export = Export()
    spoil(export)
    url = sqlite_databases.empty()
    report = await skip(export.write(tmp_path / "export"), url, tmp_path / "rejects")
    assert {file: keys(tmp_path / "rejects", file) for file in FILES if keys(tmp_path / "rejects", file)} == expected
    assert report.left_out == sum(len(each) for each in expected.values())
    assert {file: each.left_out for file, each in report.counts.items() if each.left_out} == {
        file: len(each) for file, each in expected.items()
    }
    # What is in the database already passes every check again, as an export of its own.
    rest = Export()
    spoil(rest)
    for file, gone in expected.items():
        rest.rows[file] = [row for row in rest.rows[file] if next(iter(row.values())) not in gone]
    assert not (await bring(rest.write(tmp_path / "rest"), url)).changed


@pytest.mark.parametrize("case", sorted(LEFT_OUT.keys() - MENDED_BY_ADDING))
async def test_the_rest_and_then_what_was_mended_come_to_the_whole(
    case: str, sqlite_databases: Databases, tmp_path: Path
) -> None:
    await _rest_and_mended(LEFT_OUT[case][0], sqlite_databases, tmp_path)


@pytest.mark.parametrize("case", ["a customer", "a line, its document with the other line"])
async def test_on_postgres_too(case: str, postgres_databases: Databases, tmp_path: Path) -> None:
    await _rest_and_mended(LEFT_OUT[case][0], postgres_databases, tmp_path)


async def _rest_and_mended(spoil: Spoil, databases: Databases, tmp_path: Path) -> None:
    whole, parts = databases.empty(), databases.empty()
    await bring(Export().write(tmp_path / "good"), whole)
    export = Export()
    spoil(export)
    await skip(export.write(tmp_path / "export"), parts, tmp_path / "rejects")
    mend(tmp_path / "rejects", tmp_path / "good")
    assert (await bring(tmp_path / "rejects", parts)).changed
    assert await standing(parts) == await standing(whole)


def mend(rejects: Path, good: Path) -> None:
    """Puts, for each row left out, the good row of the same line of the whole export."""
    for path in rejects.glob("*.csv"):
        lines = (good / path.name).read_text().splitlines()
        places = sorted({int(line) for file, line, *_ in listed(rejects) if file == path.name})
        assert len(places) == len(path.read_text().splitlines()) - 1
        path.write_text("\n".join([lines[0], *(lines[place - 1] for place in places)]) + "\n")


async def test_what_is_known_already_carries_what_refers_to_it(database_url: str, tmp_path: Path) -> None:
    """A bad telephone number of a known customer doesn't keep that customer's payments out."""
    await bring(Export().write(tmp_path / "first"), database_url)
    export = Export().set("customers", "C1", phone="8 701").add("payments", "P1", payment_id="P3", amount="7.00")
    report = await skip(export.write(tmp_path / "second"), database_url, tmp_path / "rejects")
    assert report.left_out == 1
    assert report.counts["payments"].new == 1
    assert listed(tmp_path / "rejects") == [
        ("customers.csv", "2", "phone", "8 701", "is not a phone number in E.164, such as +77010001000")
    ]


async def test_a_known_document_stays_as_it_is_as_a_whole(database_url: str, tmp_path: Path) -> None:
    await bring(Export().write(tmp_path / "first"), database_url)
    before = await standing(database_url)
    export = Export().set("invoices", "I2", net="600.00", vat="72.00", total="672.00")
    export.set("invoice_lines", "I2 1", net="400.00", vat="48.00", total="448.00")
    export.set("invoice_lines", "I2 2", vat_rate="twelve")
    report = await skip(export.write(tmp_path / "second"), database_url, tmp_path / "rejects")
    assert {file: each.left_out for file, each in report.counts.items() if each.left_out} == {
        "invoices": 1,
        "invoice_lines": 2,
    }
    assert await standing(database_url) == before


async def test_usage_waits_for_its_service_even_where_that_is_known(database_url: str, tmp_path: Path) -> None:
    """It counts in the service's unit, and that may be what changes."""
    await bring(Export().write(tmp_path / "first"), database_url)
    export = Export().set("services", "S1", unit="kWh", status="asleep")
    report = await skip(export.write(tmp_path / "second"), database_url, tmp_path / "rejects")
    assert (report.counts["services"].left_out, report.counts["usage"].left_out) == (1, 2)


async def test_each_reason_names_its_place_and_its_cause(sqlite_databases: Databases, tmp_path: Path) -> None:
    export = Export().set("invoices", "I1", due_on="soon").set("services", "S3", status="asleep")
    await skip(export.write(tmp_path / "export"), sqlite_databases.empty(), tmp_path / "rejects")
    assert listed(tmp_path / "rejects") == [
        ("services.csv", "4", "status", "asleep", "is none of active, suspended, ended"),
        ("invoices.csv", "3", "due_on", "soon", "is not a date such as 2026-10-31"),
        ("invoices.csv", "5", "corrects", "I1", "the document is left out: see invoices.csv, line 3"),
        ("invoice_lines.csv", "3", "invoice_number", "I1", "the document is left out: see invoices.csv, line 3"),
        ("invoice_lines.csv", "6", "invoice_number", "K1", "the document is left out: see invoices.csv, line 5"),
        ("payments.csv", "2", "invoice_number", "I1", "the document is left out: see invoices.csv, line 3"),
        ("usage.csv", "5", "service_id", "S3", "the service is left out: see services.csv, line 4"),
    ]


async def test_rows_are_copied_byte_for_byte(sqlite_databases: Databases, tmp_path: Path) -> None:
    """Windows line ends, quotes, a row over two lines, bytes that are no UTF-8, packed files: as they came."""
    folder = Export().write(tmp_path / "export")
    header, first, second, _ = (folder / "customers.csv").read_bytes().split(b"\n", 3)
    two_lines = first.replace("ТОО «Айгүл»".encode(), '"ТОО\r\n""Айгүл"""'.encode()).replace(b"C1", b"C3")
    two_lines = two_lines.replace(b"+7701", b"8701")
    garbled = second.replace(b"Bolat", b"\xc1\xee\xeb\xe0\xf2").replace(b"C2", b"C4")
    rows = b"\r\n".join([b"\xef\xbb\xbf" + header, first, two_lines, second, garbled])
    (folder / "customers.csv").unlink()
    (folder / "customers.csv.gz").write_bytes(gzip.compress(rows))
    await skip(folder, sqlite_databases.empty(), tmp_path / "rejects")
    copied = (tmp_path / "rejects" / "customers.csv").read_bytes()
    assert copied == b"\r\n".join([b"\xef\xbb\xbf" + header, two_lines, garbled]) + b"\n"
    assert [each[:3] for each in listed(tmp_path / "rejects")] == [
        ("customers.csv.gz", "3", "phone"),
        ("customers.csv.gz", "6", ""),
    ]


async def test_the_pdfs_of_documents_left_out_go_with_them(sqlite_databases: Databases, tmp_path: Path) -> None:
    folder = Export().set("invoices", "I1", file="pdf/I1.pdf", due_on="soon").set("invoices", "I2", file="pdf/I2.pdf")
    path = folder.write(tmp_path / "export")
    (path / "pdf").mkdir()
    for name in ("I1", "I2"):
        (path / "pdf" / f"{name}.pdf").write_bytes(b"%PDF-1.7 " + name.encode())
    await skip(path, sqlite_databases.empty(), tmp_path / "rejects")
    assert [each.name for each in (tmp_path / "rejects" / "pdf").iterdir()] == ["I1.pdf"]


STRUCTURE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a column missing": (
        lambda f: (f / "payments.csv").write_text("payment_id\nP1\n"),
        "the column is missing",
    ),
    "a broken gzip": (
        lambda f: ((f / "usage.csv").unlink(), (f / "usage.csv.gz").write_bytes(gzip.compress(b"x" * 9999)[:40])),
        "the gzip stream is broken",
    ),
    "another encoding": (
        lambda f: (f / "customers.csv").write_bytes((f / "customers.csv").read_text().encode("cp1251", "replace")),
        "is not UTF-8: neither are 2 of its 2 rows",
    ),
    "an empty file": (lambda f: (f / "payments.csv").write_bytes(b""), "is empty: not even a header"),
}


@pytest.mark.parametrize("case", STRUCTURE)
async def test_what_is_wrong_with_a_whole_file_still_refuses(
    case: str, sqlite_databases: Databases, tmp_path: Path
) -> None:
    folder, url = Export().write(tmp_path / "export"), sqlite_databases.empty()
    before = await contents(url)
    spoil, reason = STRUCTURE[case]
    spoil(folder)
    with pytest.raises(ImportRefused) as refused:
        await skip(folder, url, tmp_path / "rejects")
    assert reason in refused.value.report.text()
    assert await contents(url) == before
    assert not _made(tmp_path)


async def test_rejects_that_wait_to_be_mended_are_not_overwritten(sqlite_databases: Databases, tmp_path: Path) -> None:
    export = Export().set("payments", "P2", amount="x").write(tmp_path / "export")
    (tmp_path / "rejects").mkdir()
    await skip(export, sqlite_databases.empty(), tmp_path / "rejects")
    with pytest.raises(ImportRefused, match="is there already; mend and import what is in it"):
        await skip(export, sqlite_databases.empty(), tmp_path / "rejects")
    assert keys(tmp_path / "rejects", "payments") == ["P2"]


async def test_a_good_export_makes_no_folder(sqlite_databases: Databases, tmp_path: Path) -> None:
    report = await skip(Export().write(tmp_path / "export"), sqlite_databases.empty(), tmp_path / "rejects")
    assert report.left_out == 0
    assert "left out" not in report.text()
    assert not _made(tmp_path)


async def test_five_thousand_bad_rows_are_all_written(databases: Databases, tmp_path: Path) -> None:
    """More than are held in memory at a time."""
    export = Export()
    for number in range(5000):
        export.add("payments", "P2", payment_id=f"X{number}", currency="USD")
    report = await skip(export.write(tmp_path / "export"), databases.empty(), tmp_path / "rejects")
    assert (report.left_out, len(keys(tmp_path / "rejects", "payments"))) == (5000, 5000)
    assert "Left out: 5000 rows." in report.text()
