"""The demo's inbox as its page needs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from components.ui.parts import Empty, Field, Link, Pager
from components.web.addresses import with_query
from components.web.language import Language
from dashboard.demo.mailroom import Received

ADDRESS = "/demo/inbox"
# An address as it stands in a text, without the stop or bracket that may follow it.
_LINKS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]»”']")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, or an address in it."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    id: str
    icon: str
    kind: str
    receiver: str
    receiver_href: str
    subject: str
    at: str
    pieces: tuple[Piece, ...]
    html_href: str


@dataclass(frozen=True, slots=True)
class Inbox:
    search: Field
    letters: tuple[Letter, ...]
    empty: Empty | None
    clear_href: str
    pager: Pager


def inbox(found: list[Received], more: str, to: str, before: str, zone: ZoneInfo, say: Language) -> Inbox:
    """The newest letters and SMS, all or those to a receiver."""
    return Inbox(
        search=Field("to", say.gettext("Receiver"), to, "search", placeholder=say.gettext("E-mail or phone number")),
        letters=tuple(_letter(each, zone, say) for each in found),
        empty=None if found else _empty(to, say),
        clear_href=ADDRESS if to else "",
        pager=Pager(
            first=with_query(ADDRESS, {"to": to}) if before else "",
            next=with_query(ADDRESS, {"to": to, "before": more}) if more else "",
        ),
    )


def pieces(text: str) -> tuple[Piece, ...]:
    """The text as it was sent; its addresses are links to themselves."""
    made: list[Piece] = []
    last = 0
    for found in _LINKS.finditer(text):
        made += [Piece(text[last : found.start()]), Piece(found[0], found[0])]
        last = found.end()
    return tuple(each for each in (*made, Piece(text[last:])) if each.text)


def _letter(each: Received, zone: ZoneInfo, say: Language) -> Letter:
    mail = each.entry.channel == "email"
    return Letter(
        id=each.entry.id,
        icon="mail" if mail else "message-square",
        kind=say.gettext("Letter") if mail else say.gettext("SMS"),
        receiver=each.entry.receiver,
        receiver_href=with_query(ADDRESS, {"to": each.entry.receiver}),
        subject=each.subject if mail else say.gettext("SMS"),
        at=say.moment(each.entry.at, zone),
        pieces=pieces(each.text.strip()),
        html_href=f"{ADDRESS}/{each.entry.id}" if each.html else "",
    )


def _empty(to: str, say: Language) -> Empty:
    if to:
        return Empty(
            say.gettext("Nothing was sent to this receiver."), "", Link(say.gettext("Show everything"), ADDRESS)
        )
    return Empty(say.gettext("Nothing was sent yet."), say.gettext("Invite somebody, or ask for a forgotten password."))
