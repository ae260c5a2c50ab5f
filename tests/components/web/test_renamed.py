"""An operator's own terms: a bill for a flat is not a VAT invoice."""

from __future__ import annotations

import pytest

from components.web.language import Language


def test_a_renamed_term_stands_in_place_of_the_catalogues() -> None:
    say = Language("ru")
    say.rename({"Invoice": "Квитанция", "%(n)s invoice": ("%(n)s кв1", "%(n)s кв2", "%(n)s кв5")})
    assert say.gettext("Invoice") == "Квитанция"
    forms = [say.ngettext("%(n)s invoice", "%(n)s invoices", n) % {"n": n} for n in (1, 2, 5, 21)]
    assert forms == ["1 кв1", "2 кв2", "5 кв5", "21 кв1"]
    say.rename({"Disconnect": "Отбой"})
    assert say.pgettext("column", "Disconnect") == "Отбой", "in a place where it is said otherwise too"
    say.rename({})
    assert say.pgettext("column", "Disconnect") == "Откл."
    assert say.gettext("Invoice") != "Квитанция"


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ({"No such text": "x"}, "there is no text"),
        ({"%(n)s invoice": "one form"}, "takes 3 forms"),
        ({"Under contract %(number)s": "По договору"}, "placeholders"),
    ],
)
def test_a_term_that_does_not_fit_is_named(words: dict[str, str], fault: str) -> None:
    """Otherwise it would break a page, and only in one language."""
    with pytest.raises(ValueError, match=fault):
        Language("ru").rename(words)
