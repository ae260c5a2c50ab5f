"""The small parts every page is made of, as plain values.

A slice's ``display.py`` turns domain results into these; templates only lay them out. All texts are
already in the reader's language and every figure is already formatted: a template never counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Shape = Literal["tick", "half", "clock", "triangle", "octagon", "ring", "dashed"]
Tone = Literal["good", "accent", "notice", "bad", "neutral"]


@dataclass(frozen=True, slots=True)
class Amount:
    """Money ready to print: ``whole`` carries the sign (true minus) and grouping, ``minor`` the separator."""

    whole: str
    minor: str

    def __str__(self) -> str:
        return self.whole + self.minor


@dataclass(frozen=True, slots=True)
class State:
    """A state is a shape and a word; colour only repeats what both say."""

    shape: Shape
    tone: Tone
    word: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a description list; ``href`` makes the value a link."""

    name: str
    value: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select or of a row of choices."""

    value: str
    text: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    text: str
    href: str
    count: str
    current: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A form field: what was typed stays in ``value``, ``error`` stands beside it.

    ``kind`` is the input type (text, email, password, date, search, select); ``options`` go with select.
    """

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    hint: str = ""
    error: str = ""
    options: tuple[Option, ...] = ()
    autocomplete: str = ""
    required: bool = False
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of ``Choices``; ``fixed`` is shown and can't be changed, ``hint`` says why or what it means."""

    value: str
    text: str
    hint: str = ""
    chosen: bool = False
    fixed: bool = False
    data: str = ""  # for the page's script: what this choice stands for


@dataclass(frozen=True, slots=True)
class Choices:
    """A group of radio buttons (one) or check boxes (several) under a legend, with what is wrong beside it."""

    name: str
    legend: str
    choices: tuple[Choice, ...]
    several: bool = False
    error: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """A line of an addition: the last of a list is the total."""

    label: str
    amount: Amount
    detail: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    label: str
    value: str
    unit: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Sparkline:
    """``points`` and ``end`` are SVG coordinates in a 96 by 24 box; empty ``points``: nothing measured."""

    points: str
    end_x: str
    end_y: str
    label: str


@dataclass(frozen=True, slots=True)
class Empty:
    """An empty list: what is not there, the nearest fact, one way on."""

    title: str
    fact: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready period: This month, Last month, This year, ..."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Period:
    """The period picker: presets, two date fields, and steps one period back and on (empty href: none)."""

    presets: tuple[Preset, ...]
    from_field: Field
    to_field: Field
    title: str
    back: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Pager:
    """Paging by key: where the next rows are; empty hrefs: no more."""

    first: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that needs a person's eye."""

    state: State
    title: str
    detail: str
    href: str = ""
