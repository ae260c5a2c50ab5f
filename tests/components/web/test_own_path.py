"""An address to come back to is a path of this site, whatever was sent."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from components.web.addresses import segment, with_query
from components.web.pages import own_path

LETTERS = st.text(alphabet=st.sampled_from("/\\:.@?#&=ahtps%0925cdevil \t\r\n\x00é"), max_size=30)


@given(LETTERS)
@example("//evil.example")
@example("/\\evil.example")
@example("/\t/evil.example")
@example("/%09/evil.example")
@example("https://evil.example")
@example("/\r\nlocation: https://evil.example")
@example("\\\\evil.example")
@example("/..//evil.example")
def test_it_never_leaves_the_site(address: str) -> None:
    """As a browser reads it: tabs and line ends dropped, a backslash for a slash."""
    found = own_path(address)
    read = "".join(letter for letter in found if letter not in "\t\r\n").replace("\\", "/")
    parts = urlsplit(urljoin("https://cabinet.example/sign-in", read))
    assert (parts.scheme, parts.netloc) == ("https", "cabinet.example")
    assert found.startswith("/")
    assert not any(letter < " " for letter in found)


@pytest.mark.parametrize(
    "path", ["/", "/invoices?kind=invoice&from=2026-01-01", "/contracts/4445%2F10", "/services/S1#usage", "/a//b"]
)
def test_our_own_stay_as_they_are(path: str) -> None:
    assert own_path(path) == path


@given(st.text(min_size=1, max_size=40))
def test_a_number_is_one_segment_whatever_is_printed_on_it(number: str) -> None:
    from urllib.parse import unquote

    written = segment(number.encode("utf-8", "replace").decode())
    assert "/" not in written
    assert "?" not in written
    assert unquote(written) == number.encode("utf-8", "replace").decode()


def test_a_query_has_what_is_not_empty() -> None:
    assert with_query("/invoices", {"kind": "", "q": "a b&c", "to": None}) == "/invoices?q=a+b%26c"
    assert with_query("/invoices", {"kind": ""}) == "/invoices"
