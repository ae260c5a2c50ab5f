"""After any act each standing is the meet of its line, every line its parent's, and there is an owner."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from tests.support.cast import AIGERIM, DIAS, GULNAR, IRINA, PASSWORD, VIKTOR
from tests.users.hierarchy.acts import CHOSEN, Acts, tree_holds
from users.hierarchy.accepting import accept
from users.hierarchy.adding import add
from users.hierarchy.editing import change
from users.hierarchy.models import Membership
from users.hierarchy.moving import move_to
from users.hierarchy.owning import accept as accept_ownership
from users.hierarchy.owning import offer, step_down
from users.hierarchy.refusing import NotThere, Refused
from users.hierarchy.removing import remove
from users.hierarchy.suspending import resume, suspend
from users.hierarchy.undoing import undo
from users.hierarchy.wanted import Wanted
from users.parties.models import Contract
from users.permissions.permission import Permission

ACTS = 60


@pytest.mark.parametrize("seed", range(6))
async def test_after_any_act_the_tree_holds(acts: Acts, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    contracts = [each.id for each in await Contract.filter(account__number="4445")]
    viewers = [await acts.viewer(each) for each in (AIGERIM, GULNAR, VIKTOR, IRINA, DIAS)]
    removals: list[int] = []
    offers: list[int] = []
    done = 0
    for number in range(ACTS):
        by = chance.choice([viewers[0], chance.choice(viewers)])  # who stands high may do more
        ids = [each.id for each in await Membership.filter(account__number="4445")]
        one, other = chance.choice(ids), chance.choice([*ids, None])
        wish = Wanted(
            f"p{number}@x.example",
            CHOSEN,
            permissions=frozenset(chance.sample(list(Permission), 4)) | {Permission.USERS_MANAGE},
            contracts=chance.choice([None, frozenset(chance.sample(contracts, 1))]),
        )
        kind = chance.choice(["add", "add", "edit", "suspend", "resume", "move", "remove", "undo", "offer", "down"])
        try:
            if kind == "add":
                if by.owner or chance.random() < 0.5:
                    wish = replace(wish, permissions=by.permissions & wish.permissions)
                await add(acts.request, by, wish)
                if chance.random() < 0.8:
                    await accept(acts.request, await acts.token(wish.email), None)
                    if await acts.gets_in(wish.email):
                        viewers.append(await acts.viewer(wish.email))
            elif kind == "edit":
                found = await Membership.get(id=one)
                await change(acts.request, by, one, replace(wish, email=found.email))
            elif kind in ("suspend", "resume"):
                await (suspend if kind == "suspend" else resume)(acts.request, by, one)
            elif kind == "move":
                await move_to(acts.request, by, one, other)
            elif kind == "remove":
                removals.append((await remove(acts.request, by, one, chance.choice(["branch", "children"]))).id)
            elif kind == "undo" and removals:
                await undo(acts.request, by, chance.choice(removals))
            elif kind == "offer":
                offers.append((await offer(acts.request, by, one, chance.choice(["second", "instead"]), PASSWORD)).id)
                await _accept_offer(acts, viewers, offers[-1])
            elif kind == "down":
                await step_down(acts.request, by, PASSWORD)
            done += 1
        except (Refused, NotThere, HTTPException):
            pass
        await tree_holds()
    assert done > ACTS / 6


async def _accept_offer(acts: Acts, viewers: list[Any], made: int) -> None:
    for each in viewers:
        try:
            await accept_ownership(acts.request, each, made, PASSWORD)
        except (Refused, NotThere, HTTPException):
            continue
        return
