"""The words for kinds and states of documents."""

from __future__ import annotations

from datetime import date

from components.ui.parts import State
from components.web.language import N_, Language

KIND_WORDS = {
    "payment_notice": N_("Payment notice"),
    "invoice": N_("Invoice"),
    "one_off": N_("One-off invoice"),
    "correction": N_("Correction"),
}
STATE_WORDS = {
    "open": N_("Open"),
    "part_paid": N_("Part-paid"),
    "overdue": N_("Overdue"),
    "paid": N_("Paid"),
}


def kind_word(kind: str, say: Language) -> str:
    return say.gettext(KIND_WORDS.get(kind, kind))


def state_of(
    kind: str,
    state: str | None,
    answered: bool,
    total: int,
    paid_on: date | None,
    due_on: date | None,
    say: Language,
) -> State:
    """The shape and word of a document's state."""
    if kind == "payment_notice":
        if answered:
            return State("ring", "neutral", say.gettext("Invoiced"))
        return State("clock", "notice", say.gettext("Asked for"))
    if state == "paid":
        if total < 0:
            return State("tick", "good", say.gettext("Credited"))
        if paid_on:
            return State("tick", "good", say.gettext("Paid %(day)s") % {"day": say.day_short(paid_on)})
        return State("tick", "good", say.gettext("Paid"))
    if state == "overdue":
        since = say.gettext("since %(day)s") % {"day": say.day_short(due_on)} if due_on else ""
        return State("octagon", "bad", say.gettext("Overdue"), since)
    if state == "part_paid":
        return State("half", "notice", say.gettext("Part-paid"))
    return State("clock", "neutral", say.gettext("Open"))
