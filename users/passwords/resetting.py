"""A forgotten password: a link by letter, single use, thirty minutes, and a new password behind it.

Nobody learns from asking whether a login is known: the request only writes down that somebody asked, whoever it was
for, and the worker looks whether there is anybody. So the two take the same work, answer alike and last alike.

How many may ask: per source, and per source and login, so that nobody stops another from elsewhere. Per receiver three
letters in as long as a link lives: who gets no fourth has one in their mailbox that still works.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request

from components.data import clock, throttle
from components.data.database import transaction
from components.jobs.queue import enqueue
from components.jobs.work import House
from components.web.log import log
from components.web.pages import language
from users.hierarchy.models import User
from users.hierarchy.refusing import Refused
from users.journal.models import JournalRow
from users.journal.writing import note
from users.links import links
from users.links.models import Link
from users.passwords.mail import reset_link
from users.passwords.own_words import own_words
from users.passwords.policy import check
from users.passwords.replacing import replace
from users.sessions.passwords import hash_password
from users.sessions.signing_in import TooManyTries, person_called
from users.sessions.tokens import hashed

LASTS = timedelta(minutes=30)
ASKED = "password.reset_asked"
PER_SOURCE_AND_LOGIN = throttle.Limit("reset:source+login", tries=5, seconds=900)
PER_SOURCE = throttle.Limit("reset:source", tries=30, seconds=3600)
PER_RECEIVER = throttle.Limit("reset:receiver", tries=3, seconds=int(LASTS.total_seconds()))
TRIES_PER_SOURCE = throttle.Limit("reset-try:source", tries=30, seconds=900)


@dataclass(frozen=True, slots=True)
class Set:
    """The new password counts from now on."""

    login: str


@dataclass(frozen=True, slots=True)
class Dead:
    """The link opens nothing: used, too old, replaced by a newer one, or never one of ours."""


async def ask_for_reset(request: Request, login: str) -> TooManyTries | None:
    """Notes the wish for a link; a worker sends it, if there is anybody to send it to. The same for every login."""
    login = login.strip().lower()[:254]
    source = request.client.host if request.client else "-"
    limits = ((PER_SOURCE_AND_LOGIN, f"{source}|{hashed(login)[:32]}"), (PER_SOURCE, source))
    seconds = await throttle.wait(*limits)
    if seconds:
        log.warning("reset throttled", seconds=seconds)
        return TooManyTries(seconds)
    async with transaction():
        await throttle.count(*limits)
        await note(request, ASKED, actor=login)
        await enqueue(ASKED, key=hashed(login)[:32], login=login, language=language(request).code, address=source[:64])
    return None


async def send_link(house: House, login: str, spoken: str, address: str, request_id: str) -> None:
    """The worker's part, in its transaction: the letter to the login's person, if there is one."""
    person = await person_called(login)
    user = await User.get_or_none(id=person.user_id, active=True) if person else None
    if user is None:
        return
    receiver = (PER_RECEIVER, str(user.id))
    if await throttle.wait(receiver):
        log.warning("reset letters throttled", user=user.id)
        return
    await throttle.count(receiver)
    token = await links.issue("password", user.email, LASTS, user_id=user.id)
    await reset_link(house, user, token, clock.now() + LASTS, spoken)
    await JournalRow.create(
        at=clock.now(),
        user_id=user.id,
        actor=login,
        act="password.reset_sent",
        target=user.email,
        address=address,
        request_id=request_id,
    )


async def behind(request: Request, token: str) -> User | Dead | TooManyTries:
    """Whose password the link sets. Tries with links that open nothing are counted per source."""
    limit = (TRIES_PER_SOURCE, request.client.host if request.client else "-")
    seconds = await throttle.wait(limit)
    if seconds:
        return TooManyTries(seconds)
    link = await links.find("password", token)
    user = await _user(link)
    if user is None:
        await throttle.count(limit)
        return Dead()
    return user


async def reset(request: Request, token: str, password: str) -> Set | Dead | TooManyTries:
    """Uses the link up and sets the password; every sign-in of the person ends. Refused for one against the rules."""
    asked = await behind(request, token)
    if not isinstance(asked, User):
        return asked
    fault = check(password, operator=request.app.state.operator, own_words=await own_words(asked.id))
    if fault:
        raise Refused("password", fault, **fault.values)
    password_hash = await hash_password(password)
    async with transaction():
        link = await links.find("password", token)
        user = await _user(link)
        if link is None or user is None or not await links.use(link):
            return Dead()
        if not await replace(request, user, password_hash, "password.reset"):
            return Dead()
    return Set(user.email)


async def _user(link: Link | None) -> User | None:
    if link is None:
        return None
    return await User.get_or_none(id=link.user_id, email=link.email, active=True)  # type: ignore[attr-defined]
