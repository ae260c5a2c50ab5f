"""What was measured, as a table to read and as JSON to keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Goal:
    """``sense`` is "≥" or "≤"."""

    sense: str
    limit: float

    def met(self, value: float) -> bool:
        return value >= self.limit if self.sense == "≥" else value <= self.limit

    def __str__(self) -> str:
        return f"{self.sense} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Of one thing to another, round by round."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, above: Sequence[float], below: Sequence[float]) -> Ratio:
        return cls.over([one / other for one, other in zip(above, below, strict=True) if other])

    @classmethod
    def over(cls, parts: Sequence[float]) -> Ratio:
        return cls(median(parts), min(parts), max(parts)) if parts else cls(0, 0, 0)

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f} to {self.most:.2f})"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. A goal is held against ``judged``."""

    part: str
    database: str
    what: str
    value: float
    unit: str
    cpu: float | None = None  # ms of the server process a request
    database_cpu: float | None = None  # ms of PostgreSQL's processes a request
    p50: float | None = None  # ms
    ratio: Ratio | None = None
    goal: Goal | None = None
    judged: float = 0.0

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        return f"{self.goal} {'met' if self.goal.met(self.judged) else 'MISSED'}"


@dataclass
class Report:
    """Grows while the parts run; each line is told as soon as it is known."""

    tell: Callable[[str], None] = print
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, line: Line) -> None:
        if not self.lines or self.lines[-1].part != line.part:
            self.tell(f"\n{line.part}\n{_HEADER}")
        self.lines.append(line)
        self.tell(_text(line))

    def note(self, text: str) -> None:
        self.notes.append(text)
        self.tell(f"  {text}")

    def as_json(self) -> dict[str, Any]:
        return {
            "lines": [asdict(each) | {"met": each.goal.met(each.judged) if each.goal else None} for each in self.lines],
            "notes": self.notes,
        }

    def missed(self) -> list[Line]:
        return [each for each in self.lines if each.goal and not each.goal.met(each.judged)]


_HEADER = f"  {'':<12}{'':<52}{'':>18}{'CPU ms':>9}{'db ms':>8}{'p50 ms':>9}  {'ratio':<24}goal"


def _text(line: Line) -> str:
    def number(value: float | None) -> str:
        return "" if value is None else f"{value:.2f}"

    shown = f"{line.value:,.0f}" if abs(line.value) >= 100 else f"{line.value:.2f}"
    return (
        f"  {line.database:<12}{line.what:<52}{f'{shown} {line.unit}':>18}{number(line.cpu):>9}"
        f"{number(line.database_cpu):>8}{number(line.p50):>9}  {line.ratio or ''!s:<24}{line.verdict}"
    ).rstrip()
