"""Changes to somebody's grant, as the product stores them: with the standing of everybody below."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components.data.database import transaction
from users.hierarchy.models import Membership
from users.hierarchy.placing import regrant
from users.hierarchy.tree import Member, member


async def seat(email: str) -> Member:
    found = await member((await Membership.get(email=email)).id)
    assert found
    return found


async def grant(email: str, **changes: Any) -> None:
    """Other values for some fields of the ``Rights`` that were granted to this person."""
    async with transaction():
        one = await seat(email)
        await regrant(one, replace(one.own, **changes))
