"""The letters about a person's own data: one function a message."""

from __future__ import annotations

from datetime import timedelta

from components.data import clock
from components.jobs.work import House
from components.messages.outbox import letter
from users.hierarchy.models import User
from users.sessions.tokens import hashed

_FOLDER = "users/hierarchy/mail"


async def confirm_letters_address(house: House, user: User, address: str, token: str, lasts: timedelta) -> None:
    """To the new address: the link that makes it count."""
    await letter(
        house,
        "letters_address_confirm",
        f"{_FOLDER}/letters_address_confirm",
        to=address,
        language=user.language,
        key=f"letters-address:{user.id}:{hashed(token)[:16]}",
        expires_at=clock.now() + lasts,
        secret=True,
        login=user.email,
        link=f"{house.settings.base_url}/profile/letters/{token}",
    )


async def tell_letters_address(house: House, user: User, before: str, after: str) -> None:
    """To the old address: letters go elsewhere from now on, and what to do if that was somebody else."""
    await letter(
        house,
        "letters_address_changed",
        f"{_FOLDER}/letters_address_changed",
        to=before,
        language=user.language,
        key=f"letters-address-changed:{user.id}:{clock.now().timestamp()}",
        login=user.email,
        address=after,
        profile=f"{house.settings.base_url}/profile",
    )
