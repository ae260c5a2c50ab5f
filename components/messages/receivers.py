"""Addresses that a message may go to. Forms have checked what was typed; here nothing else gets through."""

from __future__ import annotations

import re
import unicodedata

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]+")
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_BETWEEN_DIGITS = re.compile(r"[ \u00a0()./-]")


def email_address(text: str) -> str:
    """One bare address: no name, no second address, nothing that a header or a command could take for its end."""
    plain = not any(unicodedata.category(letter)[0] in "CZ" for letter in text)
    if not plain or len(text) > 254 or not _EMAIL.fullmatch(text):
        raise ValueError("not an e-mail address")
    return text


def phone_number(text: str) -> str:
    """Its digits, with the plus where there is one."""
    number = _BETWEEN_DIGITS.sub("", text)
    if not _PHONE.fullmatch(number):
        raise ValueError("not a phone number")
    return number
