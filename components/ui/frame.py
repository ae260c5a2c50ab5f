"""What stands around a page: top bar, navigation, contacts."""

from __future__ import annotations

from dataclasses import dataclass

from components.ui.parts import Amount, Link, Option


@dataclass(frozen=True, slots=True)
class NavItem:
    text: str
    href: str
    icon: str
    current: bool = False
    count: str = ""


@dataclass(frozen=True, slots=True)
class NavGroup:
    """``title`` is empty for the first group."""

    title: str
    items: tuple[NavItem, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """``city`` is empty for the line that serves everybody."""

    city: str
    phone: str
    phone_href: str
    hours: str


@dataclass(frozen=True, slots=True)
class Brand:
    name: str
    accent_css: str  # path of the brand's own style sheet (/brand.css?…), the accent corrected for contrast


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed: ``label`` says by when ("To pay by 21 Nov", "Overdue")."""

    label: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class TopBar:
    """The signed-in person's bar. ``accounts`` and ``contracts`` have one option when there is no choice.

    The first of several ``contracts`` options is "All contracts" with value "".
    """

    account: str
    accounts: tuple[Option, ...]
    contract: str
    contracts: tuple[Option, ...]
    currency: str
    balance: Amount | None
    due: Due | None
    person: str
    initials: str
    closed: str = ""  # "Account closed on 3 May 2025", empty while open


@dataclass(frozen=True, slots=True)
class Ending:
    """When this sign-in ends: in so many seconds whatever is done, and (if not None) if nothing is done."""

    ends_in: int
    idle_in: int | None
    idle_lasts: int  # and from each visit on
    zone: str
    who: str  # whose what was typed is; tells one place from another and nothing else


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything the layout needs. ``bar`` is None on pages for the not signed in."""

    brand: Brand
    language: str
    languages: tuple[Link, ...]  # text in its own language, href "?language=ru"-free: posted to /language
    language_codes: tuple[str, ...]
    theme: str  # "", "light" or "dark"; "" follows the system
    csrf_token: str
    here: str  # path and query of this page, for coming back after a choice
    bar: TopBar | None
    navigation: tuple[NavGroup, ...]
    contacts: tuple[Contact, ...]
    email: str
    notice: str = ""  # one line on top of the page (figures are old, the work of tonight)
    toast: str = ""  # what was just done
    ending: Ending | None = None
