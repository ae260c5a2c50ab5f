"""Whether the money is right: each proof of ``billing.ledger.proofs``, over all accounts, at one moment."""

from __future__ import annotations

from billing.ledger.proofs import PROOFS, Proof
from components.data.bulk import Bulk
from dashboard.doctor.finding import Finding, fault, ok

SHOWN = 5
ADVICE = (
    "keep the database as it is, restore the last backup on which the doctor is content elsewhere and compare;"
    " no command changes the ledger"
)


async def money(bulk: Bulk) -> list[Finding]:
    """Nothing that an import posts meanwhile counts: all proofs see the same moment."""
    async with bulk.snapshot():
        return [await prove(bulk, each) for each in PROOFS]


async def prove(bulk: Bulk, proof: Proof) -> Finding:
    """One proof; names the first that break it and counts all."""
    count, shown = 0, list[str]()
    async for (name,) in bulk.stream(proof.broken):
        count += 1
        if len(shown) < SHOWN:
            shown.append(str(name))
    if not count:
        return ok(proof.name, proof.claim)
    more = f" and {count - len(shown)} more" if count > len(shown) else ""
    return fault(proof.name, f"not so that {proof.claim}: {', '.join(shown)}{more}", ADVICE)
