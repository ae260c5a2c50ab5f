"""Rights as a value, and the two questions asked of them: what is left of two, and whether one lies within another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from users.permissions.permission import ALL, Permission


@dataclass(frozen=True, slots=True)
class Rights:
    """What a grant gives, or what is left of a whole line of them.

    ``contracts`` None means all contracts of the account, also those to come. Days are whole days of the operator's
    time zone, included; None is unbounded.
    """

    permissions: frozenset[Permission] = frozenset()
    contracts: frozenset[int] | None = None
    suspended: bool = False
    valid_from: date | None = None
    valid_until: date | None = None
    documents_from: date | None = None
    documents_until: date | None = None

    def open_on(self, day: date) -> bool:
        """Whether they count on this day: neither suspended, nor not yet begun, nor over."""
        return not (
            self.suspended
            or (self.valid_from is not None and day < self.valid_from)
            or (self.valid_until is not None and day > self.valid_until)
        )


EVERYTHING = Rights(ALL)
"""An owner's."""
NOTHING = Rights(suspended=True)
"""Of who has no standing (yet)."""


def meet(above: Rights, own: Rights) -> Rights:
    """What is left of ``own`` under ``above``: never more than either."""
    return Rights(
        permissions=above.permissions & own.permissions,
        contracts=_common(above.contracts, own.contracts),
        suspended=above.suspended or own.suspended,
        valid_from=_latest(above.valid_from, own.valid_from),
        valid_until=_earliest(above.valid_until, own.valid_until),
        documents_from=_latest(above.documents_from, own.documents_from),
        documents_until=_earliest(above.documents_until, own.documents_until),
    )


def _common(one: frozenset[int] | None, other: frozenset[int] | None) -> frozenset[int] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _latest(one: date | None, other: date | None) -> date | None:
    return max((each for each in (one, other) if each is not None), default=None)


def _earliest(one: date | None, other: date | None) -> date | None:
    return min((each for each in (one, other) if each is not None), default=None)
