"""Whether people may do exactly what the tree says."""

from __future__ import annotations

from dashboard.doctor.finding import Finding, fault, ok
from users.hierarchy.mending import Place, misjudged, misplaced

SHOWN = 5
ADVICE = "run: kabinet migrate (it works them out anew), and find out who wrote to the tables"


async def people() -> list[Finding]:
    """Places against parents, standings against lines."""
    return [
        _finding("places", "everybody stands where their parent says", await misplaced()),
        _finding("standings", "everybody may what their line leaves them", [each async for each in misjudged()]),
    ]


def _finding(name: str, claim: str, wrong: list[Place]) -> Finding:
    if not wrong:
        return ok(name, claim)
    shown = ", ".join(f"{each.email} ({each.account})" for each in wrong[:SHOWN])
    more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    return fault(name, f"not so that {claim}: {shown}{more}", ADVICE)
