"""Reading services within a viewer's reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from components.data.database import row, rows
from dashboard.services.models import visible_to
from dashboard.usage.reading import LAST_DAYS_SQL, DaySum, read_last_days
from users.permissions.permission import Permission
from users.permissions.viewer import Viewer

MOST = 500

_COLUMNS = """s.id, s.number, c.number AS contract, c.product AS contract_product, s.kind, s.name, s.tariff,
 s.monthly_fee, s.unit, s.status, s.status_since, s.activated_on, s.ended_on, s.address, s.resource, s.quota,
 s.commitment"""
_NO_DAYS = "NULL AS days"


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
    days: str | None  # see read_last_days; None where it was not asked for

    @property
    def last_days(self) -> list[DaySum]:
        return read_last_days(self.days)


async def list_services(viewer: Viewer, contract_id: int | None, most: int = MOST) -> list[Service]:
    """Those within reach (of one contract, or of all), by contract; running ones before ended ones. One query,
    with the days of each for who may see usage."""
    within = visible_to(viewer)
    days = f"{LAST_DAYS_SQL} AS days" if viewer.may(Permission.USAGE_VIEW) else _NO_DAYS
    narrowed = "AND c.id = :contract_id" if contract_id else ""
    return await rows(
        Service,
        f"SELECT {_COLUMNS}, {days} FROM service s JOIN contract c ON c.id = s.contract_id "
        f"WHERE {within.sql} {narrowed} "
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
        f"SELECT {_COLUMNS}, {_NO_DAYS} FROM service s JOIN contract c ON c.id = s.contract_id "
        f"WHERE s.number = :number AND {within.sql}",
        number=number,
        **within.values,
    )
