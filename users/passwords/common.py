"""What is tried first: is this text a common password, or one in a thin disguise?

``words.xz`` is a list of our own making (``generate_words``): common words and names of our people's languages with the
usual endings, walks over the keyboard, runs of digits. Compared is a canonical form, in which P@ssw0rd and password
are one. It stays one string of bytes, half a megabyte, searched from front to back in a fraction of the time that the
hash takes; a set of the same words would take ten times the memory.
"""

from __future__ import annotations

import lzma
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

FILE = Path(__file__).with_name("words.xz")
FEWEST = 4  # different characters
LONG_UNIT = 8  # what is shorter does not get better by being said again
_ALIKE = str.maketrans("01l!|3@4$5789ё", "oiiiieaasstbge")
_SIGNS = "!@#$%^&*()-_=+.,;:?/\\|~`'\"<>[]{} "
_YEAR = re.compile(r"^(?:19|20)\d\d|(?:19|20)\d\d$")


def canonical(text: str) -> str:
    """Small letters; signs that stand for letters as those letters; nothing else but letters and digits."""
    return re.sub(r"[\W_]", "", text.casefold().translate(_ALIKE))


@cache
def _words() -> bytes:
    return lzma.decompress(FILE.read_bytes())


def easy(text: str) -> bool:
    """Whether it is common, common with a year or signs around it, one thing over and over, or in a row."""
    text = text.casefold()
    bare = text.strip(_SIGNS)
    if len(set(text)) < FEWEST or _in_a_row(text) or _over_and_over(text) or _over_and_over(bare.strip("0123456789")):
        return True
    return any(_listed(canonical(each)) for each in {text, bare, _YEAR.sub("", bare)})


def _listed(word: str) -> bool:
    return f"\n{word}\n".encode() in _words()


def _over_and_over(text: str) -> bool:
    """``dimadima``, ``passwordpassword``"""
    unit = text[: (text + text).find(text, 1)]
    return len(unit) < len(text) and (len(unit) < LONG_UNIT or easy(unit))


def _in_a_row(text: str) -> bool:
    """``abcdefgh``, ``87654321``"""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps in ({1}, {-1})
