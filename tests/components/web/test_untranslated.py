"""No word reaches a reader past the catalogues: not out of a template, not out of Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from components.data.places import TEMPLATES
from components.web.messages import ROOMS, ROOT

_LETTERS = re.compile(r"[^\W\d_]")
_CAPITAL = re.compile(r"[^\W\d_a-zа-яё]")

# Templates

_SAID_ATTRIBUTES = frozenset({"title", "aria-label", "aria-description", "alt", "placeholder", "label", "summary"})
_ATTRIBUTE = re.compile(r'([\w-]+)="[^"]*"')
_UNREAD = frozenset({"script", "style", "svg", "template"})
_HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands for what an expression prints
_ENVIRONMENT = jinja2.Environment(  # noqa: S701  # parses, never renders
    extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"]
)


def said_in_template(source: str) -> list[str]:
    """Texts that a template says itself: its markup with a hole for every expression, read as HTML."""
    tree = _ENVIRONMENT.parse(source)
    reader = _Reader()
    reader.feed("".join(_markup(tree)))
    reader.close()
    handed = [
        text
        for outer in tree.find_all((nodes.Assign, nodes.For))
        for text in _literals(outer.node if isinstance(outer, nodes.Assign) else outer.iter)
        if _CAPITAL.match(text)
    ]
    return reader.said + handed


def _markup(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Output):
        for part in node.nodes:
            if isinstance(part, nodes.TemplateData):
                yield part.data
            else:
                yield from _literals(part)
                yield _HOLE
        return
    for child in node.iter_child_nodes():
        yield from _markup(child)


def _literals(node: nodes.Node) -> Iterator[str]:
    """Strings that an expression may print as they stand; what goes into a call or a look-up is not printed."""
    if isinstance(node, nodes.Const):
        if isinstance(node.value, str):
            yield node.value
    elif not isinstance(node, nodes.Call | nodes.Filter | nodes.Getitem | nodes.Getattr | nodes.Compare | nodes.Test):
        for child in node.iter_child_nodes():
            yield from _literals(child)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.unread: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self.unread.append(tag)
        for name, value in attrs:
            if not value or not _LETTERS.search(value):
                continue
            # What a script is to say travels in data-…: words, not names of things.
            said = name in _SAID_ATTRIBUTES or (name.startswith("data-") and (" " in value or _CAPITAL.match(value)))
            if said:
                self.said.append(f"{name}={value}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNREAD:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.unread and tag == self.unread[-1]:
            self.unread.pop()

    def handle_data(self, data: str) -> None:
        # A macro may print attributes of a tag that stands elsewhere.
        data = _ATTRIBUTE.sub(lambda found: found[0] if found[1] in _SAID_ATTRIBUTES else "", data)
        data = re.sub(f"{_HOLE}/[a-z/-]+", "", data)  # the rest of an address
        if not self.unread and _LETTERS.search(data):
            self.said.append(" ".join(data.split()))


_TEMPLATES = sorted(each for each in TEMPLATES.rglob("*") if each.suffix in {".html", ".txt"})


@pytest.mark.parametrize("path", _TEMPLATES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_templates_say_nothing_themselves(path: Path) -> None:
    assert said_in_template(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        "<p>{{ name }}, привет</p>",
        "<p>{{ 'Yes' if name else '' }}</p>",
        "<p>{{ _('Total') ~ ' so far' }}</p>",
        "{% if name %}<b{% if bold %} class='b'{% endif %}>Name: {{ name }}</b>{% endif %}",
        '<a href="/" title="Go home">{{ icon("x") }}</a>',
        '<input placeholder="Number {{ n }}">',
        "<img alt=\"{{ 'Logo' }}\">",
        '<div data-offline="No connection"></div>',
        "{% set word = 'Total' %}<p>{{ word }}</p>",
        "{% for title, rows in [('Past', rows)] %}<h2>{{ title }}</h2>{% endfor %}",
        "{% macro m(x) %}<i>More</i>{% endmacro %}",
    ],
)
def test_a_template_that_says_something_is_found(source: str) -> None:
    assert said_in_template(source) != []


@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ _('Hello') }}</p>",
        "<p>{% trans %}Hello{% endtrans %}</p>",
        "<p class=\"a{{ ' has-error' if error }}\">{{ icon('search', 'icon') }} · 4445/11 &nbsp;</p>",
        "<svg viewBox=\"0 0 1 1\"><text>A</text></svg><script>let a = 'Word';</script>",
        "{% set here = frame.here.split('A')[0] %}{% set shown = {'tick': tick} %}<b data-reveal data-role=\"in\"></b>",
        '<span lang="{{ code }}" title="{{ item.text }}">{{ item.text }}</span>',
    ],
)
def test_a_template_that_only_lays_out_is_not(source: str) -> None:
    assert said_in_template(source) == []


# Python

_SPEAKERS = re.compile(r"from components\.(web\.language import .*\b(Language|N_|language_of)\b|ui\.parts import)")
_WORDS = re.compile(r"[^\W\d_]{2,}[,.;:]? [^\W\d_]{2,}|^\s*[A-ZА-ЯЁ][a-zа-яё]{2,}[.:!?…]?\s*$")
_TRANSLATE = frozenset({"_", "N_", "NC_", "gettext", "ngettext", "pgettext"})
_ANYWHERE = {
    "UTC",
    "HX-Request, Accept-Language, Cookie",
    "HX-Request, Accept, Accept-Language, Cookie",
    "unable to open",
    "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh sch y e yu ya a g k n o u u h i",
}  # the same in every language, or read by no person
_UNSAID = frozenset({"log", "debug", "info", "warning", "error", "exception", "note", "route", "compile"})


def speakers() -> list[Path]:
    """Modules that make what readers see: they use the language or the parts of pages."""
    found = []
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts and _SPEAKERS.search(path.read_text(encoding="utf-8")):
                found.append(path)
    return found


def said_in_python(source: str) -> list[str]:
    """Texts that look like words for people and are not handed to the language; and those it can't look up."""
    finder = _Finder()
    finder.visit(ast.parse(source))
    return finder.said


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


