"""Whether the journal is being sealed, and held against the role that serves."""

from __future__ import annotations

from datetime import datetime

from components.data import clock
from components.data.bulk import Bulk
from components.data.granting import may_change
from components.data.settings import Settings
from dashboard.doctor.finding import Finding, fault, notice, ok
from dashboard.roles import serving_role

LATE = 600  # seconds within which a worker has surely sealed a row


async def journal(bulk: Bulk, settings: Settings) -> list[Finding]:
    """The chains themselves take longer to go through: that is ``kabinet journal verify``."""
    return [await _sealing(bulk), *await _role(bulk, settings)]


async def _sealing(bulk: Bulk) -> Finding:
    unsealed = await bulk.fetch(
        "SELECT count(*), min(j.at) FROM journal j LEFT JOIN journal_seal s ON s.row_id = j.id WHERE s.id IS NULL"
    )
    ((count, oldest),) = unsealed
    ((last,),) = await bulk.fetch(
        "SELECT sealed_at FROM (SELECT max(id) AS id FROM journal_seal) l JOIN journal_seal s ON s.id = l.id"
        " UNION ALL SELECT NULL WHERE NOT EXISTS (SELECT 1 FROM journal_seal)"
    )
    told = f"the last seal is of {_moment(last):%Y-%m-%d %H:%M} UTC" if last else "nothing is sealed yet"
    told += f", {count} entries wait for theirs" if count else ", every entry has one"
    if count and (clock.now() - _moment(oldest)).total_seconds() > LATE:
        advice = "start a worker (kabinet worker); where one runs, see what kabinet journal verify says"
        return notice("journal", told, advice)
    return ok("journal", told)


async def _role(bulk: Bulk, settings: Settings) -> list[Finding]:
    role = serving_role(settings) if bulk.dialect == "postgres" else None
    if role is None:
        return []
    found = await may_change(bulk)
    if found:
        return [fault("serving role", f"{role} could change {', '.join(found)}", "run: kabinet migrate")]
    return [ok("serving role", f"{role} can only add to the journal and the ledger")]


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]
