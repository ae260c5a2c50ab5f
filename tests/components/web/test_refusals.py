"""What is refused before a handler sees it: foreign hosts, strange methods, large bodies, other people's paths."""

from __future__ import annotations

import re

import pytest
import time_machine

from tests.support.cast import AIGERIM
from tests.support.client import Cabinet, open_cabinet

LIMIT = 256 * 1024


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8000",
        "",
        "127.0.0.1:8000@evil.example",
        "localhost.evil",
    ],
)
async def test_a_foreign_host_is_not_served(cabinet: Cabinet, host: str) -> None:
    """Abuse cases T03 and L07: no page and no link of ours is made for another name."""
    answer = await cabinet.visitor().get("/sign-in", headers={"host": host})
    assert answer.status == 400
    assert "form" not in answer.text


@pytest.mark.parametrize("name", ["x-forwarded-host", "x-original-host", "forwarded"])
async def test_no_header_can_name_another_host(cabinet: Cabinet, name: str) -> None:
    answer = await cabinet.visitor().get("/invoices", headers={name: "evil.example", "x-forwarded-proto": "https"})
    assert answer.header("location") == "/sign-in?next=/invoices"
    assert "evil.example" not in (await cabinet.visitor().get("/sign-in", headers={name: "evil.example"})).text


async def test_probes_come_by_address_and_are_answered(cabinet: Cabinet) -> None:
    answer = await cabinet.visitor().get("/healthz", headers={"host": "10.1.2.3:8000"})
    assert (answer.status, answer.text) == (200, "ok\n")


async def test_only_the_deployed_name_is_served(own_url: str, at_noon: time_machine.Traveller) -> None:
    async with open_cabinet(own_url, "https://my.operator.example") as cabinet:
        assert (await cabinet.visitor().get("/sign-in")).status == 200
        for host in ("127.0.0.1", "localhost", "www.my.operator.example", "operator.example"):
            assert (await cabinet.visitor().get("/sign-in", headers={"host": host})).status == 400


@pytest.mark.parametrize(
    "method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS", "BREW", "get", "__class__"]
)
@pytest.mark.parametrize("path", ["/", "/invoices", "/profile", "/sign-in", "/static/css/tokens.css"])
async def test_other_methods_do_nothing(cabinet: Cabinet, path: str, method: str) -> None:
    """Abuse case T03: no method's name ever becomes an attribute's."""
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.send(method, path)
    assert answer.status == 405
    assert set(re.split(r",\s*", answer.header("allow"))) <= {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("path", ["/invoices", "/contracts", "/payments", "/services/S900001"])
async def test_a_page_to_look_at_takes_no_post(cabinet: Cabinet, path: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    assert (await aigerim.post(path)).status == 405


@pytest.mark.parametrize("path", ["/choice", "/language"])
async def test_an_act_is_no_address_to_visit(cabinet: Cabinet, path: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    assert (await aigerim.get(path)).status == 405


async def test_head_answers_as_get_without_the_page(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    head = await aigerim.send("HEAD", "/invoices")
    assert head.status == 200


FORM = {"content-type": "application/x-www-form-urlencoded"}


async def test_a_body_over_the_limit_is_refused_unread(cabinet: Cabinet) -> None:
    """Abuse case T01."""
    visitor = cabinet.visitor()
    announced = await visitor.send("POST", "/sign-in", b"", {**FORM, "content-length": str(LIMIT + 1)})
    assert announced.status == 413


async def test_a_body_that_does_not_say_its_length_is_counted(cabinet: Cabinet) -> None:
    visitor = cabinet.visitor()
    answer = await visitor.send("POST", "/sign-in", headers=FORM, chunks=[b"a" * 64 * 1024] * 5)
    assert answer.status == 413


async def test_a_body_within_the_limit_is_read(cabinet: Cabinet) -> None:
    visitor = cabinet.visitor()
    answer = await visitor.post("/sign-in", {"login": "4445", "password": "x" * 100_000})
    assert answer.status == 422


@pytest.mark.parametrize(
    "path",
    [
        "/static/../pyproject.toml",
        "/static/%2e%2e/pyproject.toml",
        "/static/..%2fpyproject.toml",
        "/static/css/../../pyproject.toml",
        "/static/%2e%2e%2f%2e%2e%2fetc/passwd",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/css/tokens.css%00.png",
        "/static/%00",
        "/static/",
        "/static/css",
        "/static/css/",
        "/static/CSS/tokens.css",
        "/static/css/tokens.css/",
        "/static/packages/htmx.min.js.br",
        "/static/css/tokens.css%20",
        "/static/..%5c..%5cpyproject.toml",
    ],
)
async def test_no_path_leads_out_of_the_static_folder(cabinet: Cabinet, path: str) -> None:
    """Abuse case X07: files are served by the exact names found at start, never by a path from outside."""
    answer = await cabinet.visitor().send("GET", path)
    assert answer.status == 404


async def test_a_static_file_is_kept_for_ever_under_its_contents_hash(cabinet: Cabinet) -> None:
    from components.web.assets import asset

    visitor = cabinet.visitor()
    hashed = await visitor.get(asset("css/tokens.css"))
    assert hashed.header("cache-control") == "public, max-age=31536000, immutable"
    assert hashed.header("content-type") == "text/css; charset=utf-8"
    plain = await visitor.get("/static/css/tokens.css")
    assert plain.header("cache-control") == "public, max-age=300"
    old = await visitor.get("/static/css/tokens.css?v=0000000000000000")
    assert old.header("cache-control") == "public, max-age=300"
    assert plain.body == hashed.body == old.body


async def test_a_browser_that_takes_brotli_gets_it(cabinet: Cabinet) -> None:
    visitor = cabinet.visitor()
    small = await visitor.get("/static/packages/htmx.min.js", headers={"accept-encoding": "gzip, br"})
    whole = await visitor.get("/static/packages/htmx.min.js")
    assert small.header("content-encoding") == "br"
    assert not whole.header("content-encoding")
    assert len(small.body) < len(whole.body)
    assert "Accept-Encoding" in small.header("vary")
    assert small.header("content-type") == whole.header("content-type") == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("given", ["abcdefgh", "A-b_c.1234567890", "0" * 64])
async def test_a_request_id_of_the_proxy_is_kept(cabinet: Cabinet, given: str) -> None:
    answer = await cabinet.visitor().get("/nowhere", headers={"x-request-id": given})
    assert answer.header("x-request-id") == given
    assert answer.page.one(".error-id code").text == given


@pytest.mark.parametrize(
    "given", ["short", "0" * 65, "with space 123", "<script>alert(1)</script>", "a\r\nset-cookie: b=c", ""]
)
async def test_any_other_is_replaced(cabinet: Cabinet, given: str) -> None:
    """Abuse case X05: no line of an answer or of the log comes from outside."""
    answer = await cabinet.visitor().get("/nowhere", headers={"x-request-id": given})
    made = answer.header("x-request-id")
    assert made != given
    assert re.fullmatch(r"[0-9a-f]{16}", made)
    assert "<script>alert" not in answer.text