class _Finder(ast.NodeVisitor):
    def __init__(self) -> None:
        self.said: list[str] = []

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node)
        if name in _TRANSLATE:
            # A text put together on the way can't be in a catalogue.
            texts = node.args[1:2] if name in ("NC_", "pgettext") else node.args[: 2 if name == "ngettext" else 1]
            self.said += [ast.unparse(each) for each in texts if isinstance(each, ast.JoinedStr | ast.BinOp)]
        elif name not in _UNSAID:
            self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        """A key is looked up by, not read."""
        for each in node.values:
            self.visit(each)

    def visit_Raise(self, node: ast.Raise) -> None:
        """What is raised goes to a log or a terminal."""

    def visit_Assert(self, node: ast.Assert) -> None:
        """What is asserted is ours."""

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # else a docstring
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and _WORDS.search(node.value) and not _is_sql(node.value):
            self.said += [] if node.value in _ANYWHERE else [node.value]

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        printed = [each.value for each in node.values if isinstance(each, ast.Constant)]
        text = _HOLE.join(str(each) for each in printed)
        for same in _ANYWHERE:
            text = text.replace(same, "")
        worded = _WORDS.search(text) or re.search(r"(^|[\s(])[^\W\d_]{2,} ?\uFFFC|\uFFFC? [^\W\d_]{2,}", text)
        if worded and not _is_sql(text) and not re.match(r"\s*[/#?]", text):
            self.said.append(ast.unparse(node))
        for each in node.values:
            if isinstance(each, ast.FormattedValue):
                self.visit(each.value)


def _is_sql(text: str) -> bool:
    return bool(re.match(r"\s*((SELECT|WITH|INSERT|UPDATE|DELETE|FROM|WHERE|AND|JOIN|ORDER|LEFT)\b|\w+ = )", text))


@pytest.mark.parametrize("path", speakers(), ids=lambda path: str(path.relative_to(ROOT)))
def test_python_says_nothing_past_the_language(path: Path) -> None:
    assert said_in_python(path.read_text(encoding="utf-8")) == []


def test_every_page_module_is_looked_at() -> None:
    looked = {path.relative_to(ROOT).as_posix() for path in speakers()}
    for room in ROOMS[1:]:
        for name in ("display", "words", "forms"):
            listed = {path.relative_to(ROOT).as_posix() for path in (ROOT / room).rglob(f"{name}.py")}
            assert listed <= looked
    assert {"components/web/errors.py", "dashboard/navigation.py", "dashboard/overview/building.py"} <= looked


@pytest.mark.parametrize(
    "source",
    [
        'Field("q", "Search")',
        'Empty("No documents yet.")',
        'view(title=f"Invoice {number}")',
        'view(title=f"{n} documents")',
        'WORDS = {"open": "Open"}',
        'say.gettext(f"Paid {day}")',
        'say.gettext("Paid " + day)',
        'say.gettext("Paid %s" % day)',
        'Option("", "Любое состояние")',
        'State("tick", "good", word if word else "Paid")',
    ],
)
def test_python_that_says_something_is_found(source: str) -> None:
    assert said_in_python(source) != []


@pytest.mark.parametrize(
    "source",
    [
        'Field("q", say.gettext("Search"), "search")',
        'WORDS = {"open": N_("Open")}',
        'say.gettext("Paid %(day)s") % {"day": day}',
        'say.ngettext("%(n)s payment", "%(n)s payments", n)',
        'raise ValueError("No such thing at all")',
        'log.warning("database away", error="Some Error")',
        'def f():\n    """A sentence about it."""',
        'f"{each.number}, {each.customer}"',
        'f"/services/{number}"',
        'f"{local:%H:%M}"',
        'QUERY = "SELECT number FROM account"',
    ],
)
def test_python_that_asks_the_language_is_not(source: str) -> None:
    assert said_in_python(source) == []
