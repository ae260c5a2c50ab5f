"""A real mail server in the test: it listens on a loopback port, keeps what it takes, refuses when told to."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as STANDARD
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "kabinet", "p@ss:w/rd"


@dataclass
class Taken:
    """One letter as it came over the wire."""

    sender: str
    receivers: list[str]
    content: bytes
    encrypted: bool
    greeted_as: str

    @property
    def message(self) -> EmailMessage:
        return BytesParser(EmailMessage, policy=STANDARD).parsebytes(self.content)

    def body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        assert part is not None, f"no part of kind {kind}"
        return str(part.get_content())


@dataclass
class PostOffice:
    """``refusals`` are given out one by one, to the receiver or (beginning with "DATA ") to the letter itself."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    tries: int = 0
    on_letter: Callable[[], None] | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tries += 1
        if self.refusals and not self.refusals[0].startswith("DATA "):
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusals:
            return self.refusals.pop(0).removeprefix("DATA ")
        assert isinstance(envelope.content, bytes)
        self.taken.append(
            Taken(
                envelope.mail_from or "",
                list(envelope.rcpt_tos),
                envelope.content,
                bool(server.transport and server.transport.get_extra_info("sslcontext")),
                session.host_name or "",
            )
        )
        if self.on_letter:
            self.on_letter()
        return "250 taken"


def known(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
    """Who may send by a server that asks."""
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def post_office(
    *, port: int = 0, tls: ssl.SSLContext | None = None, at_once: bool = False, asks: bool = False
) -> AsyncIterator[PostOffice]:
    """Open meanwhile. ``tls``: offered and required by STARTTLS, or from the first byte. ``asks``: for a password."""
    office = PostOffice()

    def answer() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of passwords without STARTTLS, also where all is encrypted
            return SMTP(
                office,
                hostname="mail.localhost",
                enable_SMTPUTF8=True,
                tls_context=None if at_once else tls,
                require_starttls=bool(tls) and not at_once,
                authenticator=known if asks else None,
                auth_required=asks,
                auth_require_tls=bool(tls) and not at_once,
            )

    server = await asyncio.get_running_loop().create_server(answer, "127.0.0.1", port, ssl=tls if at_once else None)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
