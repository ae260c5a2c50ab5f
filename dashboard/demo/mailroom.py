"""The demo's stand-ins for a mail server and an SMS provider: real protocols, and nothing leaves this machine.

The product sends to them as it would to the real ones. What they receive is kept in a Maildir beside the demo's
database, for ``/demo/inbox``. A second copy of what they have already (the same Message-ID) is dropped.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import mailbox
import secrets
import tempfile
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as STANDARD
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

from components.data import clock
from components.data.settings import Settings, is_loopback

USER = "demo"
_CHANNEL, _RECEIVER, _AT = "X-Kabinet-Channel", "X-Kabinet-Receiver", "X-Kabinet-Received"


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the letters and SMS that came, by its id here; ``key`` is the Maildir's."""

    id: str
    key: str
    message_id: str
    channel: str
    receiver: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Received:
    entry: Entry
    subject: str
    text: str
    html: str


class Mailroom:
    """What came, in the order it came. Its methods ask the disk: call them in a thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.password = secrets.token_urlsafe(24)
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] | None = None

    def keep(self, channel: str, receiver: str, message: EmailMessage) -> None:
        """Keeps it, unless it is here already."""
        with self._lock:
            entries = self._known()
            wanted = str(message["Message-ID"] or "")
            if any(wanted == each.message_id and receiver == each.receiver for each in entries.values() if wanted):
                return
            for name, value in ((_CHANNEL, channel), (_RECEIVER, receiver), (_AT, clock.now().isoformat())):
                del message[name]
                message[name] = value
            key = self._box().add(message)
            made = _entry(key, message)
            entries[made.id] = made

    def newest(self, to: str = "", before: str = "", at_most: int = 20) -> tuple[list[Received], str]:
        """The newest first, those to a receiver whose address holds ``to``; and the id to go on before, if any."""
        with self._lock:
            found = [each for each in reversed(self._known().values()) if to.lower() in each.receiver.lower()]
        ids = [each.id for each in found]
        start = ids.index(before) + 1 if before in ids else 0
        shown = found[start : start + at_most]
        more = len(found) > start + at_most
        return [self._read(each) for each in shown], shown[-1].id if more else ""

    def one(self, id: str) -> Received | None:
        with self._lock:
            entry = self._known().get(id)
        return self._read(entry) if entry else None

    def _box(self) -> mailbox.Maildir:
        return mailbox.Maildir(self.folder, factory=None, create=True)

    def _known(self) -> dict[str, Entry]:
        if self._entries is None:
            box = self._box() if self.folder.is_dir() else None
            found = [_entry(key, _parsed(box.get_bytes(key))) for key in box.keys()] if box is not None else []  # noqa: SIM118
            self._entries = {each.id: each for each in sorted(found, key=lambda each: (each.at, each.key))}
        return self._entries

    def _read(self, entry: Entry) -> Received:
        try:
            message = _parsed(self._box().get_bytes(entry.key))
        except KeyError:  # somebody has tidied up the folder
            message = EmailMessage(policy=STANDARD)
        return Received(entry, str(message["Subject"] or ""), _body(message, "plain"), _body(message, "html"))


def mailroom_for(settings: Settings) -> Mailroom:
    """Beside the demo's database; raises ValueError where others than this machine's could read it."""
    if not settings.demo or not is_loopback(settings.host):
        raise ValueError("the demo's inbox is for a demo on a loopback address only")
    url = settings.database_url.get_secret_value()
    if url.startswith("sqlite"):
        return Mailroom(folder_beside(Path(url.removeprefix("sqlite://").split("?")[0])))
    return Mailroom(Path(tempfile.gettempdir()) / f"kabinet-demo-{secrets.token_hex(8)}")


def folder_beside(database: Path) -> Path:
    return database.with_suffix(".mail")


@asynccontextmanager
async def receiving(mailroom: Mailroom, settings: Settings) -> AsyncIterator[Settings]:
    """Both stand-ins, open meanwhile; the settings by which the product sends to them and nowhere else."""

    class Door:
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            content = envelope.content
            message = _parsed(content if isinstance(content, bytes) else (content or "").encode())
            for receiver in envelope.rcpt_tos:
                await asyncio.to_thread(mailroom.keep, "email", receiver, message)
            return "250 kept for the demo's inbox"

    def answer() -> SMTP:
        return SMTP(Door(), hostname="demo.localhost", enable_SMTPUTF8=True)

    server = await asyncio.get_running_loop().create_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    base = urlsplit(settings.base_url)
    sms = urlunsplit((base.scheme, f"{USER}:{mailroom.password}@{base.netloc}", "/demo/sms", "", ""))
    try:
        yield settings.model_copy(update={"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}"), "sms_url": SecretStr(sms)})
    finally:
        server.close()


def is_let_in(mailroom: Mailroom, authorization: str) -> bool:
    """Whether an SMS is sent by who may: the password is in the demo's own KABINET_SMS_URL."""
    wanted = base64.b64encode(f"{USER}:{mailroom.password}".encode()).decode()
    return hmac.compare_digest(authorization.encode(), f"Basic {wanted}".encode())


def short_message(id: str, to: str, text: str) -> EmailMessage:
    """An SMS as the Maildir keeps it."""
    made = EmailMessage(policy=STANDARD)
    made["Message-ID"] = f"<{hashlib.sha256(id.encode()).hexdigest()[:32]}@sms.localhost>"
    made.set_content(text, cte="base64")
    return made


def _entry(key: str, message: EmailMessage) -> Entry:
    return Entry(
        id=hashlib.sha256(key.encode()).hexdigest()[:16],
        key=key,
        message_id=str(message["Message-ID"] or ""),
        channel=str(message[_CHANNEL] or "email"),
        receiver=str(message[_RECEIVER] or ""),
        at=datetime.fromisoformat(str(message[_AT])) if message[_AT] else clock.now(),
    )


def _parsed(content: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=STANDARD).parsebytes(content)


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
