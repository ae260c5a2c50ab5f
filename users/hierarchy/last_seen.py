"""When somebody was last seen on this account; what they did elsewhere is nobody's business here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from components.data.database import row


@dataclass(frozen=True, slots=True)
class _Seen:
    at: datetime | None


async def last_seen(membership_id: int) -> datetime | None:
    """Their last page within the sign-ins that are still kept; None where there is none."""
    found = await row(_Seen, "SELECT max(seen_at) AS at FROM session WHERE membership_id = :id", id=membership_id)
    return found.at if found else None
