"""Passwords made by us: a person reads one in a letter, types it once, and replaces it.

Fifteen letters and digits that no one takes for one another, in three groups: 74 random bits. There is a capital, a
small letter, a digit and (unless the operator allows letters and digits only) a hyphen in each, so that it meets
whatever rules an operator may have.
"""

from __future__ import annotations

import secrets

from components.data.operator import PasswordRules

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # without i, l, o, 0 and 1
_GROUPS, _EACH = 3, 5


def generate(rules: PasswordRules | None = None) -> str:
    """A new one, at least 70 bits."""
    while True:
        signs = [secrets.choice(_SIGNS) for _ in range(_GROUPS * _EACH)]
        letters = [place for place, sign in enumerate(signs) if sign.isalpha()]
        if len(letters) > 1 and len(letters) < len(signs):
            break
    signs[letters[0]] = signs[letters[0]].upper()
    plain = rules is not None and rules.alphabet == "latin" and "-" not in (rules.symbols * ("symbol" in rules.classes))
    return ("" if plain else "-").join("".join(signs[at : at + _EACH]) for at in range(0, len(signs), _EACH))
