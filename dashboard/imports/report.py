"""What an import has to say: faults, warnings, counts, and the money that was posted anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

STORED = 10_000  # faults and warnings kept; all are counted
SHOWN = 80  # characters of a value that a report repeats
LISTED = 200  # faults that the terminal lists


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


@dataclass(slots=True)
class Faults:
    """Keeps the first ``STORED`` faults and counts all."""

    stored: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, line: int, column: str, value: object, reason: str) -> None:
        self.count += 1
        if len(self.stored) < STORED:
            self.stored.append(Fault(file, line, column, shown(value), reason))

    def __bool__(self) -> bool:
        return self.count > 0


@dataclass(slots=True)
class Counts:
    """Rows of one file by what they did."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(slots=True)
class ImportReport:
    """The outcome of one run.

    ``money`` names the known documents and payments that came with other figures and were posted anew.
    ``warnings`` didn't stop the run: what was left out, or came without its file.
    """

    folder: str = ""
    counts: dict[str, Counts] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    warnings: Faults = field(default_factory=Faults)
    money: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def changed(self) -> bool:
        """Whether the run wrote anything but its own row."""
        return any(each.new or each.changed for each in self.counts.values())

    def counts_as_json(self) -> dict[str, Any]:
        """``{file: {"new": n, "changed": n, "same": n}}``."""
        return {
            name: {"new": each.new, "changed": each.changed, "same": each.same} for name, each in self.counts.items()
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
    many = "1 fault" if report.faults.count == 1 else f"{report.faults.count} faults"
    yield f"Nothing was imported: {many}."
    yield from _listed(report.faults)


def _done(report: ImportReport) -> Iterable[str]:
    if report.changed:
        yield f"Imported in {report.seconds:.1f} s."
        yield f"{'file':<14}{'new':>10}{'changed':>10}{'same':>10}"
        for name, each in report.counts.items():
            yield f"{name:<14}{each.new:>10}{each.changed:>10}{each.same:>10}"
    else:
        rows = sum(each.same for each in report.counts.values())
        yield f"Nothing is new: all {rows} rows were known already ({report.seconds:.1f} s)."
    if report.money:
        yield f"Posted anew, the old posting reversed: {', '.join(report.money)}"
    if report.warnings:
        yield f"To look at: {report.warnings.count}"
        yield from _listed(report.warnings)


def _listed(faults: Faults) -> Iterable[str]:
    for each in faults.stored[:LISTED]:
        yield f"  {each}"
    if faults.count > LISTED:
        yield f"  … and {faults.count - LISTED} more"
