"""The three places where a stranger, or a neighbour, could ask whether a login is known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from components.data import clock
from tests.support.cast import AIGERIM
from tests.support.client import Answer, Cabinet
from users.hierarchy.models import User
from users.sessions.passwords import hash_now

Ask = Callable[[str], Awaitable[Answer]]
DOMAIN = "company.example"


@dataclass(frozen=True, slots=True)
class Question:
    """``ask`` is given a login. ``fresh``: each login is asked for once only."""

    name: str
    ask: Ask
    status: int
    fresh: bool = False


def known(number: int) -> str:
    """A login that there is; of the same length as one that there isn't."""
    return f"known{number:06d}@{DOMAIN}"


def unknown(number: int) -> str:
    return f"other{number:06d}@{DOMAIN}"


async def people(many: int) -> None:
    """So many people with a login and without an account."""
    made, now = hash_now("a password of theirs"), clock.now()
    await User.bulk_create([User(email=known(n), password_hash=made, created_at=now) for n in range(many)])


async def questions(cabinet: Cabinet) -> list[Question]:
    stranger, owner = cabinet.visitor(), await cabinet.sign_in(AIGERIM)
    form, owners_form = await stranger.token(), await owner.token()

    async def sign_in(login: str) -> Answer:
        return await stranger.post("/sign-in", {"login": login, "password": "not this one"}, token=form)

    async def reset(login: str) -> Answer:
        return await stranger.post("/password-reset", {"login": login}, token=form)

    async def invite(login: str) -> Answer:
        fields = {"email": login, "password_mode": "generated", "role": "viewer", "reach": "all"}
        return await owner.post("/users/new", fields, token=owners_form)

    return [
        Question("sign-in", sign_in, 422),
        Question("reset", reset, 303),
        Question("invitation", invite, 303, fresh=True),
    ]
