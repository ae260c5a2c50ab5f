"""Every component in all its states, as values for the page that shows them side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from components.ui.parts import (
    Amount,
    Attention,
    Choice,
    Choices,
    Empty,
    Fact,
    Field,
    KeyFigure,
    Link,
    Option,
    Pager,
    Period,
    Preset,
    Sparkline,
    State,
    Sum,
    Tab,
)
from components.web.language import Language

ADDRESS = "/demo/components"
DAY = date(2026, 11, 20)
NUMBER = "СФ-2026-000158"


@dataclass(frozen=True, slots=True)
class Sample:
    """One theme's components. ``prefix`` keeps the ids of the two apart."""

    theme: str
    title: str
    prefix: str
    states: tuple[State, ...]
    amounts: tuple[Amount, ...]
    sums: tuple[Sum, ...]
    keys: tuple[KeyFigure, ...]
    sparklines: tuple[Sparkline, ...]
    facts: tuple[Fact, ...]
    fields: tuple[Field, ...]
    groups: tuple[Choices, ...]
    picks: tuple[Field, ...]
    searches: tuple[Field, ...]
    periods: tuple[Period, ...]
    pagers: tuple[Pager, ...]
    tabs: tuple[Tab, ...]
    attention: tuple[Attention, ...]
    empties: tuple[Empty, ...]


def samples(say: Language) -> tuple[Sample, Sample]:
    """Light and dark."""
    return _sample("light", say.gettext("Light"), say), _sample("dark", say.gettext("Dark"), say)


def _sample(theme: str, title: str, say: Language) -> Sample:
    prefix = f"{theme}-"
    states = _states(say)
    return Sample(
        theme=theme,
        title=title,
        prefix=prefix,
        states=states,
        amounts=(say.amount(11890000), say.amount(-748200), say.amount(11890000, plus=True), say.amount(0)),
        sums=(
            Sum(say.gettext("Invoice"), say.amount(-11890000)),
            Sum(say.gettext("Payment"), say.amount(11890000, plus=True), say.day(DAY)),
            Sum(say.gettext("Balance"), say.amount(0)),
        ),
        keys=(
            KeyFigure(say.gettext("Total"), say.number(1234.5, 1), "GB"),
            KeyFigure(say.gettext("Period"), say.month(DAY), detail=say.day(DAY)),
        ),
        sparklines=(
            Sparkline("1,20 20,14 40,16 60,6 80,11 93,4", "93", "4", say.gettext("Usage")),
            Sparkline("", "", "", say.gettext("Usage")),
        ),
        facts=(Fact(say.gettext("Account"), "4445"), Fact(say.gettext("Contract"), "4445/10", ADDRESS)),
        fields=_fields(prefix, say),
        groups=_groups(prefix, say),
        picks=(
            _select(f"{prefix}pick", say),
            _select(f"{prefix}pick-wrong", say, say.gettext("There is no such state.")),
        ),
        searches=(
            Field(f"{prefix}q", say.gettext("Search"), kind="search", placeholder=say.gettext("Number or amount")),
            Field(
                f"{prefix}q-wrong",
                say.gettext("Search"),
                NUMBER,
                "search",
                error=say.gettext("Something typed does not fit"),
            ),
        ),
        periods=_periods(prefix, say),
        pagers=(Pager(ADDRESS, ADDRESS), Pager(next=ADDRESS)),
        tabs=(
            Tab(say.gettext("All"), ADDRESS, "86", True),
            Tab(say.gettext("Payment notices"), ADDRESS, "38", False),
            Tab(say.gettext("Corrections"), ADDRESS, "", False),
        ),
        attention=(
            Attention(states[5], f"{say.gettext('Invoice')} {NUMBER}", str(say.amount(11890000)), ADDRESS),
            Attention(states[4], say.gettext("Nothing measured"), ""),
        ),
        empties=(
            Empty(
                say.gettext("No document fits this filter."),
                say.ngettext("%(n)s document of another kind fits.", "%(n)s documents of other kinds fit.", 2)
                % {"n": say.integer(2)},
                Link(say.gettext("Show all documents"), ADDRESS),
            ),
            Empty(say.gettext("No documents yet.")),
        ),
    )


def _states(say: Language) -> tuple[State, ...]:
    """The seven shapes, in every tone that there is."""
    return (
        State("tick", "good", say.gettext("Paid %(day)s") % {"day": say.day_short(DAY)}),
        State("half", "notice", say.gettext("Part-paid")),
        State("half", "accent", say.gettext("Part-paid")),
        State("clock", "neutral", say.gettext("Open")),
        State("triangle", "notice", say.gettext("Asked for")),
        State("octagon", "bad", say.gettext("Overdue"), say.gettext("since %(day)s") % {"day": say.day_short(DAY)}),
        State("ring", "neutral", say.gettext("Suspended")),
        State("dashed", "neutral", say.gettext("Nothing measured")),
    )


def _fields(prefix: str, say: Language) -> tuple[Field, ...]:
    wrong = say.gettext("Something typed does not fit")
    contract, password = say.gettext("Contract"), say.gettext("Password")
    hint = say.gettext("The account number is at the top of every invoice.")
    return (
        Field(f"{prefix}empty", contract, placeholder="4445/10", required=True),
        Field(f"{prefix}filled", contract, "4445/10", hint=hint),
        Field(f"{prefix}wrong", contract, "4445-10", error=wrong),
        Field(f"{prefix}email", say.gettext("E-mail"), "office1@customer1.example", "email", autocomplete="off"),
        Field(f"{prefix}password", password, kind="password", autocomplete="off"),
        Field(f"{prefix}password-wrong", password, kind="password", error=wrong, autocomplete="off"),
        Field(f"{prefix}date", say.gettext("From"), DAY.isoformat(), "date"),
        _select(f"{prefix}select", say),
        _select(f"{prefix}select-wrong", say, say.gettext("There is no such state.")),
    )


def _groups(prefix: str, say: Language) -> tuple[Choices, ...]:
    paid, any_state = say.gettext("Paid"), say.gettext("Any state")
    wrong = say.gettext("There is no such state.")
    lines = (Choice("1", paid, "", True), Choice("2", any_state, wrong, fixed=True))
    return (
        Choices(f"{prefix}one", say.gettext("State"), lines),
        Choices(f"{prefix}several", say.gettext("State"), lines, several=True),
        Choices(f"{prefix}several-wrong", say.gettext("State"), lines, several=True, error=wrong),
    )


def _select(name: str, say: Language, error: str = "") -> Field:
    options = (Option("", say.gettext("Any state"), True), Option("paid", say.gettext("Paid")))
    return Field(name, say.gettext("State"), kind="select", error=error, options=options)


def _periods(prefix: str, say: Language) -> tuple[Period, ...]:
    month = say.month(DAY)
    wrong = say.gettext("The last day is before the first. Exchange the two.")

    def days(name: str, error: str = "") -> tuple[Field, Field]:
        return (
            Field(f"{prefix}{name}-from", say.gettext("From"), "2026-11-01", "date"),
            Field(f"{prefix}{name}-to", say.gettext("To"), "2026-11-20", "date", error=error),
        )

    presets = (
        Preset(say.gettext("All dates"), ADDRESS, False),
        Preset(say.gettext("This month"), ADDRESS, True),
    )
    return (
        Period(presets, *days("both"), month, ADDRESS, ADDRESS),
        Period((), *days("alone"), say.gettext("All dates")),
        Period(presets, *days("wrong", wrong), month, ADDRESS),
    )
