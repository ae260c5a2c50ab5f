"""Abuse cases T01, X05, X07 and X09 at the application: ranges, forms of any kind and size, files by strange names."""

from __future__ import annotations

import pytest

from components.web.assets import asset
from components.web.downloads import attachment
from tests.support.cast import AIGERIM
from tests.support.client import Cabinet

RANGES = {
    "five thousand": "bytes=" + ",".join(f"{n}-{n + 1}" for n in range(0, 10_000, 2)),
    "ninety that overlap": "bytes=" + ",".join(f"{n}-" for n in range(90)),
    "five thousand from the end": "bytes=" + ",".join(["-1"] * 5000),
    "one": "bytes=0-0",
    "beyond the end": "bytes=999999999-",
    "no numbers": "bytes=a-b,--,",
    "no bytes": "lines=1-2",
}
FILES = (
    "/static/css/kabinet.css",
    "/services/S900001/usage.csv?from=2026-06-01&to=2026-06-30&step=hour",
    "/invoices/СФ-2026-000158.pdf",
)


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("path", FILES, ids=["static", "csv", "pdf"])
async def test_parts_cost_what_the_whole_costs(cabinet: Cabinet, path: str, name: str) -> None:
    """Abuse case T01: whatever ranges are asked for, the file comes once and whole."""
    aigerim = await cabinet.sign_in(AIGERIM)
    whole = await aigerim.get(path)
    answer = await aigerim.get(path, headers={"range": RANGES[name], "if-range": '"x"'})
    assert (answer.status, answer.body) == (200, whole.body)
    assert answer.header("accept-ranges") == "none"
    assert not answer.header("content-range")


async def test_the_compressed_copy_is_not_served_in_parts_either(cabinet: Cabinet) -> None:
    headers = {"range": RANGES["five thousand"], "accept-encoding": "br"}
    answer = await cabinet.visitor().get(asset("packages/plotly.min.js"), headers=headers)
    assert (answer.status, answer.header("content-encoding")) == (200, "br")


