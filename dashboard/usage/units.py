"""How usage is written: bytes in decimal multiples and bit rates, calls in minutes, meters in their own unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from components.web.language import N_, Language

SCALES = {"kWh": 1_000_000, "m3": 1_000_000, "m2": 1_000_000}
_BYTES = ((10**12, N_("TB")), (10**9, N_("GB")), (10**6, N_("MB")), (10**3, N_("kB")), (1, N_("B")))
_BITS = ((10**9, N_("Gbit/s")), (10**6, N_("Mbit/s")), (10**3, N_("kbit/s")), (1, N_("bit/s")))
_METERS = {"kWh": N_("kWh"), "m3": N_("m³"), "m2": N_("m²")}


@dataclass(frozen=True, slots=True)
class Unit:
    """Divide by ``divisor`` and show ``digits`` decimals."""

    name: str
    divisor: int
    digits: int

    def text(self, value: int | float, say: Language) -> str:
        return say.number(Decimal(value) / self.divisor, self.digits)

    def round_text(self, value: int | float, say: Language) -> str:
        """As ``text``, without decimals where they are zero: for agreed figures."""
        shown = Decimal(value) / self.divisor
        return say.number(shown, 0 if shown == shown.to_integral_value() else self.digits)

    def value(self, value: int | float) -> float:
        return round(value / self.divisor, 6)


def unit_for(unit: str | None, largest: int, say: Language, *, finer: int = 10) -> Unit:
    """The unit in which ``largest`` reads well; ``finer`` than that for a column, whose other rows are smaller."""
    if unit == "bytes":
        divisor, name = next((each for each in _BYTES if abs(largest) >= each[0] * finer), _BYTES[-1])
        return Unit(say.gettext(name), divisor, 1 if divisor > 1 else 0)
    if unit == "seconds":
        return Unit(say.gettext(N_("min")), 60, 1 if abs(largest) < 6000 * 60 else 0)
    return Unit(
        say.gettext(_METERS.get(unit or "", unit or "")),
        SCALES.get(unit or "", 1),
        1 if unit in SCALES else 0,
    )


def rate_unit(largest: float, say: Language) -> Unit:
    """Bits a second in which ``largest`` reads well."""
    divisor, name = next((each for each in _BITS if abs(largest) >= each[0]), _BITS[-1])
    return Unit(say.gettext(name), divisor, 1 if divisor > 1 else 0)


def amount_of(unit: str | None, value: int, say: Language) -> str:
    """A figure with its unit: 28.7 TB, 257 kWh."""
    chosen = unit_for(unit, value, say, finer=1)
    return f"{chosen.text(value, say)}\N{NO-BREAK SPACE}{chosen.name}"


def plain(unit: str | None, value: int) -> str:
    """The form of the exports: whole bytes and seconds, decimals of a meter without trailing zeros."""
    scale = SCALES.get(unit or "", 1)
    if scale == 1:
        return str(value)
    text = f"{Decimal(value) / scale:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
