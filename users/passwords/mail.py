"""The letters about passwords: one function a message. Links begin with the configured address, never a request's."""

from __future__ import annotations

from datetime import datetime

from components.jobs.work import House
from components.messages.outbox import letter
from users.hierarchy.models import User
from users.sessions.tokens import hashed

_FOLDER = "users/passwords/mail"


async def reset_link(house: House, user: User, token: str, until: datetime, language: str) -> None:
    """The link for a forgotten password."""
    await letter(
        house,
        "password_reset",
        f"{_FOLDER}/reset",
        to=user.letters_email or user.email,
        language=user.language or language,
        key=f"password_reset:{user.id}:{hashed(token)[:16]}",
        expires_at=until,
        secret=True,
        link=f"{house.settings.base_url}/password-reset/{token}",
        login=user.email,
        minutes=30,
    )


async def password_changed(house: House, user: User, at: datetime, address: str, language: str) -> None:
    """Somebody, we hope the person, has set a new password."""
    await letter(
        house,
        "password_changed",
        f"{_FOLDER}/changed",
        to=user.letters_email or user.email,
        language=user.language or language,
        key=f"password_changed:{user.id}:{at.isoformat()}",
        login=user.email,
        at=at,
        zone=house.operator.zone,
        address=address,
    )
