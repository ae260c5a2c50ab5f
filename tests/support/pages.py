"""Reading a page the way a person does: its elements, what they say, which field an error belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_BLANKS = re.compile(r"[ \t\r\n]+")  # a no-break space is a letter of ours and stays
_PART = re.compile(r"([a-z0-9-]+|\*)?((?:#[\w-]+|\.[\w-]+|\[[\w-]+(?:=[^\]]*)?\])*)")
_SIMPLE = re.compile(r"#[\w-]+|\.[\w-]+|\[[\w-]+(?:=[^\]]*)?\]")


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says, blanks run together."""
        return _BLANKS.sub(" ", "".join(self._texts())).strip()

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag == "small":  # the hundredths of an amount: one word with what stands before
                yield from child._texts()
            elif child.tag not in ("script", "style", "template", "wbr"):
                yield " "
                yield from child._texts()
                yield " "

    def walk(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def all(self, selector: str) -> list[Element]:
        """Elements by tag, ``#id``, ``.class``, ``[name]``, ``[name=value]``; a blank means: somewhere within."""
        found = [self]
        for part in selector.split():
            inside: dict[int, Element] = {}
            for outer in found:
                for each in outer.walk():
                    if each.fits(part):
                        inside[id(each)] = each
            found = list(inside.values())
        return found

    def one(self, selector: str) -> Element:
        found = self.all(selector)
        assert len(found) == 1, f"{len(found)} of {selector}"
        return found[0]

    def has(self, selector: str) -> bool:
        return bool(self.all(selector))

    def fits(self, part: str) -> bool:
        match = _PART.fullmatch(part)
        assert match, part
        if match[1] not in (None, "*", self.tag):
            return False
        return all(self._fits(each) for each in _SIMPLE.findall(match[2]))

    def _fits(self, simple: str) -> bool:
        if simple[0] == "#":
            return self.get("id") == simple[1:]
        if simple[0] == ".":
            return simple[1:] in self.get("class").split()
        name, separator, value = simple[1:-1].partition("=")
        return name in self.attributes and (not separator or self.attributes[name] == value)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("page")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"<{self.open[-1].tag}> is closed by </{tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(markup: str) -> Element:
    """The tree of a page or a fragment. An element that is not closed where it should be is an error."""
    builder = _Builder()
    builder.feed(markup)
    builder.close()
    assert len(builder.open) == 1, f"<{builder.open[-1].tag}> is never closed"
    return builder.root


def table(page: Element, selector: str = "table") -> list[list[str]]:
    """The rows of a table's body, each cell's text."""
    body = page.one(selector)
    return [
        [cell.text for cell in row.children if isinstance(cell, Element)]
        for part in body.all("tbody")
        for row in part.all("tr")
    ]


def error_beside(page: Element, name: str) -> str:
    """The message that the field ``name`` points to with aria-describedby; the field is marked invalid."""
    control = page.one(f"[name={name}][aria-invalid=true]")
    described = control["aria-describedby"].split()
    return " ".join(page.one(f"#{each}").text for each in described)
