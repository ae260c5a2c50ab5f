"""E-mail over SMTP. Encrypted and the server's certificate checked, unless the server is on this machine."""

from __future__ import annotations

import ssl
from contextlib import suppress
from email.message import EmailMessage
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from components.data.settings import is_loopback
from components.jobs.errors import Failed
from components.messages.refusals import Refused, told

SECONDS = 15  # for each answer of the server
PORTS = {"smtp": 587, "smtps": 465}
# About us and not about the message: sign in first, wrong password, needs encryption.
_OURS = frozenset({530, 534, 535, 538})


async def send_mail(url: str, name: str, sender: str, receiver: str, message: EmailMessage) -> None:
    """Hands the letter to the server at ``url``, greeting it as ``name``. Raises Refused, or Failed."""
    server = _server(url, name)
    place = f"{server.hostname}:{server.port}"
    try:
        await server.connect()
        await server.send_message(message, sender=sender, recipients=[receiver])
    except aiosmtplib.SMTPRecipientsRefused as error:
        first = error.recipients[0]
        raise _refusal(place, first.code, first.message) from None
    except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
        raise _refusal(place, error.code, error.message) from None
    except aiosmtplib.SMTPResponseException as error:  # at the greeting, the encryption, the signing in
        raise Failed(f"the mail server {place} answered {error.code}: {told(error.message)}") from None
    except aiosmtplib.SMTPNotSupported as error:
        if not receiver.isascii():
            raise Refused(f"the mail server {place} takes no such address: {told(str(error))}") from None
        raise Failed(f"the mail server {place} can't: {told(str(error))}") from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise Failed(f"the mail server {place} can't be reached: {type(error).__name__}, {told(str(error))}") from None
    finally:
        # What it took it has, however it says goodbye.
        with suppress(aiosmtplib.SMTPException, OSError):
            await server.quit(timeout=1)
        server.close()


def _refusal(place: str, code: int, text: str) -> Exception:
    said = f"the mail server {place} answered {code}: {told(text)}"
    return Refused(said) if 500 <= code < 600 and code not in _OURS else Failed(said)


def _server(url: str, name: str) -> aiosmtplib.SMTP:
    parts = urlsplit(url)
    at_once = parts.scheme == "smtps"
    return aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        local_hostname=name,
        timeout=SECONDS,
        use_tls=at_once,
        start_tls=False if at_once else True if _is_checked(url) else None,  # None: where the server offers it
        tls_context=context_of(url),
    )


def _bundle(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("ca", [""])[0]


def _is_checked(url: str) -> bool:
    return bool(_bundle(url)) or not is_loopback(urlsplit(url).hostname or "")


@lru_cache(maxsize=4)
def context_of(url: str) -> ssl.SSLContext:
    """Whom we trust: who signed for the server's name, by the system's list or by the one in the URL."""
    context = ssl.create_default_context(cafile=_bundle(url) or None)
    if not _is_checked(url):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
