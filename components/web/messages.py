"""The catalogues' upkeep: ``python -m components.web.messages extract|check``.

``extract`` collects every text of the sources into the four catalogues; ``check`` names what is missing or
wrong in them. Works in a checkout only, where the sources lie beside the catalogues.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as extract_messages
from babel.messages.extract import extract_python
from babel.messages.pofile import PoFileError, read_po, write_po
from jinja2.ext import babel_extract

from components.data.places import LOCALE, TEMPLATES
from components.web.language import DOMAIN

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("components", "users", "billing", "dashboard")
PLURALS = {
    "en": "nplurals=2; plural=(n != 1);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "kk": "nplurals=2; plural=(n != 1);",
    "hu": "nplurals=2; plural=(n != 1);",
}
CODES = tuple(PLURALS)
# English is what the sources say; Russian has to be whole; the others never fall behind what they once had.
SOURCE, WHOLE = "en", frozenset({"en", "ru"})
FLOORS = LOCALE / "floors.json"
_TEMPLATES = (".html", ".txt")  # pages and letters
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "NC_": ((1, "c"), 2),
}
_JINJA = {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one language's catalogue; ``message`` is empty where it is the file as a whole."""

    code: str
    message: str
    reason: str

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}" + (f": {self.message!r}" if self.message else "")


# What the sources say


def sources() -> Iterator[Path]:
    """Every file that may hold texts, in a stable order."""
    for room in ROOMS:
        yield from (each for each in sorted((ROOT / room).rglob("*.py")) if "migrations" not in each.parts)
    yield from sorted(each for each in TEMPLATES.rglob("*") if each.suffix in _TEMPLATES)


def collect(files: Iterator[Path] | None = None) -> Catalog:
    """Every text of the sources with the files that use it."""
    found = Catalog()
    for path in sources() if files is None else files:
        in_template = path.suffix in _TEMPLATES
        method: Callable[..., Any] = babel_extract if in_template else extract_python
        options = _JINJA if in_template else {}
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        with path.open("rb") as file:
            for _line, texts, _comments, context in extract_messages(method, file, keywords=_KEYWORDS, options=options):
                found.add(texts, locations=[(name, 0)], context=context)
    return found


def messages(catalog: Catalog) -> list[Message]:
    """The texts of a catalogue, without its header, by their text."""
    return sorted((each for each in catalog if each.id), key=_key)


