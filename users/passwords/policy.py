"""What a new password must be: the operator's rules, and nothing that is easy to guess.

After NIST SP 800-63B-4 and OWASP ASVS 5.0: length counts, any letter of any script may be used, pasting is fine,
nothing is cut (128 characters are kept whole), nothing expires, and no mixture of kinds is asked for. Refused is what
is tried first: common passwords, our own name, and the person's own data.

NIST wants 15 characters where a password is the only factor and 8 beside a second one; ASVS wants 8 and advises 15.
The default is 8, the most that every page of every operator can live with while nothing else (the limits on tries, the
list of common passwords) is weaker than the standards ask; an operator raises ``min_length`` to 15 in their file.

Rules of an operator's own are data too (``[password]`` in the operator's file): see ``PasswordRules``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from components.data.operator import Operator, PasswordRules
from components.web.language import N_, Language
from users.passwords.common import easy
from users.sessions.passwords import normal

LONGEST = 128
SHORT = N_("At least %(n)s characters, please. Three or four words in a row are easy to remember.")
LONG = N_("At most %(n)s characters, please.")
ALPHABET = N_("Use only Latin letters without accents, and digits.")
ALPHABET_AND = N_("Use only Latin letters without accents, digits, and %(symbols)s")
CLASSES = {
    "letter": ("[A-Za-z]", N_("Add a Latin letter (A to Z).")),
    "upper": ("[A-Z]", N_("Add a capital Latin letter (A to Z).")),
    "lower": ("[a-z]", N_("Add a small Latin letter (a to z).")),
    "digit": ("[0-9]", N_("Add a digit (0 to 9).")),
}
SYMBOL = N_("Add one of these: %(symbols)s")
EXAMPLE = N_("This is the example from the rules, which everybody can read. Think of another.")
EMAIL = N_("Your e-mail must not be your password. Think of something that nobody writes to.")
OWN = N_("This is made of your name, e-mail or number, so it is easy to guess. Add words that don't belong to you.")
OURS = N_("This is made of our name, so it is easy to guess. Add words that have nothing to do with us.")
COMMON = N_("This is among the passwords that are tried first. Add a few words that don't belong together.")

# What is left beside a name has to be this long to count as a password of its own.
ENOUGH_BESIDE = 6


class Fault(str):
    """Why a password can't be taken and what to do: a text for the catalogues; ``values`` fill its placeholders."""

    __slots__ = ("values",)
    values: dict[str, object]

    def __new__(cls, text: str, **values: object) -> Fault:
        made = super().__new__(cls, text)
        made.values = values
        return made

    def said(self, say: Language) -> str:
        """As the person reads it."""
        return say.gettext(str(self)) % self.values if self.values else say.gettext(str(self))


def check(password: str, *, operator: Operator, own_words: Sequence[str]) -> Fault | None:
    """The first rule that the password breaks, or None.

    ``own_words`` is what others know of the person: e-mail, names, account number, customer's name.
    """
    password = normal(password)
    return _breaks(password, operator.password) or _guessed(password, operator, own_words)


def _breaks(password: str, rules: PasswordRules) -> Fault | None:
    if len(password) < rules.min_length:
        return Fault(SHORT, n=rules.min_length)
    if len(password) > LONGEST:
        return Fault(LONG, n=LONGEST)
    if rules.alphabet == "latin":
        symbols = rules.symbols if "symbol" in rules.classes else ""
        if not re.fullmatch(f"[A-Za-z0-9{re.escape(symbols)}]*", password):
            return Fault(ALPHABET_AND, symbols=symbols) if symbols else Fault(ALPHABET)
    for name in rules.classes:
        if name == "symbol":
            if not set(password) & set(rules.symbols):
                return Fault(SYMBOL, symbols=rules.symbols)
        elif not re.search(CLASSES[name][0], password):
            return Fault(CLASSES[name][1])
    if rules.example and password.casefold() == normal(rules.example).casefold():
        return Fault(EXAMPLE)
    return None


def _guessed(password: str, operator: Operator, own_words: Sequence[str]) -> Fault | None:
    folded = password.casefold()
    emails = [word.casefold() for word in own_words if "@" in word]
    if operator.password.forbid_email and folded in emails:
        return Fault(EMAIL)
    if easy(folded):
        return Fault(COMMON)
    if _only(folded, own_words):
        return Fault(OWN)
    if _only(folded, (operator.brand.name, operator.seller.name, "kabinet", "кабинет", "cabinet")):
        return Fault(OURS)
    return None


def _only(folded: str, known: Iterable[str]) -> bool:
    """Whether too little is left of it once these words are taken out."""
    words = {part for each in known for part in _parts(each)}
    rest = folded
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
    if rest == folded:
        return False
    left = re.sub(r"[\W_]", "", rest)
    return len(left) < ENOUGH_BESIDE or easy(left)


def _parts(text: str) -> set[str]:
    """A name or an address in small letters, in its words, and the words written with Latin letters."""
    folded = normal(text).casefold()
    words = {each for each in (folded, *re.split(r"[\W_]+", folded)) if len(each) >= 3}
    return words | {"".join(_LATIN.get(letter, letter) for letter in word) for word in words}


_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщыэюяәғқңөұүһі"
_WRITTEN = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh sch y e yu ya a g k n o u u h i"
_LATIN = dict(zip(_CYRILLIC, _WRITTEN.split(), strict=True)) | {"ъ": "", "ь": ""}
_LATIN |= dict(zip("áéíóöőúüű", "aeiooouuu", strict=True))


def hint(operator: Operator, say: Language) -> str:
    """The rules in a line, for beside the field: nobody should have to find them out by trying."""
    rules = operator.password
    parts = [say.gettext("At least %(n)s characters.") % {"n": rules.min_length}]
    if rules.classes:
        kinds = {
            "letter": say.gettext("Latin letters"),
            "upper": say.gettext("capital Latin letters"),
            "lower": say.gettext("small Latin letters"),
            "digit": say.gettext("digits"),
            "symbol": say.gettext("one of %(symbols)s") % {"symbols": rules.symbols},
        }
        wanted = ", ".join(kinds[name] for name in rules.classes)
        parts.append(say.gettext("It must have: %(kinds)s.") % {"kinds": wanted})
    else:
        parts.append(say.gettext("Three or four words in a row are easy to remember and hard to guess."))
    if rules.alphabet == "latin":
        parts.append(say.gettext("No other letters or signs."))
    return " ".join(parts)
