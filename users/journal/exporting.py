"""The last seal of a chain, to be kept elsewhere: who holds one finds out that the chain was cut or made anew."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from components.data.database import rows


@dataclass(frozen=True, slots=True)
class Exported:
    """``account`` is the account's number, empty for the operator's own chain."""

    chain: int
    account: str
    number: int
    hash: str
    sealed_at: datetime

    @property
    def line(self) -> str:
        """One line of the file."""
        said = {
            "account": self.account,
            "chain": self.chain,
            "number": self.number,
            "hash": self.hash,
            "sealed_at": self.sealed_at.isoformat(),
        }
        return json.dumps(said, ensure_ascii=False) + "\n"


class Unreadable(ValueError):
    """A file that holds no seals; the text says where."""


_LAST = """
SELECT s.chain, COALESCE(a.number, '') AS account, s.number, s.hash, s.sealed_at
FROM journal_seal s LEFT JOIN account a ON a.id = s.chain
WHERE {} s.number = (SELECT max(m.number) FROM journal_seal m WHERE m.chain = s.chain) ORDER BY s.chain
"""


async def last_seal(chain: int) -> Exported | None:
    """The last seal of one chain; None where nothing is sealed yet. A key lookup."""
    found = await rows(Exported, _LAST.format("s.chain = :chain AND"), chain=chain)
    return found[0] if found else None


async def last_seals() -> list[Exported]:
    """The last seal of every chain."""
    return await rows(
        Exported,
        "SELECT s.chain, COALESCE(a.number, '') AS account, s.number, s.hash, s.sealed_at FROM "
        "(SELECT chain, max(number) AS number FROM journal_seal GROUP BY chain) l "
        "JOIN journal_seal s ON s.chain = l.chain AND s.number = l.number LEFT JOIN account a ON a.id = s.chain "
        "ORDER BY s.chain",
    )


def read_seals(text: str) -> list[Exported]:
    """The seals of a file: a line of JSON each. Raises Unreadable."""
    found = []
    for place, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                found.append(_read(json.loads(line)))
            except (ValueError, TypeError, KeyError) as error:
                raise Unreadable(f"line {place} is no seal: {error or type(error).__name__}") from None
    if not found:
        raise Unreadable("there is no seal in it")
    return found


def _read(said: dict[str, Any]) -> Exported:
    hash = str(said["hash"])
    if len(hash) != 64 or int(said["number"]) < 1:
        raise ValueError("its hash or number is not one")
    return Exported(
        int(said["chain"]),
        str(said.get("account", "")),
        int(said["number"]),
        hash,
        datetime.fromisoformat(said["sealed_at"]),
    )
