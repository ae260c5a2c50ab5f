"""An e-mail goes on in the next line behind its ``@`` or a dot, and stays what it is."""

from __future__ import annotations

import pytest

from components.web.templates import breakable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("i.belova@customer1.example", "i.<wbr>belova@<wbr>customer1.<wbr>example"),
        ("The letter went to a@b.example. Read it.", "The letter went to a@<wbr>b.<wbr>example. Read it."),
        ("Ivan I. Ivanov", "Ivan I. Ivanov"),
        ("<b>&@x.example", "&lt;b&gt;&amp;@<wbr>x.<wbr>example"),
        ("", ""),
    ],
)
def test_only_behind_its_parts(text: str, shown: str) -> None:
    assert str(breakable(text)) == shown
