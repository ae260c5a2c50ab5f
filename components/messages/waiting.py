"""Messages that wait, and how their waiting ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from components.data import clock
from components.data.database import execute, row

End = Literal["sent", "failed", "expired"]
# Nobody needs a secret any more once its message has left or never will.
_EMPTIED = ", ".join(f"{text} = CASE WHEN secret THEN '' ELSE {text} END" for text in ("text", "html"))


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    key: str
    channel: str
    kind: str
    receiver: str
    language: str
    subject: str
    text: str
    html: str
    created_at: datetime
    expires_at: datetime | None

    def is_over(self, at: datetime) -> bool:
        return self.expires_at is not None and at >= self.expires_at


async def waiting(message_id: int) -> Waiting | None:
    """The message, unless it has left or will not."""
    return await row(
        Waiting,
        "SELECT id, key, channel, kind, receiver, language, subject, text, html, created_at, expires_at "
        "FROM message WHERE id = :id AND state = 'waiting'",
        id=message_id,
    )


async def end(message_id: int, state: End, error: str = "") -> None:
    """It has left, was given up, or is over. One that was found over while it left has left."""
    await execute(
        f"UPDATE message SET state = :state, error = :error, sent_at = :sent_at, tries = tries + :tried, {_EMPTIED} "
        "WHERE id = :id AND state IN ('waiting', 'expired')",
        id=message_id,
        state=state,
        error=error[:400],
        sent_at=clock.now() if state == "sent" else None,
        tried=0 if state == "expired" else 1,
    )


async def note_try(message_id: int, error: str) -> None:
    """It could not leave this time."""
    await execute(
        "UPDATE message SET tries = tries + 1, error = :error WHERE id = :id AND state = 'waiting'",
        id=message_id,
        error=error[:400],
    )


async def end_those_over() -> int:
    """Ends all that are over, whatever has become of their jobs; how many."""
    return await execute(
        f"UPDATE message SET state = 'expired', {_EMPTIED} WHERE state = 'waiting' AND expires_at <= :now",
        now=clock.now(),
    )


async def forget_ended(older_than: datetime, at_most: int) -> int:
    """Deletes messages of before that moment which wait no more; how many."""
    return await execute(
        "DELETE FROM message WHERE id IN (SELECT id FROM message WHERE state IN ('sent', 'failed', 'expired') "
        "AND created_at < :before LIMIT :at_most)",
        before=older_than,
        at_most=at_most,
    )
