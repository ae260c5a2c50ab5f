"""Exports in parts: a whole one drawn at random, and ways of handing it over bit by bit, closed under references."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.support.exports import Export, Row

START = date(2026, 1, 1)
MONTH_END = datetime(2026, 1, 31, 14, tzinfo=UTC)  # usage begins here: the month ends in Almaty at 19:00 UTC
Rows = list[tuple[str, Row]]


@dataclass(frozen=True)
class Unit:
    """What comes whole: a row, or a document with its lines. ``needs`` are the units to which it refers."""

    final: Rows
    draft: Rows
    needs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Part:
    """One export: which units it has, which of them as a draft, and in what order its rows come."""

    chosen: frozenset[int]
    drafts: frozenset[int]
    seed: int


@dataclass(frozen=True)
class Story:
    """Units, and the parts by which they come. The last of ``parts`` brings what the others left open."""

    units: tuple[Unit, ...]
    parts: tuple[Part, ...]

    def whole(self) -> Export:
        everything = frozenset(range(len(self.units)))
        return self._export(Part(everything, frozenset(), 0))

    def exports(self) -> list[Export]:
        known: set[int] = set()
        final: set[int] = set()
        found = []
        for part in self.parts:
            chosen = self._closed(part.chosen, known)
            drafts = part.drafts & chosen
            found.append(self._export(Part(chosen, drafts, part.seed)))
            known |= chosen
            final = (final | chosen) - drafts
        rest = frozenset(range(len(self.units))) - final
        return [*found, self._export(Part(self._closed(rest, known), frozenset(), 1))]

    def _closed(self, chosen: frozenset[int], known: set[int]) -> frozenset[int]:
        found = set(chosen)
        waiting = list(chosen)
        while waiting:
            for need in self.units[waiting.pop()].needs:
                if need not in found and need not in known:
                    found.add(need)
                    waiting.append(need)
        return frozenset(found)

    def _export(self, part: Part) -> Export:
        export = Export()
        export.rows = {file: [] for file in export.rows}
        chosen = [(self.units[each].draft if each in part.drafts else self.units[each].final) for each in part.chosen]
        rows = [row for unit in chosen for row in unit]
        Random(part.seed).shuffle(rows)  # noqa: S311
        for file, row in rows:
            export.rows[file].append(row)
        return export


def _cast() -> list[Unit]:
    """Customers 0 and 1, accounts 2 and 3, contracts 4 and 5, services 6 to 8."""
    cast = Export()
    units = []
    for file, drafts, needs in (
        ("customers", {"city": "Астана"}, ((), ())),
        ("accounts", {"closed_on": "2026-12-31"}, ((0,), (1,))),
        ("contracts", {"status": "ended"}, ((2,), (3,))),
        ("services", {"status": "suspended", "monthly_fee": "1.00"}, ((4,), (5, 6), (5,))),
    ):
        for row, each in zip(cast.rows[file], needs, strict=True):
            units.append(Unit([(file, row)], [(file, {**row, **drafts})], each))
    return units


def _money(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"


def _document(number: str, side: int, drawn: dict[str, Any], corrects: str, shift: int) -> Rows:
    account = f"A{side + 1}"
    net = drawn["net"] + shift
    halves = (net // 3, net - net // 3)
    head = {
        "invoice_number": number,
        "account_number": account,
        "contract_number": f"{account}/10",
        "kind": "correction" if corrects else drawn["kind"],
        "issued_on": str(START + timedelta(drawn["day"])),
        "period_start": "2026-01-01",
        "period_end": "2026-01-31",
        "due_on": str(START + timedelta(drawn["day"] + 20 + shift % 7)),
        "net": _money(net),
        "vat": "0.00",
        "total": _money(net),
        "currency": "KZT",
        "corrects": corrects,
        "file": "",
    }
    lines: Rows = [
        (
            "invoice_lines",
            {
                "invoice_number": number,
                "line": str(place),
                "service_id": "",
                "description": "Связь",
                "quantity": "1",
                "unit": "",
                "unit_price": "",
                "net": _money(amount),
                "vat_rate": "0",
                "vat": "0.00",
                "total": _money(amount),
            },
        )
        for place, amount in enumerate(halves, 1)
    ]
    return [("invoices", head), *lines]


def _payment(number: str, side: int, drawn: dict[str, Any], document: str, shift: int) -> Rows:
    row = {
        "payment_id": number,
        "account_number": f"A{side + 1}",
        "paid_at": f"{START + timedelta(drawn['day'] + shift % 5)}T21:30:00Z",
        "amount": _money(drawn["net"] + shift),
        "currency": "KZT",
        "method": "card",
        "payer": "",
        "reference": "",
        "invoice_number": document,
    }
    return [("payments", row)]


def _interval(service: int, quarter: int, amount: int) -> Rows:
    at = MONTH_END + timedelta(minutes=15 * quarter)
    row = {"service_id": f"S{service + 1}", "started_at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "seconds": "900"}
    return [("usage", {**row, "incoming": str(amount), "outgoing": str(amount // 3)})]


_SOURCE = st.fixed_dictionaries(
    {
        "side": st.integers(0, 1),
        "net": st.integers(-20_000, 90_000),
        "kind": st.sampled_from(("invoice", "one_off", "payment_notice")),
        "day": st.integers(0, 40),
        "names": st.integers(0, 9),  # which document of its account it corrects or pays, if there are so many
        "shift": st.integers(-5_000, 5_000),
    }
)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A cabinet's documents, payments and usage, and up to four partial exports on the way to it."""
    units = _cast()
    numbers: tuple[list[int], list[int]] = ([], [])
    for place, drawn in enumerate(draw(st.lists(_SOURCE, max_size=6))):
        side, number = drawn["side"], f"D{place}"
        named = numbers[side][drawn["names"]] if drawn["names"] < len(numbers[side]) else None
        corrects = units[named].final[0][1]["invoice_number"] if named is not None else ""
        needs = (side + 2, side + 4, *([named] if named is not None else []))
        final, draft = (_document(number, side, drawn, corrects, shift) for shift in (0, drawn["shift"]))
        numbers[side].append(len(units))
        units.append(Unit(final, draft, needs))
    for place, drawn in enumerate(draw(st.lists(_SOURCE, max_size=6))):
        side, number = drawn["side"], f"P{place}"
        named = numbers[side][drawn["names"] % 4] if drawn["names"] % 4 < len(numbers[side]) else None
        document = units[named].final[0][1]["invoice_number"] if named is not None else ""
        needs = (side + 2, *([named] if named is not None else []))
        draft = _payment(number, side, drawn, "" if drawn["shift"] % 2 else document, drawn["shift"])
        units.append(Unit(_payment(number, side, drawn, document, 0), draft, needs))
    quarters = st.tuples(st.integers(0, 2), st.integers(0, 40))
    for service, quarter in draw(st.lists(quarters, max_size=10, unique=True)):
        amounts = draw(st.tuples(st.integers(0, 1000), st.integers(0, 1000)))
        final, draft = (_interval(service, quarter, amount) for amount in amounts)
        units.append(Unit(final, draft, (service + 6,)))
    some = st.frozensets(st.integers(0, len(units) - 1))
    parts = draw(st.lists(st.builds(Part, some, some, st.integers(0, 99)), min_size=1, max_size=4))
    return Story(tuple(units), tuple(parts))
