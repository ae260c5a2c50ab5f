"""A keyboard and nothing else: from wherever the focus is on, by Tab, Shift+Tab, the arrows, Space and Enter.

Nothing is focused by a script, so what a story reaches it reaches in the page's own order; and at every stop on the way
one sees where one is.
"""

from __future__ import annotations

from typing import Literal

from playwright.sync_api import Locator, Page, expect

MOST = 120  # stops on the way to anything
# Whether one sees where the focus is: a ring is drawn, and the part lies in the window with nothing over it.
SEEN = """() => {
    const part = document.activeElement, box = part.getClientRects()[0] || part.getBoundingClientRect();
    const ringed = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const drawn = [part, part.closest("label")].filter(Boolean).flatMap(
        (each) => [getComputedStyle(each), getComputedStyle(each, "::after")]);
    const [x, y] = [box.left + Math.min(box.width, 40) / 2, box.top + Math.min(box.height, 20) / 2];
    const at = document.elementFromPoint(x, y);
    return {
        name: part.outerHTML.slice(0, 160),
        ringed: drawn.some(ringed),
        open: Boolean(at && (part.contains(at) || (at.contains(part) && at.matches("label, summary")))),
    };
}"""
_THERE = """(wanted) => {
    const part = document.activeElement;
    return part === wanted || (wanted.type === "radio" && part.type === "radio" && part.name === wanted.name);
}"""
_NOWHERE = "document.activeElement === document.body"


def tab_to(what: Locator, key: Literal["Tab", "Shift+Tab"] = "Tab") -> None:
    """On to this part, or for one of several radio buttons to their group; backwards with Shift."""
    passed: list[str] = []
    while not what.evaluate(_THERE):
        assert len(passed) < MOST, passed
        what.page.keyboard.press(key)
        assert not what.page.evaluate(_NOWHERE), f"past the end of the page, by {passed}"
        passed.append(see(what.page))


def see(page: Page) -> str:
    """What has the focus, in its markup; one sees that it has."""
    stop = page.evaluate(SEEN)
    assert stop["ringed"], f"one does not see where one is: {stop['name']}"
    assert stop["open"], f"out of sight: {stop['name']}"
    return str(stop["name"])


def press(what: Locator) -> None:
    """A link or a button."""
    tab_to(what)
    what.page.keyboard.press("Enter")


def tick(what: Locator) -> None:
    """Turns a check box; chooses a radio button by the arrows."""
    tab_to(what)
    if what.get_attribute("type") != "radio":
        what.page.keyboard.press("Space")
        return
    for _ in range(MOST):
        if what.is_checked():
            break
        what.page.keyboard.press("ArrowDown")
    expect(what).to_be_focused()


def write(what: Locator, text: str) -> None:
    tab_to(what)
    what.page.keyboard.press("ControlOrMeta+a")
    what.page.keyboard.type(text)
