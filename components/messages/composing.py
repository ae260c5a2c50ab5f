"""A letter as it travels: headers, text and HTML."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from components.data.operator import Operator
from components.data.settings import Settings
from components.messages.waiting import Waiting


def sender_of(settings: Settings, operator: Operator) -> str:
    """Whom letters come from: the setting, else the operator's address, else nobody's at the cabinet's own name."""
    return ascii_domain(settings.mail_from or operator.email or f"no-reply@{settings.host}")


def composed(message: Waiting, settings: Settings, operator: Operator, at: datetime) -> EmailMessage:
    """The letter. Its Message-ID comes out of the message's key: a receiver sees by it that it has it already."""
    made = EmailMessage(policy=SMTP)
    made.set_raw("From", _named(operator.brand.name, sender_of(settings, operator)))
    made["To"] = Address(addr_spec=ascii_domain(message.receiver))
    made.set_raw("Subject", _words("Subject", message.subject))
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{token_of(message)}@{settings.host}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(message.text, cte=_encoding(message.text))
    if message.html:
        made.add_alternative(message.html, subtype="html", cte=_encoding(message.html))
    made["Content-Language"] = message.language
    return made


def token_of(message: Waiting) -> str:
    """The same at every try; says nothing about the key it is made of."""
    return hashlib.sha256(message.key.encode()).hexdigest()[:32]


def ascii_domain(address: str) -> str:
    """``info@ұйым.қаз`` as the mail's own protocol writes its domain; other addresses as they are."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


def _words(header: str, text: str) -> str:
    """The text as a header carries it, folded. EmailMessage's own folding may lose a space between two long words."""
    return Header(text, None if text.isascii() else "utf-8", maxlinelen=76, header_name=header).encode()


def _named(name: str, address: str) -> str:
    return formataddr((name, address)) if name.isascii() else f"{_words('From', name)}\n <{address}>"


def _encoding(text: str) -> str:
    return "quoted-printable" if text.isascii() else "base64"
