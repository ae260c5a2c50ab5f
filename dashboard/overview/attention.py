"""What needs a person's eye."""

from __future__ import annotations

from datetime import date, timedelta

from billing.invoices.reading import Unpaid
from components.ui.parts import Attention, State
from components.web.language import Language
from dashboard.services.display import service_href
from dashboard.services.reading import Service
from dashboard.usage.reading import day_number
from dashboard.usage.table import day_at

SILENT_AFTER = 2  # whole days without measurements before an active link needs attention
MOST = 8


def silent_since(service: Service, today: date) -> date | None:
    """The last day with measurements of an active link that has been silent since; calls and meters may rest."""
    days = service.last_days
    if service.status != "active" or service.unit != "bytes" or not days:
        return None
    return day_at(days[-1].day) if day_number(today) - days[-1].day > SILENT_AFTER else None


def attention(services: list[Service], documents: list[Unpaid], today: date, say: Language) -> list[Attention]:
    """Overdue documents, suspended services, silent links: the most pressing first."""
    items = []
    overdue = [each for each in documents if each.state == "overdue"]
    if overdue:
        title = say.ngettext("%(n)s document is overdue", "%(n)s documents are overdue", len(overdue)) % {
            "n": len(overdue)
        }
        first = min(each.due_on for each in overdue if each.due_on)
        detail = say.sentence(say.gettext("The first was due on %(day)s.") % {"day": say.day(first)})
        items.append(
            Attention(State("octagon", "bad", say.gettext("Overdue")), title, detail, "/invoices?state=overdue")
        )
    for each in services:
        if each.status == "suspended":
            since = (
                say.sentence(say.gettext("Since %(day)s.") % {"day": say.day(each.status_since)})
                if each.status_since
                else ""
            )
            title = say.gettext("%(name)s is suspended") % {"name": each.name}
            items.append(
                Attention(State("ring", "notice", say.gettext("Suspended")), title, since, service_href(each.number))
            )
        silent = silent_since(each, today)
        if silent and silent >= today - timedelta(days=400):
            title = say.gettext("No readings from %(name)s") % {"name": each.name}
            detail = say.sentence(say.gettext("Since %(day)s.") % {"day": say.day(silent)})
            items.append(
                Attention(
                    State("triangle", "notice", say.gettext("No readings")),
                    title,
                    detail,
                    service_href(each.number),
                )
            )
    return items[:MOST]
