"""The product on a database, asked by the labels of the model: what is done, what stands afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, ClassVar, TypeVar

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from tortoise.backends.base.executor import EXECUTOR_CACHE

from components.data import clock, throttle
from components.data.database import database, execute, fetch, transaction
from components.jobs.work import House
from dashboard.app import make_app
from dashboard.schema import config
from tests.delegation.model import BOUNDS, LOST, NOT_THERE, REFUSED
from tests.support.client import settings_for
from tests.support.databases import operator_of
from users.hierarchy import (
    accepting,
    adding,
    dismissing,
    editing,
    inviting,
    moving,
    owning,
    removing,
    suspending,
    undoing,
)
from users.hierarchy.models import Membership, User
from users.hierarchy.opening import CabinetRefused
from users.hierarchy.placing import enter
from users.hierarchy.refusing import NotThere, Refused
from users.hierarchy.tree import Member, branch, member
from users.hierarchy.wanted import Wanted
from users.links import links
from users.parties.models import Account, Contract, Customer
from users.permissions.permission import Permission
from users.permissions.rights import EVERYTHING, Rights
from users.permissions.roles import ROLES
from users.permissions.viewer import Viewer
from users.sessions import passwords
from users.sessions.models import Session
from users.sessions.signing_in import SignedIn, sign_in
from users.sessions.tokens import hashed, new_token
from users.sessions.viewing import viewer_for

Result = TypeVar("Result")

START = datetime.fromisoformat("2026-11-20T09:00:00+05:00")  # where the operator is
PASSWORD = "a quiet evening by the Ili"
CONTRACTS = ("A", "B", "C")
CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
_numbers = count(1)


@dataclass
class Stage:
    """A database and a loop for many examples: each has an account of its own, and the clock to itself."""

    runner: asyncio.Runner
    app: Starlette
    foreign: int = 0  # somebody of another account
    now: datetime = START
    tokens: list[str] = field(default_factory=list)  # every one that was made, the last one last

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(work)

    def token(self) -> str:
        self.tokens.append(new_token())
        return self.tokens[-1]


@contextmanager
def stage(url: str, *, pages: bool = False) -> Iterator[Stage]:
    """Cheap hashes, no limits on tries, and a clock that stands; the rest is the product."""
    operator = operator_of("telecom")
    EXECUTOR_CACHE.clear()  # Tortoise keeps its statements by the connection's name, whatever kind that was
    with asyncio.Runner() as runner, pytest.MonkeyPatch.context() as patch:
        made = Stage(runner, make_app(settings_for(url), operator))
        patch.setattr(clock, "now", lambda: made.now.astimezone(UTC))
        patch.setattr(passwords, "_hasher", CHEAP)
        patch.setattr(passwords, "_NOBODY", CHEAP.hash("nobody's"))
        patch.setattr(links, "new_token", made.token)
        patch.setattr(throttle, "wait", _no_wait)
        opened = made.app.router.lifespan_context(made.app) if pages else database(config(url))
        runner.run(opened.__aenter__())
        try:
            made.foreign = runner.run(_foreign())
            yield made
        finally:
            runner.run(opened.__aexit__(None, None, None))


async def _no_wait(*limits: Any) -> int:
    return 0


async def _foreign() -> int:
    account = (await _account()).id
    async with transaction():
        await _owner(account, f"foreign{account}@elsewhere.example")
        one = await enter(account, f"waiting{account}@elsewhere.example", EVERYTHING)
    return one.id


async def _account() -> Account:
    number = next(_numbers)
    customer = await Customer.create(number=f"D{number}", kind="organisation", name=f"Customer {number}")
    return await Account.create(number=f"D{number}", customer=customer, currency="KZT", opening_balance=0)


async def _owner(account: int, email: str) -> Member:
    now = clock.now()
    user = await User.create(email=email, password_hash=CHEAP.hash(PASSWORD), first_name="A", created_at=now)
    return await enter(account, email, EVERYTHING, user_id=user.id, owner=True, names=("A", ""))


@dataclass
class Product:
    """One account of the product. ``ids`` by label; ``viewers`` as each was last seen, however long ago."""

    stage: Stage
    account: int = 0
    number: str = ""
    contracts: dict[str, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    viewers: dict[str, Viewer] = field(default_factory=dict)
    removals: dict[str, int] = field(default_factory=dict)
    offers: dict[tuple[str, str], int] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    sources: Iterator[int] = field(default_factory=count)
    tokens: dict[str, tuple[str | None, str]] = field(default_factory=dict)  # of forms, by session

    through_pages: ClassVar[bool] = False

    # Before an example, and after it.

    async def begin(self, owner: str, known: Sequence[str] = ()) -> None:
        """An account with three contracts and its owner; ``known`` have a login and no place here."""
        made = await _account()
        self.account, self.number = made.id, made.number
        async with transaction():
            for name in CONTRACTS:
                one = await Contract.create(number=f"{self.account}/{name}", account_id=self.account, status="active")
                self.contracts[name] = one.id
            for email in known:
                await User.create(email=email, password_hash=CHEAP.hash(PASSWORD), created_at=clock.now())
            self.ids["m1"] = (await _owner(self.account, owner)).id

    async def plant(self, label: str, facts: dict[str, Any]) -> None:
        """A member of a ready-made tree, as the model describes them, in the caller's transaction."""
        user = await User.create(
            email=facts["person"], password_hash=CHEAP.hash(PASSWORD), first_name="A", created_at=clock.now()
        )
        made = await enter(
            self.account,
            facts["email"],
            Rights(
                permissions=frozenset(Permission(each) for each in facts["permissions"]),
                contracts=self._contracts(facts["contracts"]),
                suspended=facts["suspended"],
                **{name: facts[name] for name in BOUNDS},
            ),
            user_id=user.id,
            parent=await member(self.ids[facts["parent"]]) if facts["parent"] else None,
            names=("A", ""),
        )
        self.ids[label] = made.id

    async def end(self) -> None:
        """What would pile up."""
        for table in ("message", "job", "attempt"):
            await execute(f"DELETE FROM {table}")
        self.stage.tokens.clear()

    # Who acts.

    async def sees(self, label: str) -> Viewer | None:
        """As the gate does: the person's sign-in, or a new one where it ended; None: nobody gets in."""
        found = await self._viewer(label)
        if found is None and label in self.ids:
            await self._begin_session(label)
            found = await self._viewer(label)
        if found is not None:
            self.viewers[label] = found
        return found

    async def _viewer(self, label: str) -> Viewer | None:
        token = self.sessions.get(label)
        operator = self.stage.app.state.operator
        return await viewer_for(token, operator.sessions, operator.zone) if token else None

    async def _begin_session(self, label: str) -> None:
        place = await Membership.get_or_none(id=self.ids[label])
        if place is None or place.user_id is None:  # type: ignore[attr-defined]
            return
        token, now = new_token(), clock.now()
        await Session.create(
            token_hash=hashed(token),
            user_id=place.user_id,  # type: ignore[attr-defined]
            membership_id=place.id,
            remember=True,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(days=3000),
        )
        self.sessions[label] = token

    async def signs_in(self, email: str, password: str = PASSWORD) -> str | None:
        """Through the product's own door; the membership's label that it opens."""
        made = await sign_in(self.request(), email, password, True)
        if not isinstance(made, SignedIn):
            return None
        session = await Session.get(token_hash=hashed(made.token))
        return next(
            label
            for label, id in self.ids.items()
            if id == session.membership_id  # type: ignore[attr-defined]
        )

    def request(self, query: str = "") -> Request:
        source = f"192.0.{next(self.sources) % 200}.{next(self.sources) % 250}"
        scope = {
            "type": "http",
            "app": self.stage.app,
            "method": "POST",
            "scheme": "http",
            "server": ("127.0.0.1", 8000),
            "path": "/",
            "query_string": query.encode(),
            "headers": [],
            "client": (source, 50000),
            "state": {},
        }
        return Request(scope)

    # What is done: each answers with why not, or with nothing.

    async def does(self, work: Coroutine[Any, Any, Any]) -> str | None:
        try:
            await work
        except (Refused, CabinetRefused):
            return REFUSED
        except NotThere:
            return NOT_THERE
        except HTTPException as refused:
            return {403: LOST, 404: NOT_THERE}[refused.status_code]
        return None

    async def add(self, actor: str, wish: dict[str, Any], token: str, label: str, parent: str = "") -> str | None:
        """``parent`` is what a client might smuggle in."""

        async def act() -> None:
            request = self.request(f"parent_id={self._id(parent)}" if parent else "")
            self.ids[label] = (await adding.add(request, self.viewers[actor], self._wanted(wish))).id
            self.links[token] = self.stage.tokens[-1]

        return await self.does(act())

    async def edit(self, actor: str, target: str, wish: dict[str, Any], token: str) -> str | None:
        before = len(self.stage.tokens)
        work = editing.change(self.request(), self.viewers[actor], self._id(target), self._wanted(wish))
        refused = await self.does(work)
        if len(self.stage.tokens) > before:
            self.links[token] = self.stage.tokens[-1]
        return refused

    async def send_again(self, actor: str, target: str, token: str) -> str | None:
        async def act() -> None:
            await inviting.send_again(self.request(), self.viewers[actor], self._id(target))
            self.links[token] = self.stage.tokens[-1]

        return await self.does(act())

    async def accept(self, token: str, person: str | None) -> str | None:
        async def act() -> None:
            viewer = await self._person(person) if person else None
            made = await accepting.accept(self.request(), self.links.get(token, "no such token"), viewer)
            # Whoever got a generated password replaces it, which is another story.
            await User.filter(id=made.user_id).update(password_temporary=False, password_hash=CHEAP.hash(PASSWORD))

        return await self.does(act())

    async def _person(self, email: str) -> Viewer:
        """Somebody signed in as this person, wherever: the act takes nothing else from a viewer."""
        user = await User.get(email=email)
        some = next(iter(self.viewers.values()))
        return _as(some, user_id=user.id, email=email, membership_id=0)

    async def suspend(self, actor: str, target: str, suspended: bool) -> str | None:
        act = suspending.suspend if suspended else suspending.resume
        return await self.does(act(self.request(), self.viewers[actor], self._id(target)))

    async def move(self, actor: str, target: str, parent: str | None) -> str | None:
        to = self._id(parent) if parent else None
        return await self.does(moving.move_to(self.request(), self.viewers[actor], self._id(target), to))

    async def remove(self, actor: str, target: str, way: str, removal: str) -> str | None:
        async def act() -> None:
            made = await removing.remove(self.request(), self.viewers[actor], self._id(target), way)
            self.removals[removal] = made.id

        return await self.does(act())

    async def undo(self, actor: str, removal: str) -> str | None:
        number = self.removals.get(removal, 0)
        return await self.does(undoing.undo(self.request(), self.viewers[actor], number))

    async def offer(self, owner: str, receiver: str, kind: str, password: str = PASSWORD) -> str | None:
        async def act() -> None:
            made = await owning.offer(self.request(), self.viewers[owner], self._id(receiver), kind, password)
            self.offers[owner, receiver] = made.id

        return await self.does(act())

    async def take_offer(self, who: str, pair: tuple[str, str], password: str = PASSWORD) -> str | None:
        return await self.does(owning.accept(self.request(), self.viewers[who], self.offers.get(pair, 0), password))

    async def withdraw(self, who: str, pair: tuple[str, str]) -> str | None:
        return await self.does(owning.withdraw(self.request(), self.viewers[who], self.offers.get(pair, 0)))

    async def step_down(self, owner: str, password: str = PASSWORD) -> str | None:
        return await self.does(owning.step_down(self.request(), self.viewers[owner], password))

    async def dismiss(self, email: str) -> str | None:
        """By the operator."""
        house = House(self.stage.app.state.settings, self.stage.app.state.operator)
        return await self.does(dismissing.dismiss_owner(house, self.number, email))

    # What stands.

    async def standing(self, roots: Sequence[str]) -> dict[int, Member]:
        """Every member below these roots, by id, as the product reads its tree."""
        found: dict[int, Member] = {}
        for label in roots:
            found |= {each.id: each for each in await branch(self.account, f"{self.ids[label]}.")}
        return found

    async def counted(self) -> tuple[int, int]:
        """Memberships of the account, and rows of its journal."""
        rows = await fetch(
            "SELECT (SELECT count(*) FROM membership WHERE account_id = :id) AS members, "
            "(SELECT count(*) FROM journal WHERE account_id = :id) AS rows",
            id=self.account,
        )
        return int(rows[0]["members"]), int(rows[0]["rows"])

    async def waiting(self) -> set[int]:
        """Memberships to which a link is open."""
        rows = await fetch(
            "SELECT l.membership_id AS id FROM link l JOIN membership m ON m.id = l.membership_id "
            "WHERE m.account_id = :id AND l.purpose = 'invitation' AND l.used_at IS NULL AND l.expires_at > :now",
            id=self.account,
            now=clock.now(),
        )
        return {int(each["id"]) for each in rows}

    # Between labels and ids.

    def _id(self, label: str | None) -> int:
        if label == "foreign":
            return self.stage.foreign
        return self.ids.get(label or "", 2**40)

    def _contracts(self, names: Any) -> frozenset[int] | None:
        return None if names is None else frozenset(self.contracts.get(each, 2**40) for each in names)

    def _wanted(self, wish: dict[str, Any]) -> Wanted:
        permissions = wish["permissions"]
        if wish.get("role"):
            permissions = ROLES[wish["role"]] | (permissions & {"users.manage"})
        return Wanted(
            email=wish["email"],
            password=PASSWORD,
            first_name="A",
            permissions=frozenset(Permission(each) for each in permissions),
            contracts=self._contracts(wish["contracts"]),
            **{name: wish[name] for name in BOUNDS},
        )


def _as(viewer: Viewer, **changes: Any) -> Viewer:
    return replace(viewer, **changes)
