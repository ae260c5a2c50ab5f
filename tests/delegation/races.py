"""Two at once on PostgreSQL: the last two owners step down, two edit one person, one is removed while they act."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from datetime import date
from random import Random
from typing import Any

from starlette.exceptions import HTTPException

from components.data.database import fetch
from tests.delegation.model import BOUNDS, PERMISSIONS, Model
from tests.delegation.product import PASSWORD, START, Product, Stage
from users.hierarchy import adding, editing, owning, removing
from users.hierarchy.models import Membership
from users.hierarchy.placing import make_owner
from users.hierarchy.refusing import NotThere, Refused
from users.hierarchy.tree import member

WITHIN = {"valid_until": date(2026, 12, 31), "documents_from": date(2025, 1, 1)}
REFUSALS = (Refused, NotThere, HTTPException)


class Broken(AssertionError):
    """Something that must hold did not."""


async def race(stage: Stage, kind: str, number: int) -> str:
    """One race on an account of its own; which way it went."""
    product, chance = Product(stage), Random(number)  # noqa: S311 whose turn it is, no secret
    owner = f"owner{number}@{kind}.example"
    await product.begin(owner)
    model = Model(START, owner, {"A", "B", "C"})
    for label, parent in (("m2", None), ("m3", "m2"), ("m4", "m3")):
        email = f"{label}-{number}@{kind}.example"
        facts = model._empty(email, person=email, parent=parent)
        facts |= {"permissions": {"users.manage", "invoices.view", "payments.view"}}
        facts |= {"contracts": {"A", "B"}} if label == "m2" else {"documents_until": date(2025, 12, 31)}
        facts |= WITHIN if label == "m3" else {}
        model.members[label] = facts
        await product.plant(label, facts)
    for label in model.members:
        await product.sees(label)
    went = await {"owners": _owners, "editors": _editors, "removal": _removal}[kind](product, chance)
    await _holds(product)
    await product.end()
    return went


async def _owners(product: Product, chance: Random) -> str:
    """The last two owners step down at once: one of them stays."""
    found = await member(product.ids["m2"])
    assert found is not None
    await make_owner(found)
    await product.sees("m2")
    done = await _together(
        chance,
        owning.step_down(product.request(), product.viewers["m1"], PASSWORD),
        owning.step_down(product.request(), product.viewers["m2"], PASSWORD),
    )
    if sorted(done) != [False, True]:
        raise Broken(f"of two last owners stepped down: {done}")
    return f"{done}"


async def _editors(product: Product, chance: Random) -> str:
    """Two change one person: what stands is one of the wishes with what the other may not touch, never a mixture."""
    one = {"email": (await _email(product, "m4")), **dict.fromkeys(BOUNDS), **WITHIN}
    one["documents_until"] = date(2025, 12, 31)
    wishes = [
        one | {"permissions": {"invoices.view"}, "contracts": {"A", "B"}},
        one | {"permissions": {"payments.view"}, "contracts": {"A"}, "valid_from": date(2026, 11, 18)},
    ]
    done = await _together(
        chance,
        editing.change(product.request(), product.viewers["m2"], product.ids["m4"], product._wanted(wishes[0])),
        editing.change(product.request(), product.viewers["m3"], product.ids["m4"], product._wanted(wishes[1])),
    )
    found = await member(product.ids["m4"])
    assert found is not None
    grant = ({str(each) for each in found.own.permissions}, found.own.contracts, found.own.valid_from)
    both = frozenset({product.contracts["A"], product.contracts["B"]})
    allowed = [
        ({"invoices.view"}, both, None),
        ({"payments.view"}, frozenset({product.contracts["A"]}), date(2026, 11, 18)),
    ]
    if not all(done) or grant not in allowed:
        raise Broken(f"two edits, {done}: {grant}")
    return "first" if grant == allowed[0] else "second"


async def _removal(product: Product, chance: Random) -> str:
    """m3 is removed while they add somebody: who comes afterwards does not come, who came before goes or moves up."""
    way = chance.choice(["branch", "children"])
    wish = {
        "email": f"new{product.account}@late.example",
        "permissions": {"invoices.view"},
        "contracts": {"B"},
        **dict.fromkeys(BOUNDS),
        **WITHIN,
        "documents_until": date(2025, 12, 31),
    }
    removed, added = await _together(
        chance,
        removing.remove(product.request(), product.viewers["m2"], product.ids["m3"], way),
        adding.add(product.request(), product.viewers["m3"], product._wanted(wish)),
        later=0.03,  # adding hashes a password before it takes the tree's lock
    )
    if not removed:
        raise Broken("the removal did not happen")
    if await Membership.exists(id=product.ids["m3"]):
        raise Broken("the removed one is there")
    there = await Membership.get_or_none(account_id=product.account, email=wish["email"])
    if there is not None and (not added or way == "branch" or there.parent_id != product.ids["m2"]):  # type: ignore[attr-defined]
        raise Broken(f"somebody under a removed one: {added} {way}")
    acted = await fetch(
        "SELECT a.act FROM journal a JOIN journal r ON r.account_id = a.account_id AND r.act = 'user.removed' "
        "WHERE a.account_id = :id AND a.act = 'user.added' AND a.id > r.id",
        id=product.account,
    )
    if acted:
        raise Broken("an act by somebody already removed")
    return f"{way}, {'added before' if added else 'added never'}"


async def _email(product: Product, label: str) -> str:
    found = await member(product.ids[label])
    assert found is not None
    return found.email


async def _together(chance: Random, *works: Coroutine[Any, Any, Any], later: float = 0) -> list[bool]:
    """Both at once, one a little later than the other, the first up to ``later`` more; which of them were done."""
    delays = [chance.random() * (0.006 + (0 if place else later)) for place, _ in enumerate(works)]

    async def one(work: Coroutine[Any, Any, Any], delay: float) -> bool:
        await asyncio.sleep(delay)
        try:
            await work
        except REFUSALS:
            return False
        return True

    return list(await asyncio.gather(*(one(work, delay) for work, delay in zip(works, delays, strict=True))))


async def _holds(product: Product) -> None:
    """At least one active owner; every standing the meet of its line, climbed link by link; nobody without a parent."""
    owners = await fetch(
        "SELECT count(*) AS n FROM membership m JOIN person u ON u.id = m.user_id "
        "WHERE m.account_id = :id AND m.owner AND u.active",
        id=product.account,
    )
    if owners[0]["n"] < 1:
        raise Broken("no owner")
    days = ", ".join(f"m.{name}, s.{name} AS stands_{name}" for name in BOUNDS)
    rows = await fetch(
        "SELECT m.id, m.parent_id, m.line, m.owner, m.permissions, m.suspended, m.reach, s.permissions AS stands, "
        f"s.suspended AS shut, s.contracts, {days} "
        "FROM membership m LEFT JOIN standing s ON s.membership_id = m.id WHERE m.account_id = :id",
        id=product.account,
    )
    chosen = await fetch(
        "SELECT c.membership_id, c.contract_id FROM membership_contract c JOIN membership m ON m.id = c.membership_id "
        "WHERE m.account_id = :id",
        id=product.account,
    )
    by_id = {each["id"]: each for each in rows}
    for each in rows:
        line, at = [each], each
        while at["parent_id"] is not None:
            if at["parent_id"] not in by_id:
                raise Broken("an orphan")
            at = by_id[at["parent_id"]]
            line.append(at)
        granted = [set(one["permissions"].split()) for one in line if not one["owner"]] or [set(PERMISSIONS)]
        reaches = [
            {row["contract_id"] for row in chosen if row["membership_id"] == one["id"]}
            for one in line
            if one["reach"] == "chosen"
        ]
        bounds = {name: [one[name] for one in line if one[name] is not None] for name in BOUNDS}
        wanted = (
            "".join(f"{one['id']}." for one in reversed(line)),
            set.intersection(*granted),
            set.intersection(*reaches) if reaches else None,
            any(one["suspended"] for one in line),
            *((max if name.endswith("from") else min)(days, default=None) for name, days in bounds.items()),
        )
        stands = (
            each["line"],
            set((each["stands"] or "").split()),
            None if each["contracts"] is None else set(json.loads(each["contracts"])),
            bool(each["shut"]),
            *(each[f"stands_{name}"] for name in BOUNDS),
        )
        if stands != wanted:
            raise Broken(f"the standing of {each['id']} is not the meet of its line: {stands} {wanted}")


KINDS = ("owners", "editors", "removal")
