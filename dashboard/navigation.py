"""The sections, in their order: only what exists, and only what the viewer may see."""

from __future__ import annotations

from typing import Any

from components.ui.frame import NavGroup, NavItem
from components.web.language import N_, Language
from users.permissions.permission import SIGNED_IN, Permission
from users.permissions.viewer import Viewer

SECTIONS: tuple[tuple[str, tuple[tuple[str, str, str, Any], ...]], ...] = (
    ("", ((N_("Overview"), "/", "layout-list", SIGNED_IN),)),
    (
        N_("Services"),
        (
            (N_("Services"), "/services", "activity", Permission.SERVICES_VIEW),
            (N_("Contracts"), "/contracts", "scroll-text", Permission.CONTRACTS_VIEW),
        ),
    ),
    (
        N_("Money"),
        (
            (N_("Invoices"), "/invoices", "file-text", Permission.INVOICES_VIEW),
            (N_("Payments"), "/payments", "arrow-left-right", Permission.PAYMENTS_VIEW),
        ),
    ),
    (
        N_("My account"),
        (
            (N_("Users"), "/users", "users", Permission.USERS_MANAGE),
            (N_("Journal"), "/journal", "book-open-check", Permission.JOURNAL_VIEW),
            (N_("My profile"), "/profile", "user", SIGNED_IN),
        ),
    ),
)
# Every operator has them; the others are named in the operator's file.
ALWAYS = frozenset({"/users", "/journal"})


def navigation(viewer: Viewer, path: str, shown: tuple[str, ...], say: Language) -> tuple[NavGroup, ...]:
    """The groups that are left once what the viewer may not see, and what the operator does not offer, is out."""
    groups = []
    for title, sections in SECTIONS:
        items = tuple(
            NavItem(say.gettext(text), href, icon, current=_current(path, href))
            for text, href, icon, needs in sections
            if needs is SIGNED_IN or (viewer.may(needs) and (href in ALWAYS or href[1:] in shown))
        )
        if items:
            groups.append(NavGroup(say.gettext(title), items))
    return tuple(groups)


def _current(path: str, href: str) -> bool:
    return path == href if href == "/" else path == href or path.startswith(href + "/")
