"""Acts of the tree without a page in between: whoever acts is a viewer, as the gate would make them."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from starlette.requests import Request

from components.data import clock
from components.data.database import fetch
from components.messages.models import Message
from tests.support.client import Cabinet
from tests.support.grants import seat
from users.hierarchy.accepting import Accepted, accept
from users.hierarchy.adding import add
from users.hierarchy.models import Membership
from users.hierarchy.refusing import NotThere, Refused
from users.hierarchy.standing import standings
from users.hierarchy.tree import Member, everybody, member
from users.hierarchy.wanted import Wanted
from users.parties.models import Account, Contract
from users.permissions.permission import Permission
from users.permissions.permission import Permission as P
from users.permissions.rights import EVERYTHING
from users.permissions.viewer import Viewer
from users.sessions.models import Session
from users.sessions.tokens import hashed, new_token
from users.sessions.viewing import viewer_for

DANA = "dana@customer1.example"
ERLAN = "erlan@customer1.example"
CHOSEN = "seven quiet mountains"
_TABLES = (
    "person",
    "membership",
    "membership_contract",
    "standing",
    "link",
    "message",
    "job",
    "removal",
    "ownership_offer",
    "journal",
)


@dataclass
class Acts:
    cabinet: Cabinet

    @property
    def request(self) -> Request:
        return Request(
            {
                "type": "http",
                "method": "POST",
                "path": "/users",
                "query_string": b"",
                "headers": [(b"accept-language", b"en")],
                "client": ("192.0.2.7", 50000),
                "app": self.cabinet.app,
                "state": {},
            }
        )

    async def viewer(self, login: str) -> Viewer:
        """Somebody who is signed in: an account's number (its first owner) or an e-mail."""
        found = await self._seen(login)
        assert found is not None, f"{login} gets nowhere"
        return found

    async def gets_in(self, login: str) -> bool:
        return await self._seen(login) is not None

    async def _seen(self, login: str) -> Viewer | None:
        which = {"user__email": login} if "@" in login else {"account__number": login, "owner": True}
        seats = Membership.filter(**which).exclude(user_id=None)
        place = await seats.order_by("account__number", "id").first()
        assert place is not None, f"nobody called {login}"
        operator, token, now = self.cabinet.operator, new_token(), clock.now()
        await Session.create(
            token_hash=hashed(token),
            user_id=place.user_id,  # type: ignore[attr-defined]
            membership=place,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=12),
        )
        return await viewer_for(token, operator.sessions, operator.zone)

    async def add(self, by: str, email: str = DANA, *permissions: Permission, **rest: Any) -> Member:
        wanted = Wanted(email=email, permissions=frozenset(permissions), **{"password": CHOSEN, **rest})
        return await add(self.request, await self.viewer(by), wanted)

    async def join(self, by: str, email: str = DANA, *permissions: Permission, **rest: Any) -> Member:
        """Added and accepted."""
        await self.add(by, email, *permissions, **rest)
        await self.accept(email)
        return await seat(email)

    async def accept(self, email: str, viewer: Viewer | None = None) -> Accepted:
        return await accept(self.request, await self.token(email), viewer)

    async def token(self, email: str) -> str:
        """Out of the newest letter to this address."""
        letter = await Message.filter(receiver=email, kind="invitation").order_by("-id").first()
        assert letter is not None, f"nobody has invited {email}"
        found = re.search(r"/invitations/([\w-]+)", letter.text)
        assert found
        return found[1]


async def wanted_of(who: str, **changes: Any) -> Wanted:
    """What the form of this person shows, some of it changed."""
    one = await seat(who)
    return replace(
        Wanted(
            email=one.email,
            first_name=one.first_name,
            last_name=one.last_name,
            position=one.position,
            permissions=one.own.permissions,
            contracts=one.own.contracts,
            valid_from=one.own.valid_from,
            valid_until=one.own.valid_until,
            documents_from=one.own.documents_from,
            documents_until=one.own.documents_until,
        ),
        **changes,
    )


async def tables() -> dict[str, list[dict[str, Any]]]:
    """Everything that an act may write, but for sign-ins and the tries that are counted."""
    return {name: sorted((dict(each) for each in await fetch(f"SELECT * FROM {name}")), key=repr) for name in _TABLES}


async def refused(act: Awaitable[Any], field: str) -> str:
    """The act is refused beside this field and nothing has changed; what it says."""
    before = await tables()
    with pytest.raises(Refused) as caught:
        await act
    assert caught.value.field == field, caught.value
    assert await tables() == before
    return str(caught.value)


async def not_there(act: Awaitable[Any]) -> None:
    """As if there were no such thing; nothing has changed."""
    before = await tables()
    with pytest.raises(NotThere):
        await act
    assert await tables() == before


async def contract(number: str) -> int:
    return (await Contract.get(number=number)).id


async def tree_holds(account: str = "4445") -> None:
    """Lines are those of the parents, standings what the lines come to, and there is an owner."""
    account_id = (await Account.get(number=account)).id
    found = await everybody(account_id)
    by_id = {each.id: each for each in found}
    for each in found:
        above = by_id[each.parent_id].line if each.parent_id else ""
        assert each.line == f"{above}{each.id}."
        assert not (each.owner and each.parent_id)
        assert each.parent_id is None or not by_id[each.parent_id].owner
    right = standings(found, EVERYTHING)
    assert {each.id: each.standing for each in found} == right
    assert any(each.owner and each.user_id for each in found)


async def place(email: str) -> Member | None:
    found = await Membership.filter(email=email, account__number="4445").first()
    return await member(found.id) if found else None


LOOKS = frozenset({P.INVOICES_VIEW, P.CONTRACTS_VIEW})
