"""The words for contracts."""

from __future__ import annotations

from components.ui.parts import State
from components.web.language import N_, Language
from dashboard.contracts.reading import Contract

CLASS_WORDS = {
    "telecom": N_("Telecommunications"),
    "life": N_("Life insurance"),
    "non_life": N_("Non-life insurance"),
    "housing": N_("Housing"),
}
CHANNEL_WORDS = {"online": N_("made online"), "office": N_("made at the office")}


def contract_state(contract: Contract, say: Language) -> State:
    if contract.status == "active":
        return State("tick", "good", say.gettext("In force"))
    if contract.status == "suspended":
        return State("ring", "notice", say.gettext("Suspended"))
    return State("ring", "neutral", say.gettext("Ended"))


def term(contract: Contract, say: Language) -> str:
    """since 5 January 2022; 1 May 2019 – 30 April 2024"""
    if contract.starts_on and contract.ends_on:
        return say.days(contract.starts_on, contract.ends_on)
    if contract.starts_on:
        return say.gettext("since %(day)s") % {"day": say.day(contract.starts_on)}
    if contract.ends_on:
        return say.gettext("until %(day)s") % {"day": say.day(contract.ends_on)}
    return ""
