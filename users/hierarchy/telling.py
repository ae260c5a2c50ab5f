"""Telling people that their own rights were changed, by the ways they want."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from components.messages.outbox import house_of, letter, short_message
from users.hierarchy.letters_address import letters_address
from users.hierarchy.models import User
from users.hierarchy.tree import Member
from users.notifications.kinds import RIGHTS, wants
from users.permissions.viewer import Viewer
from users.permissions.words import WORDS
from users.sessions.tokens import new_token

_TEMPLATE = "users/hierarchy/mail/rights"


async def tell_of_rights(request: Request, viewer: Viewer, before: Member, after: Member) -> None:
    """To the person themself, in the transaction of the change. What others above them have is not said."""
    if after.user_id is None or before.own == after.own:
        return
    user = await User.get(id=after.user_id)
    house, key = house_of(request), f"rights:{after.id}:{new_token()[:16]}"
    facts: dict[str, Any] = {
        "by": viewer.name,
        "account": viewer.account,
        "customer": viewer.customer,
        "given": [WORDS[each] for each in sorted(after.own.permissions - before.own.permissions)],
        "taken": [WORDS[each] for each in sorted(before.own.permissions - after.own.permissions)],
        "link": house.settings.base_url,
    }
    if wants(user, RIGHTS, "email"):
        to = letters_address(user)
        await letter(house, "rights", _TEMPLATE, to=to, language=user.language, key=key, expires_at=None, **facts)
    if wants(user, RIGHTS, "sms") and house.settings.sms_url:
        to = user.phone or ""
        await short_message(
            house, "rights", _TEMPLATE, to=to, language=user.language, key=f"{key}:sms", expires_at=None, **facts
        )
