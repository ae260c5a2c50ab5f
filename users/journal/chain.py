"""The chain of seals: which chain a row belongs to, and what its seal's hash covers.

The hash covers the one before it, the row as it is stored, and the seal's own chain, number and time. What is hashed
is the same text on SQLite and PostgreSQL, so a backup that is restored into the other kind still verifies.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

OPERATOR: Final = 0  # the chain of the operator's own rows
COMMANDS = "kabinet "  # what the names of commands begin with, as an actor

# A row is in its account's chain where somebody of the account did it themself. All else is the operator's own: rows
# of no account, those of nobody's login (imports, staff), and those of a command.
OF_ACCOUNT = (
    f"j.account_id IS NOT NULL AND j.user_id IS NOT NULL AND SUBSTR(j.actor, 1, {len(COMMANDS)}) <> '{COMMANDS}'"
)
COLUMNS = (
    "j.id, j.at, j.account_id, j.user_id, j.actor, j.act, j.target, "
    'CAST(j."before" AS TEXT) AS "before", CAST(j."after" AS TEXT) AS "after", j.address, j.request_id, j.line'
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the journal as it is stored; ``before`` and ``after`` are JSON."""

    id: int
    at: datetime
    account_id: int | None
    user_id: int | None
    actor: str
    act: str
    target: str
    before: str | None
    after: str | None
    address: str
    request_id: str
    line: str | None = None


def chain_of(row: Kept) -> int:
    """The account's id, or ``OPERATOR``; the same rule as ``OF_ACCOUNT``."""
    by_itself = row.user_id is None or row.actor.startswith(COMMANDS)
    return OPERATOR if row.account_id is None or by_itself else row.account_id


def beginning(chain: int) -> str:
    """What stands in the place of the hash before the first."""
    return sha256(f"kabinet journal {chain}".encode()).hexdigest()


def linked(previous: str, chain: int, number: int, sealed_at: datetime, row: Kept) -> str:
    """The hash of the seal with this number."""
    return sha256(previous.encode() + canonical(chain, number, sealed_at, row)).hexdigest()


def canonical(chain: int, number: int, sealed_at: datetime, row: Kept) -> bytes:
    """Sorted keys, no blanks, UTF-8, UTC with six decimals; whole numbers without a decimal point.

    A row without a line says nothing of one: so were all sealed before rows had any.
    """
    said = {
        "account": row.account_id,
        "act": row.act,
        "actor": row.actor,
        "address": row.address,
        "after": _said(row.after),
        "at": _moment(row.at),
        "before": _said(row.before),
        "chain": chain,
        "id": row.id,
        "number": number,
        "request": row.request_id,
        "sealed": _moment(sealed_at),
        "target": row.target,
        "user": row.user_id,
        **({} if row.line is None else {"line": row.line}),
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _said(text: str | None) -> Any:
    """What the JSON says: PostgreSQL keeps no order of keys, and writes large numbers out."""
    if text is None:
        return None
    try:
        return json.loads(text, parse_float=_number)
    except (ValueError, RecursionError):
        return {"unreadable": text}


def _number(text: str) -> Any:
    value = Decimal(text)
    if value.is_finite() and abs(value.adjusted()) < 400:
        return int(value) if value == value.to_integral_value() else float(value)
    return text
