"""The cabinet in this process: asked as a browser asks, answered without a socket in between.

Requests are put together byte by byte, so that a test can also send what no well-meaning client would.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import anyio
from pydantic import SecretStr
from starlette.applications import Starlette

from components.data import clock
from components.data.operator import Operator
from components.data.settings import Settings
from dashboard.app import make_app
from tests.support.databases import SAMPLES, operator_of
from tests.support.pages import Element, parse
from users.hierarchy.models import Membership
from users.sessions.models import Session
from users.sessions.tokens import hashed, new_token

SECRET = "0123456789abcdef-only-for-the-tests"
BASE = "http://127.0.0.1:8000"


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        """The body, an e-mail in it whole again (it may go on in the next line)."""
        return self.body.decode().replace("<wbr>", "")

    @cached_property
    def page(self) -> Element:
        return parse(self.text)

    @property
    def main(self) -> Element:
        return self.page.one("main")

    def header(self, name: str) -> str:
        """The header's value, empty where it is not sent; one that is sent twice is an error."""
        found = self.all_headers(name)
        assert len(found) <= 1, f"{name} is sent {len(found)} times"
        return found[0] if found else ""

    def all_headers(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    @property
    def figure(self) -> dict[str, Any]:
        """The chart's figures out of the page."""
        found = self.page.one("#usage-figure")
        made: dict[str, Any] = json.loads("".join(child for child in found.children if isinstance(child, str)))
        return made


@dataclass
class Client:
    """One browser: it keeps its cookies. ``source`` is the address it comes from."""

    app: Starlette
    source: str = "192.0.2.1"
    language: str = "en"
    base: str = BASE
    agent: str = "tests"
    cookies: dict[str, str] = field(default_factory=dict)
    _token: str = ""

    async def send(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        chunks: list[bytes] | None = None,
    ) -> Answer:
        """Any method, any target, any body; ``chunks`` instead of ``body`` come without a length."""
        sent = {
            "host": urlsplit(self.base).netloc,
            "accept-language": self.language,
            "user-agent": self.agent,
            **(
                {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
            ),
            **({"content-length": str(len(body))} if body else {}),
            **(headers or {}),
        }
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": urlsplit(self.base).scheme,
            "path": unquote(path),
            "raw_path": path.encode("latin-1"),
            "query_string": query.encode("latin-1"),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in sent.items()],
            "client": (self.source, 50000),
            "server": ("127.0.0.1", 8000),
        }
        incoming = chunks if chunks is not None else [body]
        answer = await _call(self.app, scope, incoming)
        for line in answer.all_headers("set-cookie"):
            self._keep(line)
        return answer

    def _keep(self, line: str) -> None:
        first, *rest = line.split("; ")
        name, _, value = first.partition("=")
        if "Max-Age=0" in rest:
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value.strip('"')

    async def get(self, target: str, *, fragment: bool = False, headers: Mapping[str, str] | None = None) -> Answer:
        """A page, or its fragment as HTMX asks for it. Letters a request line can't carry are encoded."""
        asked = {"HX-Request": "true"} if fragment else {}
        return await self.send("GET", quote(target, safe="%/?&=+:|,~!'()*;@#$[]"), headers={**asked, **(headers or {})})

    async def post(
        self,
        target: str,
        data: Mapping[str, str] | list[tuple[str, str]] | None = None,
        *,
        token: str | None = None,
        fragment: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A form, with the token that our own pages carry unless another (or an empty one) is given."""
        fields = list(data.items() if isinstance(data, Mapping) else data or ())
        sent = await self.token() if token is None else token
        if sent:
            fields.append(("csrf_token", sent))
        asked = {"HX-Request": "true"} if fragment else {}
        return await self.send(
            "POST",
            target,
            urlencode(fields).encode(),
            {"content-type": "application/x-www-form-urlencoded", "origin": self.base, **asked, **(headers or {})},
        )

    async def token(self) -> str:
        """The token of this browser's forms, read off a page that has one."""
        answer = await self.get("/profile")
        if answer.status == 303:
            answer = await self.get("/sign-in")
        return answer.page.all("[name=csrf_token]")[0]["value"]


async def _call(app: Starlette, scope: dict[str, Any], chunks: list[bytes]) -> Answer:
    waiting = list(chunks)
    started: dict[str, Any] = {}
    body: list[bytes] = []
    complete = anyio.Event()

    async def receive() -> dict[str, Any]:
        if waiting:
            chunk = waiting.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": bool(waiting)}
        await complete.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            assert not started, "two answers to one request"
            started.update(message)
        elif message["type"] == "http.response.body":
            body.append(message.get("body", b""))
            if not message.get("more_body"):
                complete.set()

    await app(scope, receive, send)
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in started["headers"]]
    return Answer(started["status"], headers, b"".join(body))


@dataclass
class Cabinet:
    """A running cabinet with the telecom sample and its cast."""

    app: Starlette
    operator: Operator
    base: str = BASE

    def visitor(self, source: str = "192.0.2.1", language: str = "en") -> Client:
        """Somebody who has not signed in."""
        return Client(self.app, source, language, self.base)

    async def sign_in(self, login: str, language: str = "en") -> Client:
        """A browser in which this person is signed in: an account's number (its owner) or an e-mail.

        The sign-in is written straight to the database; how people really sign in has tests of its own.
        """
        if "@" in login:
            seat = await Membership.filter(user__email=login).order_by("account__number").first()
        else:
            seat = await Membership.get(account__number=login, owner=True)
        assert seat is not None, f"nobody called {login}"
        token, now = new_token(), clock.now()
        await Session.create(
            token_hash=hashed(token),
            user_id=seat.user_id,  # type: ignore[attr-defined]
            membership=seat,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=self.operator.sessions.longest_hours),
        )
        browser = self.visitor(language=language)
        name = "__Host-kabinet_session" if self.base.startswith("https") else "kabinet_session"
        browser.cookies[name] = token
        return browser


def settings_for(url: str, base: str = BASE, sample: str = "telecom") -> Settings:
    return Settings(
        database_url=SecretStr(url),
        secret_key=SecretStr(SECRET),
        base_url=base,
        operator_file=SAMPLES / sample / "operator.toml",
    )


@asynccontextmanager
async def open_cabinet(url: str, base: str = BASE, sample: str = "telecom") -> AsyncIterator[Cabinet]:
    """The application on this database, from its start to its stop."""
    operator = operator_of(sample)
    app = make_app(settings_for(url, base, sample), operator)
    async with app.router.lifespan_context(app):
        yield Cabinet(app, operator, base)