def _text(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def _key(message: Message) -> tuple[str, str]:
    """What tells it from the others: the same text may be said otherwise in a certain place, its context."""
    return _text(message), message.context or ""


def _named(message: Message) -> str:
    return f"{message.context}: {_text(message)}" if message.context else _text(message)


def forms(message: Message) -> tuple[str, ...]:
    """The translation: one text, or one for each plural form."""
    if isinstance(message.string, str):
        return (message.string,)
    return tuple(message.string or ())


def translated(message: Message) -> bool:
    return all(forms(message))


def placeholders(text: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(text))


# The catalogues


def catalogue_path(code: str) -> Path:
    return LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(code: str) -> Catalog:
    with catalogue_path(code).open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def written(code: str, known: Catalog, found: Catalog) -> bytes:
    """The catalogue of ``code``: exactly the texts in ``found``, each with its translation out of ``known``."""
    made = Catalog(locale=code)
    made.mime_headers = [("Plural-Forms", PLURALS[code])]
    for source in messages(found):
        made.add(
            source.id,
            _kept(code, source, known.get(_text(source), source.context)),
            context=source.context,
            locations=[(name, 0) for name in sorted({name for name, _line in source.locations})],
        )
    body = io.BytesIO()
    write_po(body, made, width=110, omit_header=True, sort_output=True, include_lineno=False)
    head = (
        'msgid ""\nmsgstr ""\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {code}\\n"\n'
        f'"Plural-Forms: {PLURALS[code]}\\n"\n\n'
    )
    return head.encode() + body.getvalue().strip() + b"\n"


def _kept(code: str, source: Message, before: Message | None) -> str | tuple[str, ...]:
    """A translation that still belongs to its text, else an empty one: nothing is guessed."""
    if code == SOURCE:
        return source.id if isinstance(source.id, str) else tuple(source.id)
    if before is not None and before.id == source.id and not before.fuzzy:
        return forms(before) if source.pluralizable else forms(before)[0]
    return ("",) * _count(code) if source.pluralizable else ""


def _count(code: str) -> int:
    return int(PLURALS[code].removeprefix("nplurals=")[0])


def extract() -> dict[str, int]:
    """Brings every catalogue up to the sources and raises the floors; returns how many are translated."""
    found = collect()
    counts = {}
    for code in CODES:
        catalogue_path(code).write_bytes(written(code, read(code), found))
        counts[code] = sum(translated(each) for each in messages(read(code)))
    total, before = len(messages(found)), floors()
    raised = {code: max(counts[code], min(before.get(code, 0), total)) for code in sorted(CODES) if code not in WHOLE}
    FLOORS.write_text(json.dumps(raised, indent=2) + "\n", encoding="utf-8")
    return counts


def floors() -> dict[str, int]:
    """How many translations each language that need not be whole has had at best."""
    if not FLOORS.exists():
        return {}
    known: dict[str, int] = json.loads(FLOORS.read_text(encoding="utf-8"))
    return known


def check() -> list[Fault]:
    """Everything that is wrong with the catalogues."""
    found = collect()
    faults: list[Fault] = []
    for code in CODES:
        try:
            known = read(code)
        except (OSError, PoFileError, ValueError) as error:
            faults.append(Fault(code, "", f"can't be read: {error}"))
            continue
        faults.extend(compare(code, known, found, floors().get(code, 0)))
    return faults


def compare(code: str, known: Catalog, found: Catalog, floor: int) -> Iterator[Fault]:
    """What is wrong with one catalogue, seen against the texts of the sources."""
    wanted = {_named(each): each for each in messages(found)}
    listed = {_named(each): each for each in messages(known)}
    if known.plural_forms.rstrip(";") != PLURALS[code].rstrip(";"):
        yield Fault(code, "", "its Plural-Forms header is not the language's")
    for text in wanted.keys() - listed.keys():
        yield Fault(code, text, "missing; run extract")
    for text in [*(listed.keys() - wanted.keys()), *(_named(each) for each in known.obsolete.values())]:
        yield Fault(code, text, "obsolete; run extract")
    done = 0
    for text, source in sorted(wanted.items()):
        if text not in listed:
            continue
        message = listed[text]
        if message.id != source.id:
            yield Fault(code, text, "its plural is another one in the sources; run extract")
            continue
        if message.fuzzy:
            yield Fault(code, text, "fuzzy: translate it and take the mark away")
        done += translated(message)
        if not translated(message) and code in WHOLE:
            yield Fault(code, text, "not translated")
        yield from _wrong_forms(code, message, source)
    if done < min(floor, len(wanted)):
        yield Fault(code, "", f"{done} texts are translated; there were {floor}")


def _wrong_forms(code: str, message: Message, source: Message) -> Iterator[Fault]:
    text = _named(message)
    if message.pluralizable and len(forms(message)) != _count(code):
        yield Fault(code, text, f"has {len(forms(message))} plural forms; the language has {_count(code)}")
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    names = frozenset().union(*(placeholders(each) for each in ids))
    formatted = bool(names) or any(name.endswith(_TEMPLATES) for name, _line in source.locations)
    for form in forms(message):
        if not form:
            continue
        if placeholders(form) != names:
            yield Fault(code, text, f"other placeholders in {form!r}")
        if formatted and "%" in _PLACEHOLDER.sub("", form).replace("%%", ""):
            yield Fault(code, text, f"a bare % in {form!r}: write %%")
        if code == SOURCE and form not in ids:
            yield Fault(code, text, "differs from its source; change it there and run extract")


def main(arguments: Sequence[str]) -> int:
    if list(arguments) == ["extract"]:
        total = len(messages(collect()))
        for code, n in extract().items():
            sys.stdout.write(f"{code}: {n} of {total} translated\n")
        return 0
    if list(arguments) == ["check"]:
        faults = check()
        for fault in faults:
            sys.stderr.write(f"{fault}\n")
        if faults:
            sys.stderr.write(f"{len(faults)} faults in the catalogues\n")
        return 1 if faults else 0
    sys.stderr.write("usage: python -m components.web.messages extract|check\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
