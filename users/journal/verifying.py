"""Verifying: every seal is worked out anew from the rows as they are now, and compared.

A seal that was taken away from here earlier (``exporting``) finds what the chain alone can't: that its end was cut
off, or that all of it was made anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from components.data import clock
from components.data.database import rows
from users.journal.chain import COLUMNS, OF_ACCOUNT, OPERATOR, Kept, beginning, chain_of, linked
from users.journal.exporting import Exported

AT_ONCE = 1_000
SHOWN = 100  # faults that are kept; all are counted
SOON = timedelta(minutes=10)  # a row without a seal for so long
LATE = timedelta(hours=1)  # a row that says it is so much older than the one sealed before it

FaultKind = Literal["row", "seal", "row gone", "seal gone", "late", "unsealed", "cut", "other"]


@dataclass(frozen=True, slots=True)
class Fault:
    """``number`` and ``until`` are of seals (0: none), ``row_id`` is the row's; the rest is what the row says now."""

    kind: FaultKind
    chain: int
    number: int = 0
    until: int = 0
    row_id: int = 0
    at: datetime | None = None
    act: str = ""
    actor: str = ""


@dataclass(slots=True)
class Verdict:
    """``rows``: how many seals were gone through; ``faults``: the first hundred of ``count``."""

    rows: int = 0
    chains: int = 0
    count: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.count

    def add(self, fault: Fault) -> None:
        self.count += 1
        if len(self.faults) < SHOWN:
            self.faults.append(fault)


@dataclass(frozen=True, slots=True)
class _Sealed:
    chain: int
    number: int
    row_id: int
    hash: str
    sealed_at: datetime
    id: int | None  # null: the row is gone
    at: datetime | None
    account_id: int | None
    user_id: int | None
    actor: str | None
    act: str | None
    target: str | None
    before: str | None
    after: str | None
    address: str | None
    request_id: str | None
    line: str | None

    @property
    def row(self) -> Kept | None:
        if self.id is None or self.at is None:
            return None
        return Kept(
            self.id,
            self.at,
            self.account_id,
            self.user_id,
            self.actor or "",
            self.act or "",
            self.target or "",
            self.before,
            self.after,
            self.address or "",
            self.request_id or "",
            self.line,
        )


async def verify(chain: int | None = None, exported: Sequence[Exported] = ()) -> Verdict:
    """Goes through one chain, or through all; compares with the seals taken away earlier."""
    walk = _Walk(exported)
    after = (chain or 0, 0) if chain is not None else (-1, 0)
    while found := await _next(chain, after):
        for each in found:
            walk.step(each)
        after = (found[-1].chain, found[-1].number)
        await asyncio.sleep(0)  # others in this process want to go on
    walk.end()
    for kept in await _unsealed(chain):
        walk.verdict.add(_about(kept, "unsealed", chain_of(kept), 0))
    return walk.verdict


class _Walk:
    """Seal after seal. A fault that the next seal explains better waits for it."""

    def __init__(self, exported: Sequence[Exported]) -> None:
        self.verdict = Verdict()
        self._exported: dict[tuple[int, int], list[Exported]] = {}
        for each in exported:
            self._exported.setdefault((each.chain, each.number), []).append(each)
        self._chain: int | None = None
        self._number = 0
        self._hash = ""
        self._at: datetime | None = None
        self._waiting: tuple[Fault, str] | None = None  # and what the hash before should have been

    def step(self, each: _Sealed) -> None:
        if each.chain != self._chain:
            self._begin(each.chain)
        gap = each.number != self._number + 1
        if gap:
            self._settle()
            self.verdict.add(Fault("seal gone", each.chain, self._number + 1, each.number - 1))
        row = each.row
        if row is None:
            self._settle()
            self.verdict.add(Fault("row gone", each.chain, each.number, row_id=each.row_id))
        else:
            fits = self._fits(each, row, gap)
            if fits and self._at is not None and row.at < self._at - LATE:
                self.verdict.add(_about(row, "late", each.chain, each.number))
            self._at = row.at
        for taken in self._exported.pop((each.chain, each.number), ()):
            if taken.hash != each.hash:
                self.verdict.add(Fault("other", each.chain, each.number, row_id=each.row_id))
        self.verdict.rows += 1
        self._number, self._hash = each.number, each.hash

    def end(self) -> None:
        self._settle()
        for chain, number in sorted(self._exported):
            self.verdict.add(Fault("cut", chain, number))

    def _begin(self, chain: int) -> None:
        self._settle()
        self.verdict.chains += 1
        self._chain, self._number, self._hash, self._at = chain, 0, beginning(chain), None

    def _fits(self, each: _Sealed, row: Kept, gap: bool) -> bool:
        """Behind a gap nothing can be said of a seal: what it was linked to is gone."""
        right = each.chain in (OPERATOR, row.account_id)
        hash = linked(self._hash, each.chain, each.number, each.sealed_at, row)
        if (hash == each.hash and right) or gap:
            self._settle()
            return True
        if self._waiting and linked(self._waiting[1], each.chain, each.number, each.sealed_at, row) == each.hash:
            fault, _ = self._waiting  # this one fits what the one before should have been: its seal was changed
            self._waiting = None
            self.verdict.add(replace(fault, kind="seal"))
            return True
        self._settle()
        self._waiting = (_about(row, "row", each.chain, each.number), hash)
        return False

    def _settle(self) -> None:
        if self._waiting:
            self.verdict.add(self._waiting[0])
            self._waiting = None


def _about(row: Kept, kind: FaultKind, chain: int, number: int) -> Fault:
    return Fault(kind, chain, number, row_id=row.id, at=row.at, act=row.act, actor=row.actor)


async def _next(chain: int | None, after: tuple[int, int]) -> list[_Sealed]:
    all, one = "(s.chain, s.number) > (:chain, :number)", "s.chain = :chain AND s.number > :number"
    return await rows(
        _Sealed,
        f"SELECT s.chain, s.number, s.row_id, s.hash, s.sealed_at, {COLUMNS} FROM journal_seal s "
        f"LEFT JOIN journal j ON j.id = s.row_id WHERE {all if chain is None else one} "
        "ORDER BY s.chain, s.number LIMIT :most",
        chain=after[0],
        number=after[1],
        most=AT_ONCE,
    )


async def _unsealed(chain: int | None) -> list[Kept]:
    """Rows that should have been sealed long ago, looked for everywhere."""
    of_chain = {
        None: "1 = 1",
        OPERATOR: f"NOT ({OF_ACCOUNT})",
    }.get(chain, f"j.account_id = :chain AND {OF_ACCOUNT}")
    values = {"chain": chain} if ":chain" in of_chain else {}
    return await rows(
        Kept,
        f"SELECT {COLUMNS} FROM journal j LEFT JOIN journal_seal s ON s.row_id = j.id "
        f"WHERE s.id IS NULL AND j.at < :before AND {of_chain} ORDER BY j.id LIMIT :most",
        before=clock.now() - SOON,
        most=SHOWN,
        **values,
    )
