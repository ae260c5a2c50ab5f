"""Reading services within a viewer's reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from components.data.database import row, rows
from dashboard.services.models import visible_to
from users.permissions.viewer import Viewer

MOST = 500

_COLUMNS = """s.id, s.number, c.number AS contract, c.product AS contract_product, s.kind, s.name, s.tariff,
 s.monthly_fee, s.unit, s.status, s.status_since, s.activated_on, s.ended_on, s.address, s.resource, s.quota,
 s.commitment"""


@dataclass(frozen=True, slots=True)
class Service:
    id: int
    number: str
    contract: str
    contract_product: str | None
    kind: str
    name: str
    tariff: str | None
    monthly_fee: int | None
    unit: str | None
    status: str
    status_since: date | None
    activated_on: date | None
    ended_on: date | None
    address: str | None
    resource: str | None
    quota: int | None
    commitment: int | None


async def list_services(viewer: Viewer, contract_id: int | None, most: int = MOST) -> list[Service]:
    """Those within reach (of one contract, or of all), by contract; running ones before ended ones."""
    within = visible_to(viewer)
    narrowed = "AND c.id = :contract_id" if contract_id else ""
    return await rows(
        Service,
        f"SELECT {_COLUMNS} FROM service s JOIN contract c ON c.id = s.contract_id WHERE {within.sql} {narrowed} "
        f"ORDER BY CASE WHEN c.status = 'ended' THEN 1 ELSE 0 END, c.number, "
        f"CASE WHEN s.status = 'ended' THEN 1 ELSE 0 END, s.number LIMIT {int(most)}",
        **within.values,
        **({"contract_id": contract_id} if contract_id else {}),
    )


async def find_service(viewer: Viewer, number: str) -> Service | None:
    """The service with this number, or None where it is unknown or out of reach."""
    within = visible_to(viewer)
    return await row(
        Service,
        f"SELECT {_COLUMNS} FROM service s JOIN contract c ON c.id = s.contract_id "
        f"WHERE s.number = :number AND {within.sql}",
        number=number,
        **within.values,
    )
