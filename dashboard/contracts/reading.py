"""Reading contracts within a viewer's reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from components.data.database import row, rows
from users.parties.models import visible_contracts
from users.permissions.viewer import Viewer

MOST = 1000

_COLUMNS = """c.id, c.number, c.product_class, c.product, c.signed_on, c.starts_on, c.ends_on, c.status, c.channel,
 c.subject, c.notice_days"""


@dataclass(frozen=True, slots=True)
class Contract:
    id: int
    number: str
    product_class: str | None
    product: str | None
    signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    status: str
    channel: str | None
    subject: str | None
    notice_days: int | None


async def list_contracts(viewer: Viewer) -> list[Contract]:
    """All within reach, those in force first, then by number."""
    within = visible_contracts(viewer)
    return await rows(
        Contract,
        f"SELECT {_COLUMNS} FROM contract c WHERE {within.sql} "
        f"ORDER BY CASE WHEN c.status = 'ended' THEN 1 ELSE 0 END, c.number LIMIT {MOST}",
        **within.values,
    )


async def find_contract(viewer: Viewer, number: str) -> Contract | None:
    """The contract with this number, or None where it is unknown or out of reach."""
    within = visible_contracts(viewer)
    return await row(
        Contract,
        f"SELECT {_COLUMNS} FROM contract c WHERE c.number = :number AND {within.sql}",
        number=number,
        **within.values,
    )
