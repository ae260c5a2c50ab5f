"""Jinja2, one environment a language: texts, icons and addresses are bound once, not at every page."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

import jinja2
from lucide.jinja import lucide
from markupsafe import Markup, escape

from components.data.places import TEMPLATES
from components.web.assets import asset
from components.web.language import language_of


def _attributes(cls: str) -> dict[str, Any]:
    return {"class": cls, "aria-hidden": "true", "focusable": "false"}


@lru_cache(maxsize=256)
def icon(name: str, cls: str = "icon") -> Markup:
    """A Lucide icon as inline SVG, hidden from screen readers: a word always stands beside it."""
    # The markup comes out of the installed package, never from people.
    return Markup(lucide(name, size=24, **_attributes(cls)))  # noqa: S704


_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_AFTER = re.compile(r"(?<=[@.])(?=.)")


def breakable(text: str) -> Markup:
    """The text, its e-mails ready to go on in the next line behind their ``@`` or a dot, and not in mid-word."""
    return Markup(_ADDRESS.sub(_with_breaks, str(escape(text))))  # noqa: S704  # what was typed is escaped


def _with_breaks(found: re.Match[str]) -> str:
    return "<wbr>".join(_AFTER.split(found[0]))


@cache
def environment(code: str) -> jinja2.Environment:
    """The templates in one language. A name that a template uses and nobody gave is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        auto_reload=False,
    )
    language = language_of(code)
    made.install_gettext_callables(  # type: ignore[attr-defined]
        language.gettext, language.ngettext, newstyle=True
    )
    made.filters["breakable"] = breakable
    made.globals.update(icon=icon, asset=asset, language=language)
    return made


def render(code: str, name: str, context: dict[str, Any]) -> str:
    """The template ``name`` in the language ``code``."""
    return environment(code).get_template(name).render(context)
