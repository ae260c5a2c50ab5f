"""Saying something to somebody: written in the caller's transaction, sent once that is committed, never if it isn't.

``letter(house_of(request), "password_reset", "users/passwords/mail/reset", to=…, language=…, key=…, link=…)`` renders
``users/passwords/mail/reset.subject.txt``, ``.txt`` and ``.html`` in the receiver's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import structlog
from starlette.requests import Request

from components.data import clock
from components.data.database import returning
from components.jobs.queue import enqueue
from components.jobs.work import House
from components.messages.receivers import email_address, phone_number
from components.messages.rendering import Texts, letter_texts, short_text

Channel = Literal["email", "sms"]


def house_of(request: Request) -> House:
    """Where a request is answered: the settings and the operator that a message speaks for."""
    return House(request.app.state.settings, request.app.state.operator)


async def letter(
    house: House,
    kind: str,
    template: str,
    *,
    to: str,
    language: str | None,
    key: str,
    expires_at: datetime | None = None,
    secret: bool = False,
    **facts: Any,
) -> None:
    """An e-mail. The same ``key`` twice is one letter: the first.

    It never leaves after ``expires_at``, when what it speaks of is over. The texts of a ``secret`` one (a link, a
    password) are kept only until it has left; its subject must hold no secret. Raises ValueError where ``to`` is no
    address. The template knows ``facts``, ``operator`` and ``base_url``; see ``components/messages/letter.html``.
    """
    receiver, code = email_address(to), spoken(house, language)
    texts = letter_texts(house, code, template, facts)
    await _put("email", house, kind, receiver, code, key, expires_at, secret, texts)


async def short_message(
    house: House,
    kind: str,
    template: str,
    *,
    to: str,
    language: str | None,
    key: str,
    expires_at: datetime | None = None,
    secret: bool = False,
    **facts: Any,
) -> None:
    """An SMS, out of the one template ``<template>.sms.txt``. In all else like ``letter``."""
    receiver, code = phone_number(to), spoken(house, language)
    texts = Texts("", short_text(house, code, template, facts), "")
    await _put("sms", house, kind, receiver, code, key, expires_at, secret, texts)


def spoken(house: House, language: str | None) -> str:
    """The receiver's language where the operator offers it, else the operator's first."""
    offered = house.operator.languages
    return language if language in offered else offered[0]


@dataclass(frozen=True, slots=True)
class _Put:
    id: int


async def _put(
    channel: Channel,
    house: House,
    kind: str,
    receiver: str,
    language: str,
    key: str,
    expires_at: datetime | None,
    secret: bool,
    texts: Texts,
) -> None:
    if not 0 < len(key) <= 200:
        raise ValueError("a message's key has 1 to 200 characters")
    made = await returning(
        _Put,
        """
INSERT INTO message (key, channel, kind, receiver, language, subject, text, html, secret, state, tries, error,
  request_id, created_at, expires_at)
VALUES (:key, :channel, :kind, :receiver, :language, :subject, :text, :html, :secret, 'waiting', 0, '',
  :request, :now, :expires)
ON CONFLICT (key) DO NOTHING RETURNING id""",
        key=key,
        channel=channel,
        kind=kind,
        receiver=receiver,
        language=language,
        subject=texts.subject,
        text=texts.text,
        html=texts.html,
        secret=secret,
        request=str(structlog.contextvars.get_contextvars().get("request", ""))[:64],
        now=clock.now(),
        expires=expires_at,
    )
    for each in made:
        await enqueue("message.send", key=f"message:{each.id}", message_id=each.id)
