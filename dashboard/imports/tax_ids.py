"""Check digits of tax numbers, by the rules of the countries that we know."""

from __future__ import annotations

import re
from collections.abc import Iterable

_KZ = re.compile(r"[0-9]{12}")
_HU_PERSON = re.compile(r"8[0-9]{9}")
_HU_ORGANISATION = re.compile(r"([0-9]{8})(-?[1-5]-?[0-9]{2})?")


def tax_id_fault(country: str | None, kind: str | None, tax_id: str) -> str | None:
    """Why this is no tax number of such a party in that country; None if it is, or if we can't tell."""
    if country == "KZ":
        return _kz_fault(tax_id)
    if country == "HU":
        return _hu_organisation_fault(tax_id) if kind == "organisation" else _hu_person_fault(tax_id)
    return None


def _kz_fault(tax_id: str) -> str | None:
    """IIN, BIN: weights 1 to 11 modulo 11; if that is 10, weights 3 to 11, 1, 2; if again 10, no number."""
    if not _KZ.fullmatch(tax_id):
        return "an IIN or BIN has 12 digits"
    check = _weighted(tax_id, range(1, 12)) % 11
    if check == 10:
        check = _weighted(tax_id, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    return None if check == int(tax_id[11]) else "the check digit is wrong for an IIN or BIN"


def _hu_person_fault(tax_id: str) -> str | None:
    if not _HU_PERSON.fullmatch(tax_id):
        return "an adóazonosító jel has 10 digits and begins with 8"
    check = _weighted(tax_id, range(1, 10)) % 11
    return None if check == int(tax_id[9]) else "the check digit is wrong for an adóazonosító jel"


def _hu_organisation_fault(tax_id: str) -> str | None:
    match = _HU_ORGANISATION.fullmatch(tax_id)
    if not match:
        return "an adószám has the form 12345678-1-12"
    number = match.group(1)
    check = -_weighted(number, (9, 7, 3, 1, 9, 7, 3)) % 10
    return None if check == int(number[7]) else "the check digit is wrong for an adószám"


def _weighted(digits: str, weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
