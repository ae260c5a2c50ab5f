"""What the program stands on: secrets, time zones, places to write to, room, mail. Nothing here asks the database."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from components.data.operator import Operator
from components.data.settings import PREFIX, Settings, is_loopback
from components.messages.smtp import PORTS, context_of
from dashboard.doctor.finding import Finding, fault, notice, ok

NEW_KEY = "make one with: openssl rand -hex 32 (forms that are open have to be sent again)"
PLACEHOLDERS = ("change", "secret", "example", "kabinet", "password", "test", "demo", "0123456789")
MAIL_SERVER = "smtp://user:password@host:587"
PATIENCE = 5  # seconds for the mail server to answer
LITTLE, VERY_LITTLE = 2_000_000_000, 200_000_000  # bytes of room


def secrets(settings: Settings) -> Iterator[Finding]:
    """A key that somebody could guess, or has read in an example, is none."""
    key = settings.secret_key.get_secret_value()
    copied = next((word for word in PLACEHOLDERS if word in key.lower()), None)
    name = "secret key"
    if settings.demo:
        yield ok(name, "the demo's own, made on this machine")
    elif copied:
        yield fault(name, f"{PREFIX}SECRET_KEY holds {copied!r}, as if it came out of an example", NEW_KEY)
    elif len(set(key)) < 12:
        yield fault(name, f"{PREFIX}SECRET_KEY has {len(set(key))} different characters only", NEW_KEY)
    else:
        yield ok(name, f"{len(key)} characters")
    yield from _database_password(settings)


def _database_password(settings: Settings) -> Iterator[Finding]:
    parts = urlsplit(settings.database_url.get_secret_value())
    host = unquote(parts.hostname or "")
    if parts.scheme == "sqlite" or not host or host.startswith("/") or is_loopback(host):
        return
    if not any(word in parts.query for word in ("ssl=", "sslmode=")):
        yield notice(
            "connection",
            f"{host} is asked without TLS being required",
            f"add ?ssl=require to {PREFIX}DATABASE_URL",
        )


def time_zones(operator: Operator) -> Iterator[Finding]:
    """Kazakhstan moved its clocks on 1 March 2024; data about time zones that is older gets its days wrong."""
    almaty = datetime(2024, 3, 2, 12, tzinfo=ZoneInfo("Asia/Almaty")).utcoffset()
    if almaty is None or almaty.total_seconds() != 5 * 3600:
        yield fault("time zones", "the data is older than March 2024", "update the package tzdata, of the system too")
    else:
        offset = datetime.now(operator.zone).strftime("%z")
        yield ok("time zones", f"{operator.time_zone} is UTC{offset[:3]}:{offset[3:]}")


def places(settings: Settings) -> dict[str, Path]:
    """Where this program writes, and what."""
    found = {"temporary files": Path(tempfile.gettempdir())}
    url = settings.database_url.get_secret_value()
    if urlsplit(url).scheme == "sqlite":
        found["database"] = Path(url.removeprefix("sqlite://").split("?")[0]).parent
    return found


def writable(settings: Settings) -> Iterator[Finding]:
    """Tries it, by a file that is gone at once."""
    for what, folder in places(settings).items():
        name = f"place for {what}"
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"kabinet")
                file.flush()
        except OSError as error:
            yield fault(
                name, f"{folder} can't be written to ({error.strerror})", "give this user the right to write there"
            )
        else:
            yield ok(name, f"{folder} can be written to")
    yield from _privacy(settings)


def _privacy(settings: Settings) -> Iterator[Finding]:
    url = settings.database_url.get_secret_value()
    if urlsplit(url).scheme != "sqlite":
        return
    path = Path(url.removeprefix("sqlite://").split("?")[0])
    if path.exists() and path.stat().st_mode & stat.S_IROTH and path.parent.stat().st_mode & stat.S_IXOTH:
        yield notice("database file", f"everybody on this machine can read {path}", f"chmod o-rwx {path}*")


def room(settings: Settings) -> Iterator[Finding]:
    """How much may still be written."""
    for what, folder in places(settings).items():
        name = f"room for {what}"
        if not folder.exists():
            continue
        free = shutil.disk_usage(folder).free
        told = f"{free / 1e9:.1f} GB free in {folder}"
        if free < VERY_LITTLE:
            yield fault(name, told, "make room: the next import may fail")
        elif free < LITTLE:
            yield notice(name, told, "make room before it runs out")
        else:
            yield ok(name, told)


async def mail(settings: Settings) -> list[Finding]:
    """Whether the mail server answers; nothing is sent."""
    if settings.demo:
        return [ok("mail", "the demo's own, see /demo/inbox")]
    if settings.smtp_url is None:
        told = f"{PREFIX}SMTP_URL is not set: letters wait, so nobody can be invited or set a forgotten password"
        return [notice("mail", told, f"set it to {MAIL_SERVER} and restart the worker")]
    parts = urlsplit(settings.smtp_url.get_secret_value())
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    context = context_of(settings.smtp_url.get_secret_value()) if parts.scheme == "smtps" else None
    try:
        greeting = await asyncio.wait_for(_greeting(host, port, context), PATIENCE)
    except (OSError, TimeoutError) as error:
        advice = f"check {PREFIX}SMTP_URL, the firewall and the mail server"
        return [fault("mail", f"{host}:{port} does not answer ({type(error).__name__})", advice)]
    if not greeting.startswith(b"220"):
        return [fault("mail", f"{host}:{port} does not greet as a mail server", f"check {PREFIX}SMTP_URL")]
    return [ok("mail", f"{host}:{port} answers")]


async def _greeting(host: str, port: int, context: ssl.SSLContext | None) -> bytes:
    reader, writer = await asyncio.open_connection(host, port, ssl=context)
    try:
        return await reader.readline()
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
