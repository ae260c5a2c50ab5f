"""Links in letters: issued, found, used once.

A link is bound to its purpose and its receiver; a new one of the same purpose for the same user or membership ends
the one before. The database keeps a hash: who reads it can open nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from components.data import clock
from users.links.models import Link
from users.sessions.tokens import hashed, new_token

Purpose = Literal["invitation", "password", "letters"]


async def issue(
    purpose: Purpose,
    email: str,
    lasts: timedelta,
    *,
    user_id: int | None = None,
    membership_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> str:
    """The token for a letter, in the caller's transaction. It is told here and never again."""
    await cancel(purpose, user_id=user_id, membership_id=membership_id)
    token, now = new_token(), clock.now()
    await Link.create(
        purpose=purpose,
        token_hash=hashed(token),
        user_id=user_id,
        membership_id=membership_id,
        email=email,
        data=data,
        created_at=now,
        expires_at=now + lasts,
    )
    return token


async def find(purpose: Purpose, token: str) -> Link | None:
    """The link of this purpose that still opens something; None for any other text."""
    return await Link.get_or_none(
        purpose=purpose, token_hash=hashed(token[:200]), used_at=None, expires_at__gt=clock.now()
    )


async def use(link: Link) -> bool:
    """Uses it up, in the caller's transaction. False: somebody was faster, or it ran out meanwhile."""
    now = clock.now()
    return bool(await Link.filter(id=link.id, used_at=None, expires_at__gt=now).update(used_at=now, data=None))


async def cancel(purpose: Purpose, *, user_id: int | None = None, membership_id: int | None = None) -> None:
    """Ends every live link of this purpose for a user, or for a membership; without either, none."""
    for name, value in (("user_id", user_id), ("membership_id", membership_id)):
        if value is not None:
            await Link.filter(purpose=purpose, used_at=None, **{name: value}).delete()
