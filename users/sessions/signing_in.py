"""Signing in and out: account number (its owner) or e-mail, and a password.

Nothing tells an outsider whether a login is known: one message, the same work for the password's hash. Tries
are limited per source and login and per source, so nobody can lock another person out from elsewhere; a far
higher limit per login alone stops guessing from many sources at once, but nobody from where they have come in before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request

from components.data import clock, throttle
from components.data.database import execute, row, rows, transaction
from components.data.operator import SessionRules
from components.web.csrf import cookie_name
from components.web.log import log
from users.journal.writing import note
from users.permissions.viewer import Viewer
from users.sessions.models import Session
from users.sessions.new_device import tell_of_device
from users.sessions.passwords import fits
from users.sessions.tokens import COOKIE, hashed, new_token

PER_SOURCE_AND_LOGIN = throttle.Limit("sign-in:source+login", tries=8, seconds=900)
PER_SOURCE = throttle.Limit("sign-in:source", tries=40, seconds=900)
PER_LOGIN = throttle.Limit("sign-in:login", tries=100, seconds=3600)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """``token`` goes into the cookie; ``max_age`` (seconds) is None for a cookie that ends with the browser."""

    token: str
    max_age: int | None


@dataclass(frozen=True, slots=True)
class WrongLogin:
    """Login or password are wrong; which of them is nobody's business."""


@dataclass(frozen=True, slots=True)
class TooManyTries:
    seconds: int


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a login stands for; ``account_id`` is the account that was named by its number."""

    user_id: int
    email: str
    password_hash: str | None
    password_temporary: bool
    password_expires_at: datetime | None
    active: bool
    account_id: int | None


# One row for any login, so that finding nobody takes as long as finding somebody.
_BY_ACCOUNT = """
SELECT u.id AS user_id, u.email, u.password_hash, u.password_temporary, u.password_expires_at, u.active,
  a.id AS account_id
FROM (SELECT 1 AS one) x
LEFT JOIN account a ON a.number = :login
LEFT JOIN membership m ON m.account_id = a.id AND m.owner
LEFT JOIN person u ON u.id = m.user_id
ORDER BY CASE WHEN u.id IS NULL THEN 1 ELSE 0 END, m.id LIMIT 1
"""
_BY_EMAIL = """
SELECT u.id AS user_id, u.email, u.password_hash, u.password_temporary, u.password_expires_at, u.active,
  NULL AS account_id
FROM (SELECT 1 AS one) x LEFT JOIN person u ON u.email = :login
"""


@dataclass(frozen=True, slots=True)
class _Open:
    id: int
    account_id: int


_MEMBERSHIPS = """
SELECT m.id, m.account_id FROM membership m JOIN account a ON a.id = m.account_id
JOIN standing t ON t.membership_id = m.id
WHERE m.user_id = :user_id AND NOT t.suspended
AND (t.valid_from IS NULL OR t.valid_from <= :today) AND (t.valid_until IS NULL OR t.valid_until >= :today)
ORDER BY CASE WHEN a.closed_on IS NULL THEN 0 ELSE 1 END, a.number
"""
_USED = """
UPDATE person SET password_expires_at = :now
WHERE id = :id AND password_temporary AND (password_expires_at IS NULL OR password_expires_at > :now)
"""


async def sign_in(request: Request, login: str, password: str, remember: bool) -> SignedIn | WrongLogin | TooManyTries:
    """Checks the person and begins a session, journalled. A session the browser had before is ended."""
    login = login.strip().lower()[:254]
    seconds = await to_wait(request, login)
    if seconds:
        # Not journalled: a flood must not fill the journal. What led here was, try by try.
        log.warning("sign-in throttled", seconds=seconds)
        return TooManyTries(seconds)
    person = await person_called(login)
    right = await fits(password, person.password_hash if person else None)
    begun = None
    if person is not None and right and person.active:
        membership = await _first_membership(request, person)
        begun = await _begin(request, person, membership, remember) if membership else None
    if begun is None:
        await throttle.count(*limits_of(request, login))
        # Without the person, known or not: checking that they exist takes PostgreSQL a while that can be measured.
        await note(request, "session.refused", actor=login)
        return WrongLogin()
    return begun


def limits_of(request: Request, login: str) -> tuple[tuple[throttle.Limit, str], ...]:
    """What a try at a login's password counts against: wherever it is asked for, they are the same tries."""
    source = request.client.host if request.client else "-"
    return (
        (PER_SOURCE_AND_LOGIN, f"{source}|{hashed(login)[:32]}"),
        (PER_SOURCE, source),
        (PER_LOGIN, hashed(login)[:32]),
    )


async def to_wait(request: Request, login: str) -> int:
    """Seconds until the next try at this login's password from here; 0: go ahead."""
    limits = limits_of(request, login)
    seconds = await throttle.wait(*limits)
    if seconds and not await throttle.wait(*limits[:-1]) and await _came_from_here(request, login):
        return 0
    return seconds


async def _came_from_here(request: Request, login: str) -> bool:
    person, address = await person_called(login), request.client.host[:64] if request.client else ""
    return bool(address and person and await Session.exists(user_id=person.user_id, address=address))


async def person_called(login: str) -> Person | None:
    """Whose login this is: an e-mail's, or an account number's owner."""
    found = await row(Person, _BY_EMAIL if "@" in login else _BY_ACCOUNT, login=login)
    return found if found and found.user_id else None


async def _first_membership(request: Request, person: Person) -> _Open | None:
    """The account that was named at sign-in, else the first open one."""
    today = clock.today(request.app.state.operator.zone)
    found = await rows(_Open, _MEMBERSHIPS, user_id=person.user_id, today=today)
    named = (each for each in found if each.account_id == person.account_id)
    return next(named, found[0] if found else None)


async def _begin(request: Request, person: Person, membership: _Open, remember: bool) -> SignedIn | None:
    """None where the password was temporary and has been used or run out: it begins one sign-in, to replace it."""
    rules: SessionRules = request.app.state.operator.sessions
    now = clock.now()
    remember = remember and not person.password_temporary
    lasts = timedelta(days=rules.remember_days) if remember else timedelta(hours=rules.longest_hours)
    token = new_token()
    async with transaction():
        if person.password_temporary and not await execute(_USED, now=now, id=person.user_id):
            return None
        agent = request.headers.get("user-agent", "")[:300]
        await tell_of_device(request, person.user_id, agent, now)
        before = request.cookies.get(cookie_name(request, COOKIE))
        if before:
            await Session.filter(token_hash=hashed(before), ended_at=None).update(ended_at=now)
        await Session.create(
            token_hash=hashed(token),
            user_id=person.user_id,
            membership_id=membership.id,
            remember=remember,
            created_at=now,
            seen_at=now,
            expires_at=now + lasts,
            address=(request.client.host if request.client else "")[:64],
            agent=agent,
        )
        await note(
            request,
            "session.started",
            actor=person.email,
            user_id=person.user_id,
            account_id=membership.account_id,
        )
    return SignedIn(token, int(lasts.total_seconds()) if remember else None)


async def sign_out(request: Request, viewer: Viewer) -> None:
    """Ends this session on the server; its cookie opens nothing any more."""
    async with transaction():
        await Session.filter(id=viewer.session_id, ended_at=None).update(ended_at=clock.now())
        await note(request, "session.ended", viewer=viewer)
