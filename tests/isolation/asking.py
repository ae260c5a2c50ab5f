"""Asking for a page as somebody, and all that came of it: body, headers, log lines, letters, the journal's rows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from structlog.testing import capture_logs

from components.data.database import fetch
from tests.isolation.people import Looker, account_number
from tests.isolation.world import Canary, found_in, plain, said
from tests.support.client import Answer, Cabinet, Client

# Where somebody may read the number and the name of an account that they have not turned to.
_SWITCHER = ('<details class="menu choice-menu">', "</details>")


class Asker:
    """A browser of somebody's; keeps what it finds in ``leaks``."""

    def __init__(self, who: Looker, browser: Client) -> None:
        self.who, self.browser = who, browser
        self.leaks: list[str] = []
        self.wrong: list[str] = []
        self.asked = 0
        self._token: str | None = None
        self.typed: set[str] = set()

    async def ask(
        self,
        method: str,
        address: str,
        form: dict[str, str] | list[tuple[str, str]] | None = None,
        *,
        typed: tuple[str, ...] = (),
        fragment: bool = False,
        forbidden: tuple[Canary, ...] | None = None,
    ) -> Answer:
        """Asks, and looks at every byte. ``typed``: what the asker said, which may be said back."""
        self.asked += 1
        self.typed |= set(typed)
        with capture_logs() as lines:
            if method == "GET":
                answer = await self.browser.get(address, fragment=fragment)
            else:
                if self._token is None:
                    self._token = await self.browser.token()
                answer = await self.browser.post(
                    quote(address, safe="%/?&=+:|,~!'()*;@#$[]"), form, token=self._token, fragment=fragment
                )
        never = self.who.forbidden if forbidden is None else forbidden
        found = {
            "body": found_in(said(_without_switcher(answer), answer.header("content-type")), never, typed),
            "headers": found_in(plain(str(answer.headers)), never, typed),
            "log": found_in(plain(str(lines)), never, typed),
        }
        kind = "fragment " if fragment else ""
        self.leaks += [f"{method} {kind}{address}: {words} in its {where}" for where, words in found.items() if words]
        return answer


def _without_switcher(answer: Answer) -> bytes:
    before, _, rest = answer.body.partition(_SWITCHER[0].encode())
    if b'name="account"' not in rest.partition(_SWITCHER[1].encode())[0]:
        return answer.body
    return before + rest.partition(_SWITCHER[1].encode())[2]


async def written(since: dict[str, int]) -> dict[str, list[dict[str, Any]]]:
    """Letters and rows of the journal since then."""
    return {
        table: [dict(each) for each in await fetch(f"SELECT * FROM {table} WHERE id > :id ORDER BY id", id=id)]
        for table, id in since.items()
    }


async def now_written() -> dict[str, int]:
    found = {}
    for table in ("message", "journal"):
        (last,) = await fetch(f"SELECT COALESCE(max(id), 0) AS id FROM {table}")
        found[table] = int(last["id"])
    return found


@asynccontextmanager
async def asking(cabinet: Cabinet, who: Looker) -> AsyncIterator[Asker]:
    """As this person; they come from an address of their own."""
    browser = await sign_in(cabinet, who) if who.seat else cabinet.visitor()
    browser.source = f"198.51.100.{abs(hash(who.name)) % 200 + 1}"
    yield Asker(who, browser)


async def sign_in(cabinet: Cabinet, who: Looker) -> Client:
    browser = await cabinet.sign_in(who.email())
    if who.name in ("both", "both2"):
        answer = await browser.post("/choice", {"account": account_number(who.second)})
        assert answer.status == 303
    return browser
