"""Headers on every kind of answer: pages, fragments, redirects, files, refusals, crashes."""

from __future__ import annotations

import re

import pytest
import time_machine

from components.web.headers import POLICY
from tests.components.web.trouble import broken
from tests.support.cast import AIGERIM, SAULE
from tests.support.client import Answer, Cabinet, open_cabinet

KINDS = {
    "a page": ("GET", "/invoices", 200),
    "a redirect": ("GET", "/sign-out", 303),
    "nothing there": ("GET", "/nowhere", 404),
    "typed wrongly": ("GET", "/invoices?from=x", 422),
    "a file of figures": ("GET", "/services/S900001/usage.csv?from=2026-06-09&to=2026-06-10", 200),
    "a static file": ("GET", "/static/css/tokens.css", 200),
    "no static file": ("GET", "/static/css/none.css", 404),
    "the brand": ("GET", "/brand.css", 200),
    "a probe": ("GET", "/healthz", 200),
    "a strange method": ("BREW", "/invoices", 405),
    "a forged form": ("POST", "/profile", 403),
    "too large a form": ("POST", "/sign-in", 413),
}


async def _answer(cabinet: Cabinet, kind: str) -> Answer:
    method, target, status = KINDS[kind]
    aigerim = await cabinet.sign_in(AIGERIM)
    body = b"x" * 300_000 if kind == "too large a form" else b""
    form = {"content-type": "application/x-www-form-urlencoded"} if body else {}
    answer = await aigerim.send(method, target, body, headers=form)
    assert answer.status == status
    return answer


def _guarded(answer: Answer) -> None:
    assert answer.header("content-security-policy") == POLICY
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("referrer-policy") == "same-origin"
    assert answer.header("x-frame-options") == "DENY"
    assert answer.header("cross-origin-opener-policy") == "same-origin"
    assert answer.header("cross-origin-resource-policy") == "same-origin"
    assert answer.header("permissions-policy")
    assert answer.header("cache-control")
    assert answer.header("x-request-id")
    assert not answer.header("server")
    assert not answer.header("access-control-allow-origin")


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_answer_carries_them_once(cabinet: Cabinet, kind: str) -> None:
    _guarded(await _answer(cabinet, kind))


async def test_a_crash_carries_them_too(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    broken(monkeypatch, RuntimeError("boom"))
    answer = await aigerim.get("/invoices")
    assert answer.status == 500
    _guarded(answer)


async def test_a_foreign_host_is_answered_with_them_too(cabinet: Cabinet) -> None:
    answer = await cabinet.visitor().get("/sign-in", headers={"host": "evil.example"})
    assert answer.status == 400
    _guarded(answer)


def test_the_policy_lets_nothing_unsafe_in() -> None:
    parts = {name: rest.split() for name, _, rest in (part.partition(" ") for part in POLICY.split("; "))}
    assert "unsafe" not in POLICY
    assert "*" not in POLICY
    assert "http:" not in POLICY
    assert parts["default-src"] == parts["object-src"] == parts["base-uri"] == parts["frame-ancestors"] == ["'none'"]
    assert parts["script-src"] == parts["style-src"] == parts["connect-src"] == parts["form-action"] == ["'self'"]
    assert set(parts["img-src"]) <= {"'self'", "data:", "blob:"}


@pytest.mark.parametrize(
    "path",
    ["/", "/contracts", "/contracts/4445%2F10", "/services", "/services/S900001", "/invoices", "/payments", "/profile"],
)
async def test_no_page_needs_what_the_policy_forbids(cabinet: Cabinet, path: str) -> None:
    """No inline script, style or handler; nothing from another site; no attribute that would have to be evaluated."""
    page = (await (await cabinet.sign_in(AIGERIM)).get(path)).page
    for element in page.walk():
        assert element.tag not in ("style", "iframe", "object", "embed", "base")
        if element.tag == "script":
            assert element["src"].startswith("/static/")
            assert not element.text
        for name, value in element.attributes.items():
            assert name != "style"
            assert not name.startswith(("on", "hx-on", "hx-vals"))
            assert not re.match(r"\s*(javascript|data|vbscript):", value, re.I)
            if name in ("src", "action") or (name == "href" and element.tag in ("link", "a", "form")):
                assert re.match(r"(/(?!/)|#|tel:|mailto:)", value), f"{name}={value}"


@pytest.mark.parametrize("path", ["/invoices", "/sign-in", "/services/S900001/usage.csv", "/nowhere"])
async def test_what_shows_somebodys_figures_is_stored_nowhere(cabinet: Cabinet, path: str) -> None:
    browser = cabinet.visitor() if path == "/sign-in" else await cabinet.sign_in(AIGERIM)
    assert (await browser.get(path)).header("cache-control") == "no-store"


async def test_the_answer_depends_on_what_it_was_asked_with(cabinet: Cabinet) -> None:
    saule = await cabinet.sign_in(SAULE)
    for path in ("/", "/invoices", "/nowhere"):
        vary = {each.strip() for each in (await saule.get(path)).header("vary").split(",")}
        assert vary >= {"HX-Request", "Accept-Language", "Cookie"}


async def test_over_https_browsers_are_told_to_stay_there(own_url: str, at_noon: time_machine.Traveller) -> None:
    async with open_cabinet(own_url, "https://my.operator.example") as cabinet:
        answer = await cabinet.visitor().get("/sign-in")
        assert answer.header("strict-transport-security") == "max-age=31536000; includeSubDomains"


async def test_over_http_they_are_not(cabinet: Cabinet) -> None:
    assert not (await cabinet.visitor().get("/sign-in")).header("strict-transport-security")


async def test_htmx_is_told_to_evaluate_and_keep_nothing(cabinet: Cabinet) -> None:
    import json

    page = (await cabinet.visitor().get("/sign-in")).page
    rules = json.loads(page.one("meta[name=htmx-config]")["content"])
    assert rules["allowEval"] is False
    assert rules["allowScriptTags"] is False
    assert rules["selfRequestsOnly"] is True
    assert rules["historyCacheSize"] == 0
    assert rules["includeIndicatorStyles"] is False
