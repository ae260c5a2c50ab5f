"""Sealing: each row of the journal gets its seal, soon after it was committed, in the order in which it is found.

Rows may be committed later than others with higher ids, so what has no seal is looked for among the latest ids, and
everywhere where the latest show that more was late. Nobody seals beside another: the chains would fork.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from components.data import clock
from components.data.database import dialect, execute, fetch, rows
from users.journal.chain import COLUMNS, Kept, beginning, chain_of, linked

AT_ONCE = 2_000  # rows in one transaction
WINDOW = 50_000  # how many ids back a late row is looked for each time
_LOCK = 4_445_003  # any number, the same for every process of one installation


@dataclass(frozen=True, slots=True)
class Sealed:
    """``again``: from which id on to look for more at once; None: there was no more."""

    count: int
    again: int | None


@dataclass(frozen=True, slots=True)
class _Head:
    chain: int
    number: int
    hash: str


async def seal_some(above: int | None = None, at_most: int = AT_ONCE) -> Sealed:
    """Seals rows that have none, in the caller's transaction: among the latest, or all those with ids ``above``."""
    if dialect() == "postgres":
        await fetch(f"SELECT pg_advisory_xact_lock({_LOCK})")
    latest = await _latest()
    start = max(latest - WINDOW, 0) if above is None else above
    found = await rows(
        Kept,
        f"SELECT {COLUMNS} FROM journal j LEFT JOIN journal_seal s ON s.row_id = j.id AND s.row_id > :start "
        "WHERE j.id > :start AND s.id IS NULL ORDER BY j.id LIMIT :most",
        start=start,
        most=at_most,
    )
    if not found:
        return Sealed(0, None)
    await _seal(found)
    if above is None and start and found[0].id < start + WINDOW // 2:
        return Sealed(len(found), 0)  # so much was late that there may be more of it further back
    if len(found) < at_most:
        return Sealed(len(found), None)
    return Sealed(len(found), found[-1].id)


async def _latest() -> int:
    (found,) = await fetch("SELECT max(row_id) AS latest FROM journal_seal")
    return int(found["latest"] or 0)


async def _seal(found: Sequence[Kept]) -> None:
    now = clock.now()
    heads = await _heads({chain_of(each) for each in found})
    made: list[tuple[int, int, int, str]] = []
    for each in found:
        chain = chain_of(each)
        before = heads.get(chain)
        number, previous = (before.number + 1, before.hash) if before else (1, beginning(chain))
        heads[chain] = head = _Head(chain, number, linked(previous, chain, number, now, each))
        made.append((chain, number, each.id, head.hash))
    columns = [list(column) for column in zip(*made, strict=True)]
    if dialect() == "postgres":
        chains, numbers, ids, hashes = columns
        await execute(_INSERT["postgres"], chains=chains, numbers=numbers, ids=ids, hashes=hashes, now=now)
    else:
        await execute(_INSERT["sqlite"], made=json.dumps(made), now=now)


async def _heads(chains: Iterable[int]) -> dict[int, _Head]:
    """The last seal of each chain that has one."""
    listed = sorted(chains)
    found = await rows(_Head, _HEADS[dialect()], chains=listed if dialect() == "postgres" else json.dumps(listed))
    return {each.chain: each for each in found}


_LAST = (
    "JOIN journal_seal s ON s.chain = c.chain "
    "AND s.number = (SELECT max(m.number) FROM journal_seal m WHERE m.chain = c.chain)"
)
_HEADS = {
    "sqlite": "SELECT s.chain, s.number, s.hash FROM (SELECT value AS chain FROM json_each(:chains)) c " + _LAST,
    "postgres": "SELECT s.chain, s.number, s.hash FROM unnest(CAST(:chains AS BIGINT[])) AS c (chain) " + _LAST,
}
_INSERT = {
    "sqlite": (
        "INSERT INTO journal_seal (chain, number, row_id, hash, sealed_at) "
        "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), "
        "json_extract(value, '$[3]'), :now FROM json_each(:made)"
    ),
    "postgres": (
        "INSERT INTO journal_seal (chain, number, row_id, hash, sealed_at) "
        "SELECT m.chain, m.number, m.id, m.hash, :now FROM unnest(CAST(:chains AS BIGINT[]), "
        "CAST(:numbers AS BIGINT[]), CAST(:ids AS BIGINT[]), CAST(:hashes AS TEXT[])) AS m (chain, number, id, hash)"
    ),
}
