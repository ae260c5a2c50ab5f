"""What an examination finds, a line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "notice", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``told`` is what is the case, ``advice`` what to do about it."""

    name: str
    level: Level
    told: str
    advice: str = ""

    def __str__(self) -> str:
        told = f"{self.level:<7}{self.name}: {self.told}"
        return f"{told}. {self.advice[:1].upper()}{self.advice[1:]}" if self.advice else told


def ok(name: str, told: str) -> Finding:
    return Finding(name, "ok", told)


def notice(name: str, told: str, advice: str) -> Finding:
    """Works, and is worth a look."""
    return Finding(name, "notice", told, advice)


def fault(name: str, told: str, advice: str) -> Finding:
    """Does not work, or can't be trusted."""
    return Finding(name, "fault", told, advice)
