from __future__ import annotations

import pytest
from starlette.datastructures import FormData, QueryParams, UploadFile

from components.web.forms import secret, text


@pytest.mark.parametrize(
    ("typed", "read"),
    [(" a ", "a"), ("a\r\nb", "ab"), ("\x00a\x7f", "a"), ("a  b", "a  b"), ("", ""), ("ы" * 3000, "ы" * 2000)],
)
def test_text_is_trimmed_of_blanks_and_control_characters(typed: str, read: str) -> None:
    assert text(FormData([("name", typed)]), "name") == read


def test_a_name_sent_twice_counts_with_its_first_value() -> None:
    form = FormData([("email", "me@x.example"), ("email", "victim@x.example")])
    assert text(form, "email") == secret(form, "email") == "me@x.example"
    assert text(QueryParams("a=1&a=2"), "a") == "1"


def test_nothing_and_a_file_are_empty() -> None:
    form = FormData([("file", UploadFile(file=None, filename="x"))])  # type: ignore[arg-type]
    for name in ("file", "absent"):
        assert text(form, name) == secret(form, name) == ""


@pytest.mark.parametrize("typed", [" a b ", "\tx", "пароль\x00", "x" * 5000])
def test_a_password_stays_as_typed(typed: str) -> None:
    assert secret(FormData([("password", typed)]), "password") == typed
