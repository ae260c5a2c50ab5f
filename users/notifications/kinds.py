"""What people are told of, by which way, and whether they want it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from components.web.language import N_
from users.hierarchy.models import User

Channel = Literal["email", "sms"]
CHANNELS: Final[tuple[Channel, ...]] = ("email", "sms")


@dataclass(frozen=True, slots=True)
class Kind:
    """``at_first``: the ways that are on until the person says otherwise."""

    name: str
    words: str
    at_first: frozenset[Channel]


SIGN_IN: Final = Kind("sign_in", N_("A sign-in from a device not seen before"), frozenset({"email"}))
RIGHTS: Final = Kind("rights", N_("My rights were changed"), frozenset({"email"}))
KINDS: Final = (SIGN_IN, RIGHTS)


def chosen(notifications: Mapping[str, Any] | None, kind: Kind) -> frozenset[Channel]:
    """The ways on which a person wants to be told of this."""
    if notifications is None or kind.name not in notifications:
        return kind.at_first
    return frozenset(each for each in CHANNELS if each in notifications[kind.name])


def wants(user: User, kind: Kind, channel: Channel) -> bool:
    return channel in chosen(user.notifications, kind) and (channel == "email" or bool(user.phone))
