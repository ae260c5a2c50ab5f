"""What the terminal gets to see."""

from __future__ import annotations

import io
from pathlib import Path

from dashboard.imports.importing import import_folder
from dashboard.imports.progress import shown_progress
from dashboard.imports.report import Counts, Fault, Faults, ImportReport, Posted, shown
from tests.support.databases import SAMPLES, Databases, operator_of


def test_a_fault_names_its_place() -> None:
    fault = Fault("payments.csv", 2, "currency", "USD", "the account is in KZT")
    assert str(fault) == "payments.csv, line 2, currency: the account is in KZT [USD]"
    assert str(Fault("usage.csv.gz", 0, "", "", "can't be read")) == "usage.csv.gz: can't be read"


def test_values_are_cut_and_cannot_speak_to_the_terminal() -> None:
    assert shown("я" * 500) == "я" * 80 + "…"
    assert shown("\x1b[2J\r\n\u202edrow") == "\\x1b[2J\\r\\n\\u202edrow"
    assert shown(None) == ""


def test_a_long_list_of_faults_is_cut_on_the_terminal() -> None:
    report = ImportReport("export")
    for line in range(300):
        report.faults.add("usage.csv", line + 2, "seconds", "-5", "is negative")
    text = report.text()
    assert text.startswith("Nothing was imported: 300 faults.")
    assert text.endswith("… and 100 more")
    assert len(text.splitlines()) == 202


def test_a_run_tells_its_counts_and_the_money_posted_anew() -> None:
    posted = Posted(postings=4, reversals=1, payments_anew=1, anew=["P1"])
    counts = {"payments": Counts(3, 1, 20)}
    report = ImportReport("export", counts=counts, posted=posted, openings_refused=2, seconds=1.25)
    assert report.changed
    assert report.text().splitlines() == [
        "Imported in 1.2 s.",
        "file                 new   changed      same",
        "payments               3         1        20",
        "Ledger: 4 postings, 1 reversal.",
        "Posted anew, the old posting reversed (0 documents, 1 payment): P1",
        "Opening balances refused: 2",
    ]


def test_many_posted_anew_are_counted_and_the_first_named() -> None:
    anew = [f"P{number:05}" for number in range(10_000)]
    posted = Posted(10_400, 10_400, documents_anew=400, payments_anew=10_000, anew=anew)
    line = ImportReport("export", counts={"payments": Counts(0, 10_000, 0)}, posted=posted).text().splitlines()[-1]
    assert line.startswith("Posted anew, the old posting reversed (400 documents, 10000 payments): P00000, P00001, ")
    assert line.endswith("P00049 and 10350 more")


def test_faults_are_counted_past_those_kept() -> None:
    faults = Faults()
    for line in range(10_001):
        faults.add("usage.csv", line, "", "", "x")
    assert (len(faults.stored), faults.count) == (10_000, 10_001)


async def test_without_a_terminal_progress_is_plain_lines(sqlite_databases: Databases) -> None:
    stream = io.StringIO()
    with shown_progress(stream) as progress:
        await import_folder(
            SAMPLES / "telecom",
            url=sqlite_databases.empty(),
            operator=operator_of("telecom"),
            progress=progress,
        )
    lines = stream.getvalue().splitlines()
    reading = [int(line.split()[1]) for line in lines if line.startswith("reading")]
    assert reading == sorted(reading)
    assert reading[-1] == 100
    assert lines[-4:] == ["checking", "comparing", "merging", "done"]


async def test_on_a_terminal_it_is_a_bar(sqlite_databases: Databases, tmp_path: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    with shown_progress(stream) as progress:
        await import_folder(
            SAMPLES / "housing",
            url=sqlite_databases.empty(),
            operator=operator_of("housing"),
            progress=progress,
        )
    assert "merging: 100%" in stream.getvalue()
