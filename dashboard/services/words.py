"""The words for services."""

from __future__ import annotations

from datetime import date

from components.ui.parts import State
from components.web.language import Language


def service_state(status: str, since: date | None, say: Language) -> State:
    detail = say.gettext("since %(day)s") % {"day": say.day(since)} if since and status != "active" else ""
    if status == "active":
        return State("tick", "good", say.gettext("Active"))
    if status == "suspended":
        return State("ring", "notice", say.gettext("Suspended"), detail)
    return State("ring", "neutral", say.gettext("Ended"), detail)
