"""A reader's language: its words, and how its people write dates, numbers and money.

``Language`` is a value handed to whoever formats. Catalogues are read from their ``.po`` files at start, so
there is nothing to compile and nothing to go stale.
"""

from __future__ import annotations

import gettext as gettext_module
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, get_timezone_location
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol

from components.data.places import LOCALE
from components.ui.parts import Amount

DOMAIN = "kabinet"
MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"
# British English: day before month, as the rest of our readers write it.
_LOCALES = {"en": "en_GB", "ru": "ru_RU", "kk": "kk_KZ", "hu": "hu_HU"}
# Currencies whose people write no decimals; they are shown all the same where there are any.
_WHOLE = frozenset({"HUF"})


def N_(message: str) -> str:
    """Marks a text for the catalogues where it is defined; it is translated where it is shown."""
    return message


def NC_(context: str, message: str) -> str:
    """Marks a text that is said otherwise in a certain place: ``NC_("column", "Usage")`` heads a narrow column."""
    return message


_SHORT_WORD = re.compile(r"((?<!\w)[^\W\d_]{1,3}|№) (?=\d)")
_PLACES = re.compile(r"%\(\w+\)s")


def _catalogue(code: str) -> Catalog:
    path = LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as file:
        return read_po(file, locale=code)


def _translations(catalogue: Catalog) -> gettext_module.GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext_module.GNUTranslations(compiled)


def _terms(catalogue: Catalog) -> dict[str, int]:
    """Every text of the catalogue and how many forms its translation has."""
    return {
        each.id if isinstance(each.id, str) else each.id[0]: 1 if isinstance(each.id, str) else catalogue.num_plurals
        for each in catalogue
        if each.id
    }


