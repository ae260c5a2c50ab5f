"""The same product asked through its pages: forms are sent, answers are statuses. What stands is read as before."""

from __future__ import annotations

from typing import Any

from tests.delegation.model import BOUNDS, LOST, NOT_THERE, REFUSED
from tests.delegation.product import CHEAP, PASSWORD, Product
from tests.support.client import Answer, Client
from users.hierarchy.models import Membership, OwnershipOffer, Removal, User
from users.hierarchy.tree import member


class Pages(Product):
    """Nobody acts here as somebody they were long ago: the gate asks who they are with every request."""

    through_pages = True

    def browser(self, label: str) -> Client:
        made = Client(self.stage.app, source=f"192.0.2.{next(self.sources) % 250}")
        if label in self.sessions:
            made.cookies["kabinet_session"] = self.sessions[label]
        return made

    async def send(self, actor: str, address: str, **fields: Any) -> Answer:
        browser = self.browser(actor)
        if (
            not self.sessions.get(actor)
            or actor not in self.tokens
            or self.tokens[actor][0] != self.sessions.get(actor)
        ):
            self.tokens[actor] = (self.sessions.get(actor), await browser.token())
        sent = [
            (name, each)
            for name, value in fields.items()
            for each in (value if isinstance(value, list) else [value])
            if each is not None
        ]
        return await browser.post(address, sent, token=self.tokens[actor][1])

    @staticmethod
    def said(answer: Answer) -> str | None:
        if answer.status == 303:
            return LOST if answer.header("location").startswith("/sign-in") else None
        return {403: LOST, 404: NOT_THERE, 410: NOT_THERE, 422: REFUSED}[answer.status]

    async def posts(self, actor: str, address: str, **fields: Any) -> str | None:
        return self.said(await self.send(actor, address, **fields))

    async def add(self, actor: str, wish: dict[str, Any], token: str, label: str, parent: str = "") -> str | None:
        smuggled = {"parent_id": str(self._id(parent)), "parent": str(self._id(parent))} if parent else {}
        answer = await self.send(
            actor,
            "/users",
            **self._fields(wish, None),
            password_mode="own",
            password=PASSWORD,
            password_again=PASSWORD,
            **smuggled,
        )
        if (refused := self.said(answer)) is None:
            self.ids[label] = int(answer.header("location").removeprefix("/users/").partition("?")[0])
            self.links[token] = self.stage.tokens[-1]
        return refused

    async def edit(self, actor: str, target: str, wish: dict[str, Any], token: str) -> str | None:
        before = len(self.stage.tokens)
        found = await member(self._id(target))
        fields = self._fields(wish, None)
        if found is not None and actor in self.viewers and found.own.contracts is not None:
            # A form does not send what its reader can't choose.
            mine, had = {each.id for each in self.viewers[actor].contracts}, found.own.contracts
            kept = {name for name, number in self.contracts.items() if number in had - mine}
            fields = self._fields(wish, kept)
        refused = await self.posts(actor, f"/users/{self._id(target)}", **fields)
        if len(self.stage.tokens) > before:
            self.links[token] = self.stage.tokens[-1]
        return refused

    def _fields(self, wish: dict[str, Any], kept: set[str] | None) -> dict[str, Any]:
        chosen = wish["contracts"]
        return {
            "email": wish["email"],
            "first_name": "A",
            "may_add_users": "on" if "users.manage" in wish["permissions"] else None,
            "role": wish.get("role") or "custom",
            "permissions": sorted(wish["permissions"] - {"users.manage"}),
            "reach": "all" if chosen is None else "chosen",
            "contracts": [f"{self.account}/{each}" for each in sorted((chosen or set()) - (kept or set()))],
            **{name: wish[name].isoformat() if wish[name] else None for name in BOUNDS},
        }

    async def send_again(self, actor: str, target: str, token: str) -> str | None:
        refused = await self.posts(actor, f"/users/{self._id(target)}/invitation")
        if refused is None:
            self.links[token] = self.stage.tokens[-1]
        return refused

    async def accept(self, token: str, person: str | None) -> str | None:
        label = ""
        if person:
            user = await User.get(email=person)
            place = await Membership.get_or_none(account_id=self.account, user_id=user.id)
            label = next((each for each, number in self.ids.items() if place and number == place.id), "")
        link = self.links.get(token, "no-such-token")
        answer = await self.send(label, f"/invitations/{link}/acceptance")
        if answer.status != 303:
            return self.said(answer)
        if answer.header("location").startswith("/sign-in?next="):
            return REFUSED
        await User.filter(password_temporary=True).update(password_temporary=False, password_hash=CHEAP.hash(PASSWORD))
        return None

    async def suspend(self, actor: str, target: str, suspended: bool) -> str | None:
        act = "suspension" if suspended else "resumption"
        return await self.posts(actor, f"/users/{self._id(target)}/{act}")

    async def move(self, actor: str, target: str, parent: str | None) -> str | None:
        to = str(self._id(parent)) if parent else "owners"
        return await self.posts(actor, f"/users/{self._id(target)}/place", to=to)

    async def remove(self, actor: str, target: str, way: str, removal: str) -> str | None:
        refused = await self.posts(actor, f"/users/{self._id(target)}/removal", way=way)
        if refused is None:
            last = await Removal.filter(account_id=self.account).order_by("-id").first()
            assert last is not None
            self.removals[removal] = last.id
        return refused

    async def undo(self, actor: str, removal: str) -> str | None:
        return await self.posts(actor, f"/users/removals/{self.removals.get(removal, 0)}/restoration")

    async def offer(self, owner: str, receiver: str, kind: str, password: str = PASSWORD) -> str | None:
        address = f"/users/{self._id(receiver)}/ownership"
        refused = await self.posts(owner, address, kind=kind, current_password=password)
        if refused is None:
            self.offers[owner, receiver] = await self._last_offer()
        return refused

    async def _last_offer(self) -> int:
        last = await OwnershipOffer.filter(account_id=self.account).order_by("-id").first()
        assert last is not None
        return int(last.id)

    async def take_offer(self, who: str, pair: tuple[str, str], password: str = PASSWORD) -> str | None:
        address = f"/ownership/{self.offers.get(pair, 0)}"
        return await self.posts(who, address, answer="accept", current_password=password)

    async def withdraw(self, who: str, pair: tuple[str, str]) -> str | None:
        if who == pair[0]:
            return await self.posts(who, f"/users/{self._id(pair[1])}/ownership/withdrawal")
        return await self.posts(who, f"/ownership/{self.offers.get(pair, 0)}", answer="decline")

    async def step_down(self, owner: str, password: str = PASSWORD) -> str | None:
        return await self.posts(owner, f"/users/{self._id(owner)}/resignation", current_password=password)
