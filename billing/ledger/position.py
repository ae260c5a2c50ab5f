"""Where an account stands, as a viewer may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.invoices.models import visible_to
from components.data.database import row
from users.permissions.permission import Permission
from users.permissions.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Position:
    """Minor units. ``balance`` is None for who may not see it; ``due`` is then the open sum of the documents
    within reach, and ``due_on`` the earliest of their due days."""

    balance: int | None
    brought_forward: int
    due: int
    due_on: date | None


NOTHING = Position(None, 0, 0, None)


async def position_of(viewer: Viewer) -> Position:
    """One query, whoever asks; none for who may see neither balance nor documents."""
    if viewer.may(Permission.BALANCE_VIEW):
        found = await row(
            Position,
            "SELECT balance, brought_forward, due, due_on FROM account_position WHERE account_id = :account_id",
            account_id=viewer.account_id,
        )
        return found or Position(0, 0, 0, None)
    if not viewer.may(Permission.INVOICES_VIEW):
        return NOTHING
    within = visible_to(viewer)
    found = await row(
        Position,
        "SELECT NULL AS balance, 0 AS brought_forward, CAST(coalesce(sum(i.open), 0) AS BIGINT) AS due, "
        f"min(i.due_on) AS due_on FROM invoice i WHERE i.open > 0 AND {within.sql}",
        **within.values,
    )
    return found or NOTHING
