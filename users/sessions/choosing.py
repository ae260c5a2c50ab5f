"""What a person looks at: which of their accounts, which contract of it."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from users.permissions.viewer import Viewer
from users.sessions.models import Session


async def choose_account(viewer: Viewer, number: str) -> None:
    """Turns to another account of this person's; 404 for any other number."""
    chosen = next((each for each in viewer.accounts if each.number == number), None)
    if chosen is None:
        raise HTTPException(404)
    await Session.filter(id=viewer.session_id).update(membership_id=chosen.membership_id, contract_id=None)


async def choose_contract(viewer: Viewer, number: str) -> None:
    """Narrows the lists to one contract within reach, or (empty) opens them to all; 404 for any other number."""
    chosen = next((each for each in viewer.contracts if each.number == number), None)
    if number and chosen is None:
        raise HTTPException(404)
    await Session.filter(id=viewer.session_id).update(contract_id=chosen.id if chosen else None)
