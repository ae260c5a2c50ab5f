"""Contracts by the names that people know, for reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from components.data.database import rows
from users.hierarchy.granting import NOT_YOUR_CONTRACT
from users.hierarchy.refusing import Refused


@dataclass(frozen=True, slots=True)
class _Contract:
    id: int
    number: str


async def contracts_of(account_id: int) -> dict[int, str]:
    """Every contract of the account: its number by its id."""
    found = await rows(_Contract, "SELECT id, number FROM contract WHERE account_id = :account", account=account_id)
    return {each.id: each.number for each in found}


async def contracts_named(account_id: int, numbers: Iterable[str]) -> frozenset[int]:
    """The ids of these numbers; Refused like a contract out of reach where the account has none of that number."""
    known = {number: id for id, number in (await contracts_of(account_id)).items()}
    try:
        return frozenset(known[each] for each in numbers)
    except KeyError:
        raise Refused("contracts", NOT_YOUR_CONTRACT) from None
