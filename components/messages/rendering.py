"""Texts of a message, out of its templates, in the receiver's language.

What people typed reaches a template as a value and is never read as a template. In text it is made one line, so that
a name can't write a paragraph of its own; in HTML it is escaped as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jinja2

from components.jobs.work import House
from components.ui.brand import letter_colours
from components.web.templates import environment

LONGEST_SUBJECT = 200
# They turn the direction of what follows, beyond the name they stand in.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Texts:
    subject: str
    text: str
    html: str


def letter_texts(house: House, language: str, template: str, facts: Mapping[str, Any]) -> Texts:
    """The letter's three texts; the subject is one line."""
    given = _given(house, facts)
    subject = one_line(_plain(language).get_template(f"{template}.subject.txt").render(given))
    if len(subject) > LONGEST_SUBJECT:
        subject = subject[: LONGEST_SUBJECT - 1].rstrip() + "…"
    given = {**given, "subject": subject}
    return Texts(
        subject,
        _tidy(_plain(language).get_template(f"{template}.txt").render(given)),
        environment(language).get_template(f"{template}.html").render(given),
    )


def short_text(house: House, language: str, template: str, facts: Mapping[str, Any]) -> str:
    """The text of an SMS."""
    return _plain(language).get_template(f"{template}.sms.txt").render(_given(house, facts)).strip()


def one_line(text: str) -> str:
    """``text`` without line breaks or other control characters."""
    kept = (" " if unicodedata.category(each) in ("Cc", "Zl", "Zp") else each for each in text if each not in _TURNING)
    return re.sub(" {2,}", " ", "".join(kept)).strip()


def _given(house: House, facts: Mapping[str, Any]) -> dict[str, Any]:
    ours = {
        "operator": house.operator,
        "base_url": house.settings.base_url,
        "colours": letter_colours(house.operator.brand),
    }
    taken = {*ours, "subject"} & set(facts)
    if taken:
        raise ValueError(f"a letter's own facts can't be called {', '.join(sorted(taken))}")
    return ours | {name: one_line(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}


@cache
def _plain(language: str) -> jinja2.Environment:
    """For texts that are no HTML: an ampersand stays one."""
    return environment(language).overlay(autoescape=False)


def _tidy(text: str) -> str:
    """No spaces at the ends of lines, never two empty lines, one line break at the end."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        line = line.rstrip()
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"
