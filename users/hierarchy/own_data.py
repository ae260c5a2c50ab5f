"""What people may change about themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from components.data import clock
from components.data.database import row, transaction
from users.hierarchy.models import Membership, User
from users.hierarchy.placing import call
from users.journal.writing import note
from users.permissions.viewer import Viewer

# Nothing else of a person is changed by a form of theirs: no role, no balance, no confirmed address.
OWN = frozenset({"first_name", "last_name", "language", "theme", "time_zone", "phone", "notifications"})
_NAMES = ("first_name", "last_name")


@dataclass(frozen=True, slots=True)
class OwnData:
    """What a person has said about themself. Letters go to ``letters_email``, or without one to the login's."""

    email: str
    first_name: str
    last_name: str
    phone: str | None
    language: str | None
    theme: str | None
    time_zone: str | None
    notifications: str | None
    letters_email: str | None
    waiting: str | None  # an address for letters that was not confirmed yet

    @property
    def told(self) -> dict[str, Any] | None:
        return json.loads(self.notifications) if self.notifications else None


async def own_data(viewer: Viewer) -> OwnData:
    found = await row(
        OwnData,
        "SELECT u.email, u.first_name, u.last_name, u.phone, u.language, u.theme, u.time_zone, u.notifications,"
        " u.letters_email, (SELECT l.email FROM link l WHERE l.user_id = u.id AND l.purpose = 'letters'"
        "  AND l.used_at IS NULL AND l.expires_at > :now ORDER BY l.id DESC LIMIT 1) AS waiting "
        "FROM person u WHERE u.id = :id",
        id=viewer.user_id,
        now=clock.now(),
    )
    if found is None:
        raise RuntimeError("somebody is signed in who is nobody")
    return found


async def change_own_data(request: Request, viewer: Viewer, changes: Mapping[str, Any]) -> bool:
    """Stores these fields of the viewer's own person, journalled. False: nothing new.

    A person's own name is what all their accounts call them from now on. Raises ValueError for a field that is not
    theirs to change.
    """
    if not set(changes) <= OWN:
        raise ValueError(f"not one's own to change: {sorted(set(changes) - OWN)}")
    async with transaction():
        user = await User.get(id=viewer.user_id)
        before = {name: getattr(user, name) for name in changes}
        changed = {name: value for name, value in changes.items() if value != before[name]}
        if not changed:
            return False
        await User.filter(id=viewer.user_id).update(**changed)
        names = {name: changed[name] for name in _NAMES if name in changed}
        if names:
            for each in await Membership.filter(user_id=viewer.user_id).order_by("id").only("id"):
                await call(each.id, **names)
        await note(
            request,
            "profile.changed",
            viewer=viewer,
            target=viewer.email,
            before={name: before[name] for name in changed},
            after=changed,
        )
    return True