class Language:
    """One of the cabinet's languages. Use ``language_of(code)``; there is one of each."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.locale = Locale.parse(_LOCALES[code])
        catalogue = _catalogue(code)
        self._words = _translations(catalogue)
        self._terms = _terms(catalogue)
        self._form_of = gettext_module.c2py(catalogue.plural_expr)
        self._renamed: dict[str, str | Sequence[str]] = {}
        self.group = self._space(get_group_symbol(self.locale))
        self.decimal = get_decimal_symbol(self.locale)
        self._day_cache: dict[tuple[str, date], str] = {}

    @staticmethod
    def _space(text: str) -> str:
        return NO_BREAK if text.isspace() else text

    # Words

    def rename(self, words: Mapping[str, str | Sequence[str]]) -> None:
        """Puts the operator's own terms in place of the catalogue's: a text, or the forms of a plural.

        Raises ValueError for a term the catalogue does not have, a number of forms that is not the language's,
        or other placeholders than the term's own.
        """
        for message, word in words.items():
            self._check_renamed(message, [word] if isinstance(word, str) else list(word))
        self._renamed = dict(words)

    def _check_renamed(self, message: str, forms: list[str]) -> None:
        wanted = self._terms.get(message)
        if wanted is None:
            raise ValueError(f"{self.code}: there is no text {message!r}")
        if len(forms) != wanted:
            raise ValueError(f"{self.code}: {message!r} takes {wanted} forms, not {len(forms)}")
        if any(sorted(_PLACES.findall(form)) != sorted(_PLACES.findall(message)) for form in forms):
            raise ValueError(f"{self.code}: {message!r} must keep its placeholders")

    def gettext(self, message: str) -> str:
        if not message:
            return ""
        renamed = self._renamed.get(message)
        return renamed if isinstance(renamed, str) else self._words.gettext(message)

    def pgettext(self, context: str, message: str) -> str:
        """The text as it is said in that place; an operator's own term stands there too."""
        renamed = self._renamed.get(message)
        return renamed if isinstance(renamed, str) else self._words.pgettext(context, message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        renamed = self._renamed.get(one)
        if renamed is None or isinstance(renamed, str):
            return self._words.ngettext(one, many, n)
        return renamed[self._form_of(n)]

    @staticmethod
    def sentence(text: str) -> str:
        """A sentence that may end with a date: "… 2026 г.." loses the second stop."""
        return text.replace("..", ".")

    @staticmethod
    def held(text: str) -> str:
        """A short word and the number behind it stay on one line: "ПП 584932", "№ 7"."""
        return _SHORT_WORD.sub(rf"\1{NO_BREAK}", text)

    @staticmethod
    def inside(word: str) -> str:
        """As in mid-sentence: a small letter first, but for what is written in capitals."""
        first = word.partition(" ")[0].rstrip(",")
        return word if len(first) > 1 and first.isupper() else word[:1].lower() + word[1:]

    def listed(self, words: Iterable[str], between: str = ", ") -> str:
        """Words of ours as one sentence: a capital letter first, small ones after the commas."""
        text = between.join(self.inside(word) for word in words if word)
        return text[:1].upper() + text[1:]

    # Money and numbers

    def amount(self, minor: int, currency: str = "", *, plus: bool = False) -> Amount:
        """Minor units as people write them: grouped, a true minus, a plus only where asked for."""
        sign = MINUS if minor < 0 else "+" if plus and minor > 0 else ""
        whole, rest = divmod(abs(minor), 100)
        minors = "" if currency in _WHOLE and not rest else f"{self.decimal}{rest:02d}"
        return Amount(sign + self.integer(whole), minors)

    def integer(self, value: int) -> str:
        text = f"{abs(value):,}".replace(",", self.group)
        return MINUS + text if value < 0 else text

    def number(self, value: Decimal | float, digits: int = 0) -> str:
        """A number rounded to ``digits`` decimals, grouped."""
        text = f"{abs(value):,.{digits}f}"
        whole, _, fraction = text.partition(".")
        text = whole.replace(",", self.group) + (self.decimal + fraction if fraction else "")
        return MINUS + text if value < 0 and text.strip("0.,") else text

    def percent(self, fraction: Decimal) -> str:
        """``Decimal("0.12")`` → 12% as the language writes it."""
        shown = (fraction * 100).normalize()
        digits = max(0, -int(shown.as_tuple().exponent))
        gap = "" if self.code == "en" else NO_BREAK if self.code in ("ru", "kk") else ""
        return f"{self.number(shown, digits)}{gap}%"

    # Days and moments

    def _day(self, style: str, day: date) -> str:
        key = (style, day)
        found = self._day_cache.get(key)
        if found is None:
            if len(self._day_cache) > 20_000:
                self._day_cache.clear()
            found = self._day_cache[key] = self._format_day(style, day)
        return found

    def _format_day(self, style: str, day: date) -> str:
        if style in ("medium", "long"):
            return format_date(day, style, locale=self.locale)
        if style == "full":  # a heading, or the beginning of a sentence
            text = format_date(day, style, locale=self.locale)
            return text[:1].upper() + text[1:]
        if style == "EEE":
            return format_date(day, "EEE", locale=self.locale)
        text = format_skeleton(style, day, locale=self.locale)
        if style == "yMMMM":  # a heading: a capital first, and no "г." behind the Russian year
            text = text[:1].upper() + re.sub(r"\s*г\.$", "", text[1:])
        return text

    def day(self, day: date) -> str:
        """31 Oct 2026"""
        return self._day("medium", day)

    def day_short(self, day: date) -> str:
        """31 Oct"""
        return self._day("MMMd", day)

    def day_long(self, day: date) -> str:
        """31 October 2026"""
        return self._day("long", day)

    def day_full(self, day: date) -> str:
        """Saturday, 31 October 2026, beginning with a capital letter"""
        return self._day("full", day)

    def weekday(self, day: date) -> str:
        """Sat"""
        return self._day("EEE", day)

    def month(self, day: date) -> str:
        """October 2026, beginning with a capital letter as in a heading"""
        return self._day("yMMMM", day)

    def days(self, first: date, last: date) -> str:
        """7 June – 31 July 2026; one day where both are the same"""
        if first == last:
            return self.day(first)
        return format_interval(first, last, "yMMMd", locale=self.locale)

    def time(self, moment: datetime, zone: ZoneInfo) -> str:
        """16:59 in ``zone``"""
        return moment.astimezone(zone).strftime("%H:%M")

    def moment(self, moment: datetime, zone: ZoneInfo) -> str:
        """31 Oct 2026, 16:59 in ``zone``"""
        local = moment.astimezone(zone)
        return f"{self.day(local.date())}, {local:%H:%M}"

    def zone_name(self, zone: ZoneInfo, at: datetime) -> str:
        """Almaty, UTC+5"""
        city = get_timezone_location(zone, locale=self.locale, return_city=True)
        offset = at.astimezone(zone).utcoffset()
        minutes = int(offset.total_seconds()) // 60 if offset else 0
        hours, rest = divmod(abs(minutes), 60)
        sign = "+" if minutes >= 0 else MINUS
        return f"{city}, UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


@lru_cache(maxsize=8)
def language_of(code: str) -> Language:
    """The language with this code; raises KeyError for one the cabinet does not have."""
    return Language(code)


def preferred(header: str, offered: tuple[str, ...]) -> str:
    """The first of the browser's languages (Accept-Language) that is offered, else the operator's first."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:20]):
        name, _, weight = part.partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        wanted.append((-quality, place, name.strip().lower().split("-")[0]))
    for quality, _, name in sorted(wanted):
        if name in offered and quality < 0:
            return name
    return offered[0]
