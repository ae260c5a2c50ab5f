"""What people may change about themselves."""

from __future__ import annotations

from starlette.requests import Request

from components.data.database import transaction
from users.hierarchy.models import User
from users.journal.writing import note
from users.permissions.viewer import Viewer


async def change_own_data(
    request: Request, viewer: Viewer, first_name: str, last_name: str, language: str | None, theme: str | None
) -> bool:
    """Stores name, language and theme of the viewer's own user, and nothing else; journalled. False: nothing new."""
    before = {
        "first_name": viewer.first_name,
        "last_name": viewer.last_name,
        "language": viewer.language,
        "theme": viewer.theme,
    }
    after = {"first_name": first_name, "last_name": last_name, "language": language, "theme": theme}
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return False
    async with transaction():
        await User.filter(id=viewer.user_id).update(**after)
        await note(
            request,
            "profile.changed",
            viewer=viewer,
            target=viewer.email,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return True
