"""What people may change about themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from components.data.database import transaction
from users.hierarchy.models import Membership, User
from users.hierarchy.placing import call
from users.journal.writing import note
from users.permissions.viewer import Viewer

# Nothing else of a person is changed by a form of theirs: no role, no balance, no confirmed address.
OWN = frozenset({"first_name", "last_name", "language", "theme", "time_zone", "phone", "notifications"})
_NAMES = ("first_name", "last_name")


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
