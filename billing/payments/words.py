"""The words for ways to pay."""

from __future__ import annotations

from components.web.language import N_, Language

METHOD_WORDS = {
    "card": N_("Card"),
    "bank_transfer": N_("Bank transfer"),
    "terminal": N_("Terminal"),
    "cash": N_("Cash"),
}


def method_word(method: str | None, say: Language) -> str:
    """The word for a method; the billing system's own where we have none."""
    return say.gettext(METHOD_WORDS.get(method or "", method or ""))
