"""The operator's accent as a style sheet, corrected where its contrast would fail.

An accent is used as text, as a button under white (or dark) text and on its own wash, in two themes. It is
moved in lightness only, by as little as it takes to keep 4.5 to 1 everywhere it is read (WCAG 1.4.3).
"""

from __future__ import annotations

import colorsys
import hashlib
from dataclasses import dataclass
from functools import cache

from components.data.operator import Brand

Colour = tuple[float, float, float]
ENOUGH = 4.5
_LIGHT_PAGES = ("#fcfcfb", "#ffffff", "#f3f5f3", "#eff3f2")
_DARK_PAGES = ("#0f1415", "#161c1d", "#0a0e0f", "#1a2223")


def parse(text: str) -> Colour:
    """``#rrggbb`` → red, green, blue from 0 to 1."""
    return int(text[1:3], 16) / 255, int(text[3:5], 16) / 255, int(text[5:7], 16) / 255


def text_of(colour: Colour) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


def _luminance(colour: Colour) -> float:
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two ``#rrggbb`` colours."""
    first, second = sorted((_luminance(parse(one)), _luminance(parse(other))), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _mix(colour: str, page: str, share: float) -> str:
    a, b = parse(colour), parse(page)
    return text_of((_blend(a[0], b[0], share), _blend(a[1], b[1], share), _blend(a[2], b[2], share)))


def _blend(a: float, b: float, share: float) -> float:
    return a * share + b * (1 - share)


def _lightness(colour: str, value: float) -> str:
    hue, _, saturation = colorsys.rgb_to_hls(*parse(colour))
    return text_of(colorsys.hls_to_rgb(hue, value, saturation))


def corrected(accent: str, pages: tuple[str, ...], wash_share: float, darker: bool) -> str:
    """``accent``, darkened or lightened step by step until it reads on every page colour and on its own wash."""
    lightness = colorsys.rgb_to_hls(*parse(accent))[1]
    for _ in range(101):
        shown = _lightness(accent, min(1.0, max(0.0, lightness)))
        if all(contrast(shown, on) >= ENOUGH for on in (*pages, _mix(shown, pages[0], wash_share))):
            return shown
        lightness += -0.01 if darker else 0.01
    return "#000000" if darker else "#ffffff"


def _tokens(accent: str, page: str, wash_share: float, dark: bool) -> dict[str, str]:
    on_accent = max(("#ffffff", "#05232a", "#000000"), key=lambda each: contrast(each, accent))
    if not dark and contrast("#ffffff", accent) >= ENOUGH:
        on_accent = "#ffffff"
    return {
        "--accent": accent,
        "--on-accent": on_accent,
        "--accent-wash": _mix(accent, page, wash_share),
        "--spine": _mix(accent, page, 0.4),
        "--chart-in": accent if not dark else _mix(accent, page, 0.62),
        "--chart-in-peak": _mix(accent, page, 0.28),
    }


@dataclass(frozen=True, slots=True)
class SheetColours:
    accent: str
    spine: str
    wash: str


@cache
def sheet_colours(brand: Brand) -> SheetColours:
    """The accent on white paper, its lines and its wash."""
    accent = corrected(brand.accent, ("#ffffff",), 0.08, True)
    return SheetColours(accent, _mix(accent, "#ffffff", 0.4), _mix(accent, "#ffffff", 0.08))


def _both(brand: Brand) -> tuple[dict[str, str], dict[str, str]]:
    light = _tokens(corrected(brand.accent, _LIGHT_PAGES, 0.1, True), _LIGHT_PAGES[0], 0.1, False)
    dark_accent = brand.accent_dark or _lightness(brand.accent, 0.68)
    return light, _tokens(corrected(dark_accent, _DARK_PAGES, 0.18, False), _DARK_PAGES[0], 0.18, True)


@dataclass(frozen=True, slots=True)
class LetterColours:
    accent: str
    on_accent: str
    dark_accent: str
    on_dark_accent: str


@cache
def letter_colours(brand: Brand) -> LetterColours:
    """For letters, where there are no custom properties: the accent in both themes, and what reads on it."""
    light, dark = _both(brand)
    return LetterColours(light["--accent"], light["--on-accent"], dark["--accent"], dark["--on-accent"])


@cache
def brand_css(brand: Brand) -> str:
    """Both themes' tokens. Follows the system unless the page, or a part of it, says otherwise by ``data-theme``."""
    light, dark = _both(brand)

    def block(selector: str, tokens: dict[str, str]) -> str:
        return selector + " { " + " ".join(f"{name}: {value};" for name, value in tokens.items()) + " }"

    return "\n".join(
        (
            block(":root, :where([data-theme=light])", light),
            "@media (prefers-color-scheme: dark) { " + block(":root:not([data-theme=light])", dark) + " }",
            block(":root[data-theme=dark], :where([data-theme=dark])", dark),
            "",
        )
    )


@cache
def brand_href(brand: Brand) -> str:
    """The style sheet's address, with its content's hash."""
    return "/brand.css?v=" + hashlib.sha256(brand_css(brand).encode()).hexdigest()[:16]
