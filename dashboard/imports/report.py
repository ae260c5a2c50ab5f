"""What an import has to say: faults, warnings, counts, and the money that was posted anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

STORED = 10_000  # faults and warnings kept; all are counted
SHOWN = 80  # characters of a value that a report repeats
LISTED = 200  # faults that the terminal lists
NAMED = 50  # documents and payments posted anew, and rows left out, that it names


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, at one place of one file. ``line`` 0: the file as a whole."""

    file: str
    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        place = ", ".join(part for part in (self.file, line, self.column) if part)
        told = f"{self.reason} [{self.value}]" if self.value else self.reason
        return f"{place}: {told}" if place else told


@dataclass
class Faults:
    """Keeps the first ``STORED`` faults and counts all."""

    stored: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, line: int, column: str, value: object, reason: str) -> None:
        self.count += 1
        if len(self.stored) < STORED:
            self.stored.append(Fault(file, line, column, shown(value), reason))

    async def store(self, *, all: bool = False) -> None:
        """Here nothing: the first ``STORED`` are in memory, and the rest need not be known one by one."""

    def __bool__(self) -> bool:
        return self.count > 0


@dataclass(slots=True)
class Counts:
    """Rows of one file by what they did."""

    new: int = 0
    changed: int = 0
    same: int = 0
    left_out: int = 0


@dataclass(slots=True)
class Posted:
    """What a run did to the ledger; ``anew`` names, up to ``STORED``, the documents and payments posted anew."""

    postings: int = 0
    reversals: int = 0
    documents_anew: int = 0
    payments_anew: int = 0
    anew: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ImportReport:
    """The outcome of one run.

    ``warnings`` didn't stop the run: opening balances that were refused, documents that came without their file.
    ``rejects`` is there where bad rows may be left out, and says which were.
    """

    folder: str = ""
    counts: dict[str, Counts] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    warnings: Faults = field(default_factory=Faults)
    posted: Posted = field(default_factory=Posted)
    openings_refused: int = 0
    rejects: Faults | None = None
    rejects_folder: str = ""
    seconds: float = 0.0

    @property
    def changed(self) -> bool:
        """Whether the run wrote anything but its own row."""
        return any(each.new or each.changed for each in self.counts.values())

    @property
    def left_out(self) -> int:
        """How many rows were left out."""
        return sum(each.left_out for each in self.counts.values())

    def counts_as_json(self) -> dict[str, Any]:
        """``{file: {"new": n, "changed": n, "same": n}}``, and ``"left_out": n`` where rows were."""
        return {
            name: {"new": each.new, "changed": each.changed, "same": each.same}
            | ({"left_out": each.left_out} if each.left_out else {})
            for name, each in self.counts.items()
        }

    def text(self) -> str:
        """The report for the terminal."""
        return "\n".join(_refused(self) if self.faults else _done(self))


class ImportRefused(Exception):
    """Nothing was imported and the database is as it was; ``report`` says why."""

    def __init__(self, report: ImportReport) -> None:
        self.report = report
        super().__init__(report.text())


class ImportBusy(ImportRefused):
    """Another import into the same database is running."""

    def __init__(self, folder: str) -> None:
        report = ImportReport(folder)
        report.faults.add("", 0, "", "", "another import into this database is running; try again when it is done")
        super().__init__(report)


def shown(value: object) -> str:
    """A value fit for a terminal: cut short, with whatever can't be printed written as an escape."""
    text = "" if value is None else str(value)
    cut = text if len(text) <= SHOWN else text[:SHOWN] + "…"
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in cut)


def _refused(report: ImportReport) -> Iterable[str]:
    yield f"Nothing was imported: {_many(report.faults.count, 'fault')}."
    yield from _listed(report.faults, LISTED)


def _done(report: ImportReport) -> Iterable[str]:
    if report.changed:
        last = f"{'left out':>10}" if report.left_out else ""
        yield f"Imported in {report.seconds:.1f} s."
        yield f"{'file':<14}{'new':>10}{'changed':>10}{'same':>10}{last}"
        for name, each in report.counts.items():
            last = f"{each.left_out:>10}" if report.left_out else ""
            yield f"{name:<14}{each.new:>10}{each.changed:>10}{each.same:>10}{last}"
    else:
        rows = sum(each.same for each in report.counts.values())
        all_rows = "all other" if report.left_out else "all"
        yield f"Nothing is new: {all_rows} {rows} rows were known already ({report.seconds:.1f} s)."
    yield from _told_of_money(report)
    if report.warnings:
        yield f"To look at: {report.warnings.count}"
        yield from _listed(report.warnings, LISTED)
    if report.rejects:
        yield f"Left out: {_many(report.left_out, 'row')}. Why, for each, is in {report.rejects_folder}/rejects.txt:"
        yield from _listed(report.rejects, NAMED)
        yield f"Mend the rows in that folder, then: kabinet import {report.rejects_folder}"


def _told_of_money(report: ImportReport) -> Iterable[str]:
    posted = report.posted
    if posted.postings or posted.reversals:
        yield f"Ledger: {_many(posted.postings, 'posting')}, {_many(posted.reversals, 'reversal')}."
    if posted.anew:
        many = f"{_many(posted.documents_anew, 'document')}, {_many(posted.payments_anew, 'payment')}"
        more = posted.documents_anew + posted.payments_anew - len(posted.anew[:NAMED])
        rest = f" and {more} more" if more > 0 else ""
        yield f"Posted anew, the old posting reversed ({many}): {', '.join(posted.anew[:NAMED])}{rest}"
    if report.openings_refused:
        yield f"Opening balances refused: {report.openings_refused}"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _listed(faults: Faults, most: int) -> Iterable[str]:
    for each in faults.stored[:most]:
        yield f"  {each}"
    if faults.count > most:
        yield f"  … and {faults.count - most} more"
