"""What is wrong with a page to look at, found by measuring it."""

from __future__ import annotations

from functools import cache

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
# Parts right of the window; parts whose text is cut off without an ellipsis; text wider than its cell; cells
# of a row that lie on each other.
# The chart keeps its own order, and what is shown to a screen reader only has no width.
_STICKING_OUT = """() => {
    const shown = (part) => part.checkVisibility() && part.clientWidth > 1 && !part.closest(".chart, .sr");
    const style = (part) => getComputedStyle(part);
    const wider = (part) => part.scrollWidth > part.clientWidth + 1;
    const all = (selector) => Array.from(document.querySelectorAll(selector)).filter(shown);
    const far = document.scrollingElement.scrollWidth > innerWidth
        ? all("body *").filter(part => part.getBoundingClientRect().right > innerWidth + 1) : [];
    const cut = all("main *, .bar *").filter(part => wider(part) && style(part).overflowX === "hidden"
        && style(part).textOverflow !== "ellipsis" && style(part).webkitLineClamp === "none");
    const text = document.createRange();
    const full = all("td:not(:has(.elbow, .guides, .menu)), th, dd, dt, .balance, .bar-figure").filter(part => {
        if (part.closest("thead")?.clientWidth <= 1 || style(part).fontSize === "0px") return false;
        text.selectNodeContents(part);
        const inner = text.getBoundingClientRect(), outer = part.getBoundingClientRect();
        return inner.width && (inner.right > outer.right + 1 || inner.left < outer.left - 1);
    });
    const over = all("tr").flatMap(row => {
        const boxes = Array.from(row.children).filter(shown).map(cell => [cell, cell.getBoundingClientRect()]);
        return boxes.filter(([, a], i) => boxes.slice(i + 1).some(([, b]) =>
            Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)).map(([cell]) => cell);
    });
    return [...far, ...cut, ...full, ...over].map(part => part.outerHTML.slice(0, 160));
}"""
# Links within text may be as high as their line.
_IN_TEXT = ".skip, td, th, .crumbs, p, dd, h2, .contacts, .letter-text, .service-what, .side-person"
_TOO_SMALL = """([least, inText]) => Array.from(
    document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")
).filter(part => part.checkVisibility({visibilityProperty: true}) && !part.closest(inText)).filter(part => {
    const box = (part.closest("label") || part).getBoundingClientRect();
    return box.width > 1 && (box.height < least || box.width < 24);
}).map(part => part.outerHTML.slice(0, 140))"""


def sticking_out(page: Page) -> list[str]:
    """What is wider than the window or than the place it stands in."""
    found: list[str] = page.evaluate(_STICKING_OUT)
    return found


def too_small(page: Page, least: int) -> list[str]:
    """What a finger would miss: lower than ``least`` pixels, or narrower than 24."""
    found: list[str] = page.evaluate(_TOO_SMALL, [least, _IN_TEXT])
    return found


@cache
def _axe() -> str:
    return Axe().axe_script


def axe_finds(page: Page) -> str:
    """What axe finds wrong, a paragraph each; nothing: all is well."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    results = AxeResults(page.evaluate("(rules) => axe.run(document, rules)", _RULES))
    return results.generate_report() if results.violations_count else ""
