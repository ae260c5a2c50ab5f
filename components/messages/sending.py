"""One message on its way out, once or (if we are killed in between) twice with the same id, never after it is over."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from components.data import clock
from components.jobs.errors import Failed
from components.jobs.queue import enqueue
from components.jobs.work import House, Work
from components.messages.composing import ascii_domain, composed, sender_of, token_of
from components.messages.refusals import NoWayOut, Refused
from components.messages.sms import send_sms
from components.messages.smtp import send_mail
from components.messages.waiting import End, Waiting, end, note_try, waiting

log = structlog.get_logger("kabinet")
TRIES = 100  # with the jobs' back-off almost three days
SECONDS = 60  # for the whole conversation
SOONEST, LATEST = timedelta(minutes=1), timedelta(minutes=15)  # until it is looked whether there is a server now


async def send(work: Work, message_id: int) -> None:
    """Sends it and ends the job, or raises Failed: it is tried again."""
    message = await waiting(message_id)
    if message is None:
        return
    now = clock.now()
    if message.is_over(now):
        return await _end(work, message, "expired")
    left = (message.expires_at - now).total_seconds() if message.expires_at else SECONDS
    try:
        async with asyncio.timeout(min(SECONDS, left)):
            await _hand_over(message, work.house)
    except NoWayOut:
        async with work.ending():
            again = min(max(now - message.created_at, SOONEST), LATEST)
            await enqueue("message.send", key=f"message:{message.id}", after=again, message_id=message.id)
        log.warning("message waits: no server is set for it", **_told(message))
    except Refused as error:
        await _end(work, message, "failed", str(error))
    except (Failed, TimeoutError) as error:
        reason = str(error) or "the other side took too long"
        if work.claim.tries >= TRIES:
            return await _end(work, message, "failed", reason)
        await note_try(message.id, reason)
        raise Failed(reason) from None
    else:
        await _end(work, message, "sent")


async def _hand_over(message: Waiting, house: House) -> None:
    settings, operator = house.settings, house.operator
    if message.channel == "email":
        if settings.smtp_url is None:
            raise NoWayOut
        letter = composed(message, settings, operator, clock.now())
        sender, receiver = sender_of(settings, operator), ascii_domain(message.receiver)
        await send_mail(settings.smtp_url.get_secret_value(), settings.host, sender, receiver, letter)
    else:
        if settings.sms_url is None:
            raise NoWayOut
        await send_sms(settings.sms_url.get_secret_value(), token_of(message), message.receiver, message.text)


async def _end(work: Work, message: Waiting, state: End, error: str = "") -> None:
    async with work.ending():
        await end(message.id, state, error)
    tell = log.error if state == "failed" else log.info
    tell(f"message {state}", tries=work.claim.tries, error=error, **_told(message))


def _told(message: Waiting) -> dict[str, object]:
    """What a log may say of it: not to whom, and nothing of what."""
    return {"message": message.id, "channel": message.channel, "kind": message.kind}
