"""Whatever accent an operator has, it reads."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from components.data.operator import Brand
from components.ui.brand import brand_css, brand_href, contrast

ENOUGH = 4.5  # WCAG 2.2, 1.4.3
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
PAGES = {"light": ("#fcfcfb", "#ffffff"), "dark": ("#0f1415", "#161c1d")}


def _tokens(css: str) -> dict[str, dict[str, str]]:
    blocks = re.findall(r"(:root[^{]*)\{([^}]*)\}", css)
    named = {"light": blocks[0][1], "dark by system": blocks[1][1], "dark": blocks[2][1]}
    return {name: dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", block)) for name, block in named.items()}


@given(accent=COLOURS, dark=st.none() | COLOURS)
@example(accent="#ffffff", dark="#000000")
@example(accent="#000000", dark="#ffffff")
@example(accent="#ffff00", dark=None)
@example(accent="#808080", dark="#808080")
@example(accent="#0a5a6b", dark="#79cbda")
def test_every_accent_reads_on_every_page_on_its_wash_and_under_its_own_words(accent: str, dark: str | None) -> None:
    found = _tokens(brand_css(Brand(name="X", accent=accent, accent_dark=dark)))
    assert found["dark by system"] == found["dark"]
    for theme, pages in PAGES.items():
        tokens = found[theme]
        for page in (*pages, tokens["--accent-wash"]):
            assert contrast(tokens["--accent"], page) >= ENOUGH, (theme, page)
        assert contrast(tokens["--on-accent"], tokens["--accent"]) >= ENOUGH, theme


def test_an_accent_that_reads_is_left_alone() -> None:
    found = _tokens(brand_css(Brand(name="X", accent="#0a5a6b", accent_dark="#79cbda")))
    assert found["light"]["--accent"] == "#0a5a6b"
    assert found["dark"]["--accent"] == "#79cbda"


def test_an_accent_that_does_not_read_keeps_its_hue() -> None:
    accent = _tokens(brand_css(Brand(name="X", accent="#ffd400")))["light"]["--accent"]
    red, green, blue = (int(accent[place : place + 2], 16) for place in (1, 3, 5))
    assert red > green > blue


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#123456", "#123456", 1.0)]
)
def test_contrast_is_the_standards(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.01)


def test_the_address_changes_with_the_accent() -> None:
    assert brand_href(Brand(name="X", accent="#0a5a6b")) != brand_href(Brand(name="X", accent="#0a5a6c"))
