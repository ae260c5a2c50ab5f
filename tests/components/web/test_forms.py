from __future__ import annotations

from pathlib import Path

import pytest
from starlette.datastructures import FormData, QueryParams, UploadFile
from starlette.requests import Request
from structlog.testing import capture_logs

from components.web.forms import MOST_NAMES, query, secret, text
from tests.support.client import Cabinet

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("typed", "read"),
    [(" a ", "a"), ("a\r\nb", "ab"), ("\x00a\x7f", "a"), ("a  b", "a  b"), ("", ""), ("ы" * 3000, "ы" * 2000)],
)
def test_text_is_trimmed_of_blanks_and_control_characters(typed: str, read: str) -> None:
    """Abuse case X05."""
    assert text(FormData([("name", typed)]), "name") == read


def test_a_name_sent_twice_counts_with_its_first_value() -> None:
    """Abuse case M05: in an address as in a form."""
    form = FormData([("email", "me@x.example"), ("email", "victim@x.example")])
    assert text(form, "email") == secret(form, "email") == "me@x.example"
    assert text(QueryParams("a=1&a=2"), "a") == "1"
    request = Request({"type": "http", "query_string": b"a=1&b=&a=2&b=3", "headers": []})
    assert query(request) == {"a": "1", "b": ""}


def test_no_page_reads_an_address_past_that_rule() -> None:
    """Starlette's own look-up takes the last value."""
    own = {ROOT / "components/web/forms.py"}
    for room in ("billing", "components", "dashboard", "users"):
        for path in {*(ROOT / room).rglob("*.py")} - own:
            assert "query_params" not in path.read_text(encoding="utf-8"), path


def test_nothing_and_a_file_are_empty() -> None:
    form = FormData([("file", UploadFile(file=None, filename="x"))])  # type: ignore[arg-type]
    for name in ("file", "absent"):
        assert text(form, name) == secret(form, name) == ""


@pytest.mark.parametrize("typed", [" a b ", "\tx", "пароль\x00", "x" * 5000])
def test_a_password_stays_as_typed(typed: str) -> None:
    assert secret(FormData([("password", typed)]), "password") == typed


async def test_names_nobody_asked_for_are_logged_a_few_and_tame(cabinet: Cabinet) -> None:
    """Abuse case M01: what was tried is known afterwards; who tries cannot write the log."""
    odd = {f"a{n:03}": "1" for n in range(100)} | {"a\r\nforged": "1", " " * 9: "1", "a" * 65: "1"}
    with capture_logs() as logged:
        await cabinet.visitor().post("/sign-in", {"login": "4445", "password": "wrong", **odd})
    (line,) = [line for line in logged if line["event"] == "fields nobody asked for"]
    assert line["route"] == "/sign-in"
    assert len(line["names"]) == MOST_NAMES
    assert set(line["names"]) <= {"?", *odd}
    assert not [name for name in line["names"] if "\n" in name or len(name) > 64]


@pytest.mark.parametrize("login", ["4445", ""], ids=["signed in", "visitor"])
async def test_our_own_forms_send_only_what_is_asked_for(own_cabinet: Cabinet, login: str) -> None:
    """Else the line would say nothing."""
    browser = await own_cabinet.sign_in(login) if login else own_cabinet.visitor()
    with capture_logs() as logged:
        for path in ("/", "/invoices", "/profile") if login else ("/sign-in",):
            for form in (await browser.get(path)).page.all("form[method=post]"):
                if form["action"] == "/sign-out":
                    continue
                fields = {each["name"]: each.get("value") for each in form.walk() if each.get("name")}
                await browser.post(form["action"], fields, token="")
    assert not [line for line in logged if line["event"] == "fields nobody asked for"]
