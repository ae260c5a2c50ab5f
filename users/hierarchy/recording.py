"""What the journal says about a person of the tree: by names, numbers and days that people can read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from users.hierarchy.tree import Member
from users.permissions.rights import Rights


def described(one: Member, numbers: Mapping[int, str]) -> dict[str, Any]:
    """Who the account says they are, and their own grant."""
    return {
        "email": one.email,
        "first_name": one.first_name,
        "last_name": one.last_name,
        "position": one.position,
        **rights_described(one.own, numbers),
    }


def rights_described(rights: Rights, numbers: Mapping[int, str]) -> dict[str, Any]:
    contracts = rights.contracts
    return {
        "permissions": sorted(each.value for each in rights.permissions),
        "contracts": "all" if contracts is None else sorted(numbers.get(each, "?") for each in contracts),
        "suspended": rights.suspended,
        "valid_from": _day(rights.valid_from),
        "valid_until": _day(rights.valid_until),
        "documents_from": _day(rights.documents_from),
        "documents_until": _day(rights.documents_until),
    }


def said(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Without what there is nothing to say about."""
    return {name: value for name, value in facts.items() if value not in (None, "", False)}


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only what differs, of both."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
