"""A word to the person when somebody signs in as them from a device not seen before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request

from components.data.database import row
from components.messages.outbox import house_of, letter, short_message
from users.hierarchy.letters_address import letters_address
from users.hierarchy.models import User
from users.notifications.kinds import SIGN_IN, wants
from users.sessions.devices import device

_TEMPLATE = "users/sessions/mail/new_device"
# Of sign-ins from before browsers were known by a cookie, only what the browser said is left.
_SEEN = """
SELECT COUNT(*) > 0 AS earlier, COALESCE(SUM(CASE WHEN device_hash = :device OR (device_hash = '' AND agent = :agent)
  THEN 1 ELSE 0 END), 0) > 0 AS same
FROM session WHERE user_id = :user_id
"""


@dataclass(frozen=True, slots=True)
class _Seen:
    earlier: bool
    same: bool


async def tell_of_device(request: Request, user_id: int, device_hash: str, agent: str, at: datetime) -> None:
    """Before the sign-in is stored, in its transaction. The first sign-in of all is no news.

    Sign-ins are kept for thirty days after their end, so a device not used for so long is new again.
    """
    last = await row(_Seen, _SEEN, user_id=user_id, device=device_hash, agent=agent)
    if last is None or not last.earlier or last.same:
        return
    user = await User.get(id=user_id)
    house = house_of(request)
    browser, system = device(agent)
    facts: dict[str, Any] = {
        "at": at,
        "zone": house.operator.zone,
        "address": request.client.host if request.client else "",
        "device": ", ".join(part for part in (browser, system) if part),
        "login": user.email,
        "profile": f"{house.settings.base_url}/profile/sessions",
    }
    key = f"new_device:{user_id}:{at.isoformat()}"
    if wants(user, SIGN_IN, "email"):
        to = letters_address(user)
        await letter(house, "new_device", _TEMPLATE, to=to, language=user.language, key=key, **facts)
    if wants(user, SIGN_IN, "sms") and house.settings.sms_url:
        to = user.phone or ""
        await short_message(house, "new_device", _TEMPLATE, to=to, language=user.language, key=f"{key}:sms", **facts)