FORM = "application/x-www-form-urlencoded"
PART = b'--b\r\ncontent-disposition: form-data; name="%s"\r\n\r\nx\r\n'
FILE = b'--b\r\ncontent-disposition: form-data; name="%s"; filename="%s"\r\n\r\n<b>x\r\n--b--\r\n'
BODIES = {
    "a hundred thousand fields": (FORM, b"a&" * 100_000, 400),
    "a hundred thousand empty fields": (FORM, b"&" * 100_000, 403),
    "a field of all the body": (FORM, b"a=" + b"x" * 250_000, 403),
    "a name of all the body": (FORM, b"x" * 250_000, 403),
    "a body of percent signs": (FORM, b"a=" + b"%" * 250_000, 403),
    "letters that are none": (FORM, b"a=%ff%fe&\xff\xfe=1", 403),
    "ten thousand parts": ("multipart/form-data; boundary=b", PART % b"a" * 3000 + b"--b--\r\n", 400),
    "a file": ("multipart/form-data; boundary=b", FILE % (b"first_name", b"../../a.html"), 400),
    "a part with a head of all the body": ("multipart/form-data; boundary=b", b"--b\r\n" + b"a" * 250_000, 400),
    "parts without an end": ("multipart/form-data; boundary=b", PART % b"a", 403),
    "parts without a boundary": ("multipart/form-data", PART % b"a" + b"--b--\r\n", 400),
    "a boundary of all the head": ("multipart/form-data; boundary=" + "b" * 5000, PART % b"a", 400),
    "a letter set there is not": (
        "multipart/form-data; boundary=b; charset=klingon",
        PART % b"\xff" + b"--b--\r\n",
        403,
    ),
    "json": ("application/json", b'{"csrf_token":"x"}', 403),
    "json called a form": (FORM, b'{"csrf_token":"x"}', 403),
    "a form called text": ("text/plain", b"csrf_token=x", 403),
    "xml": ("application/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 403),
    "no kind at all": ("", b"csrf_token=x", 403),
    "a kind that is none": ("\x22;;=", b"csrf_token=x", 403),
    "nothing": (FORM, b"", 403),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("path", ["/profile", "/sign-in"])
async def test_a_body_of_any_kind_is_refused_and_breaks_nothing(cabinet: Cabinet, path: str, name: str) -> None:
    """Never by 500, and never taken for a form of ours."""
    kind, body, expected = BODIES[name]
    browser = await cabinet.sign_in(AIGERIM) if path == "/profile" else cabinet.visitor()
    answer = await browser.send("POST", path, body, {"content-type": kind} if kind else {})
    assert answer.status == expected
    assert answer.page.has("#error")


async def test_a_body_where_there_should_be_none_is_not_read(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.send("GET", "/invoices", b"kind=" + b"x" * 1000, {"content-type": FORM})
    assert answer.status == 200


@pytest.mark.parametrize(
    "name", ["a" * 15_000, "%00" * 5000, "../" * 4000, "%2e%2e%2f" * 1500, "ы" * 2000, "a;b=c/" * 900]
)
@pytest.mark.parametrize(
    "path", ["/", "/invoices/", "/services/", "/contracts/", "/static/", "/invoices?q=", "/payments?q="]
)
async def test_a_long_address_finds_nothing_and_breaks_nothing(cabinet: Cabinet, path: str, name: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    assert (await aigerim.get(path + name)).status == (200 if "?" in path else 404)


async def test_ten_thousand_parameters_are_as_good_as_one(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    for query in ("&".join(f"a{n}=1" for n in range(1500)), "&" * 15_000, "kind=invoice&" * 1200):
        assert (await aigerim.get(f"/invoices?{query}")).status == 200


COOKIES = {
    "a cookie of all the head": "kabinet_session=" + "a" * 50_000,
    "a thousand cookies": "; ".join(f"a{n}=1" for n in range(1000)),
    "no cookie": ";;;=;=a;kabinet_session",
    "a language that is a path": "kabinet_language=../../../../etc/passwd",
    "a language with a NUL": "kabinet_language=ru\x00.po",
    "quotes": 'kabinet_session="a\\"; kabinet_form="',
    "bytes": "kabinet_session=\xff\xfe",
}


@pytest.mark.parametrize("name", COOKIES)
async def test_a_cookie_of_any_kind_is_nobodys(cabinet: Cabinet, name: str) -> None:
    """A language is looked up among those offered and is never part of a path (abuse case X07)."""
    visitor = cabinet.visitor()
    assert (await visitor.get("/invoices", headers={"cookie": COOKIES[name]})).status == 303
    answer = await visitor.get("/sign-in", headers={"cookie": COOKIES[name]})
    assert (answer.status, answer.page.one("html")["lang"]) == (200, "en")


@pytest.mark.parametrize("code", ["../../etc/passwd", "ru/../en", "en\x00", "%2e%2e", "/etc/passwd", "en.po", "C:\\a"])
async def test_a_language_or_theme_is_no_path(own_cabinet: Cabinet, code: str) -> None:
    """Abuse case X07."""
    aigerim = await own_cabinet.sign_in(AIGERIM)
    assert (await aigerim.post("/language", {"language": code})).status == 303
    shown = await aigerim.get("/sign-in", headers={"accept-language": code.replace("\x00", "")})
    assert shown.status == 303
    expected = 303 if code == "en\x00" else 422  # control characters are not typed: what is left is a language
    for field in ("language", "theme"):
        answer = await aigerim.post("/profile", {"first_name": "A", "last_name": "B", field: code})
        assert answer.status == (422 if field == "theme" else expected)


@pytest.mark.parametrize(
    "accept",
    [",".join(["ru;q=0.1"] * 5000), "en;q=x", "*", ";;;", "-", "x" * 60_000, "ru;q=1e309", "ru;q=nan", "\xff"],
)
async def test_a_list_of_languages_of_any_kind_is_read(cabinet: Cabinet, accept: str) -> None:
    answer = await cabinet.visitor().get("/sign-in", headers={"accept-language": accept})
    assert answer.status == 200


NAMES = [
    "a\r\nset-cookie: b=c",
    'a"; filename="b.exe',
    "../../etc/passwd",
    "a\x00b",
    "\N{RIGHT-TO-LEFT OVERRIDE}fdp",
    "",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_files_name_is_only_a_name(name: str) -> None:
    """Abuse cases X05 and X07: no line, quote, path or turned letter of it reaches the header."""
    header = attachment(f"{name}.pdf")
    kind, plain, extended = header.split("; ")
    assert (kind, plain.count('"')) == ("attachment", 2)
    assert header.isprintable()
    assert header.isascii()
    assert not set("/\\\r\n\x00") & set(header)
    assert extended.startswith("filename*=UTF-8''")
    assert ".." not in plain.replace('..pdf"', "")


@pytest.mark.parametrize(
    "header", ["hx-request", "hx-boosted", "hx-history-restore-request", "hx-target", "hx-current-url"]
)
@pytest.mark.parametrize("value", ["true", "<script>", "\xff", "x" * 9000])
async def test_what_htmx_might_say_is_never_shown(cabinet: Cabinet, header: str, value: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get("/invoices", headers={header: value})
    assert answer.status == 200
    assert value == "true" or value not in answer.text
