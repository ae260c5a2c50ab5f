"""How old the figures are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from components.data.database import row


@dataclass(frozen=True, slots=True)
class Ages:
    """When the billing system's figures last came in, and when they last brought something new."""

    imported_at: datetime | None


async def ages() -> Ages:
    found = await row(Ages, "SELECT max(finished_at) AS imported_at FROM import_run")
    return found or Ages(None)
