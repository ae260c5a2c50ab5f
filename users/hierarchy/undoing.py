"""Taking a removal back within ten minutes: places and grants return as they were; sign-ins and invitations don't."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request

from components.data import clock
from components.data.database import execute, transaction
from components.data.database import rows as fetched
from components.web.language import N_
from users.hierarchy.acting import acting
from users.hierarchy.contracts import contracts_of
from users.hierarchy.keeping import rights_back
from users.hierarchy.models import Membership, Removal
from users.hierarchy.placing import columns, move, regrant, words
from users.hierarchy.refusing import NotThere, Refused
from users.hierarchy.standing import refresh
from users.hierarchy.tree import Member, member
from users.journal.writing import note
from users.permissions.viewer import Viewer

BACK_ALREADY = N_("%(email)s was added again meanwhile. Remove them first, then undo.")
NO_PLACE = N_("The person they stood under is gone as well. Undo that removal first.")
_AT_ONCE, _ROWS = 500, 40  # people asked for, rows written, in one statement
_KEPT = ("id", "user_id", "added_by_id", "email", "first_name", "last_name", "position")


@dataclass(frozen=True, slots=True)
class Undoable:
    id: int
    name: str
    way: str
    removed_at: datetime
    until: datetime


async def undoable(viewer: Viewer) -> list[Undoable]:
    """What this viewer may still undo, newest first: their own removals, an owner everybody's."""
    return await fetched(
        Undoable,
        "SELECT id, name, way, removed_at, until FROM removal WHERE account_id = :account_id AND until > :now "
        "AND (:owner = 1 OR removed_by_id = :user_id) ORDER BY id DESC",
        account_id=viewer.account_id,
        now=clock.now(),
        owner=int(viewer.owner),
        user_id=viewer.user_id,
    )


async def undo(request: Request, viewer: Viewer, removal_id: int) -> Member:
    """Puts everybody of the removal back where they hung; who moved up and was not touched since returns under them.

    By who removed them or an owner, as long as the place is within their branch; anything else is NotThere.
    """
    async with transaction():
        actor = await acting(request, viewer)
        removal = await Removal.get_or_none(id=removal_id, account_id=actor.account_id, until__gt=clock.now())
        if removal is None or not (actor.owner or removal.removed_by_id == actor.user_id):  # type: ignore[attr-defined]
            raise NotThere
        top = removal.rows[0]
        parent = await _parent(actor, top["parent_id"])
        await _free(actor.account_id, removal.rows)
        line = f"{parent.line if parent else ''}{top['id']}."
        await _put_back(actor.account_id, removal.rows, parent, line)
        await refresh(actor.account_id, line)
        restored = await member(top["id"])
        if restored is None:
            raise NotThere
        back = await _take_back(removal.rights, restored, parent)
        await removal.delete()
        facts: dict[str, Any] = {"way": removal.way, "count": len(removal.rows)}
        if back:
            facts["moved_back"] = back
        await note(request, "user.restored", viewer=viewer, target=restored.email, after=facts)
    return restored


async def _parent(actor: Member, parent_id: int | None) -> Member | None:
    """Where the removed one hung: at the root, or under a member who may have moved since."""
    if parent_id is None:
        if not actor.owner:
            raise NotThere
        return None
    parent = await member(parent_id)
    if parent is None:
        raise Refused("", NO_PLACE)
    if parent.owner:  # became one meanwhile
        return await _parent(actor, None)
    if parent.id != actor.id and not actor.above(parent):
        raise NotThere
    return parent


async def _free(account_id: int, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        taken = (
            await Membership.filter(account_id=account_id, email__in=[each["email"] for each in some])
            .only("id", "email")
            .first()
        )
        if taken is None:
            people = [each["user_id"] for each in some if each["user_id"] is not None]
            taken = await Membership.filter(account_id=account_id, user_id__in=people).only("id", "email").first()
        if taken is not None:
            raise Refused("", BACK_ALREADY, email=taken.email)


async def _put_back(account_id: int, rows: list[dict[str, Any]], parent: Member | None, line: str) -> None:
    before, top_id = rows[0]["line"], rows[0]["id"]
    made: list[dict[str, Any]] = []
    contracts: list[dict[str, Any]] = []
    known = frozenset(await contracts_of(account_id))
    for each in rows:
        own = rights_back(each["own"])
        made.append(
            {
                **{name: each[name] for name in _KEPT},
                "account_id": account_id,
                "parent_id": (parent.id if parent else None) if each["id"] == top_id else each["parent_id"],
                "line": line + each["line"][len(before) :],
                "owner": False,
                "created_at": datetime.fromisoformat(each["created_at"]),
                "words": words(each["email"], each["first_name"], each["last_name"], each["position"]),
                **columns(own),
            }
        )
        contracts += [
            {"membership_id": each["id"], "contract_id": contract}
            for contract in sorted((own.contracts or frozenset()) & known)
        ]
    await _insert("membership", made)
    await _insert("membership_contract", contracts)


async def _insert(table: str, made: list[dict[str, Any]]) -> None:
    """Some rows a statement, parents first, with their own ids."""
    for start in range(0, len(made), _ROWS):
        places, values = [], dict[str, Any]()
        for number, each in enumerate(made[start : start + _ROWS]):
            places.append("(" + ", ".join(f":{name}_{number}" for name in each) + ")")
            values |= {f"{name}_{number}": value for name, value in each.items()}
        await execute(f"INSERT INTO {table} ({', '.join(made[0])}) VALUES {', '.join(places)}", **values)


async def _take_back(rights: list[dict[str, Any]], restored: Member, parent: Member | None) -> list[str]:
    """Who moved up and still hangs there returns; with the former grant unless somebody has changed it since."""
    back = []
    for each in rights:
        child = await member(each["id"])
        if child is None or child.owner or child.parent_id != (parent.id if parent else None):
            continue
        if child.own == rights_back(each["after"]):
            await regrant(child, rights_back(each["before"]))
        await move(child, restored)
        back.append(child.email)
    return back


async def forget(removal_id: int) -> None:
    """Once it can't be undone any more nothing of it is kept but the journal's row."""
    await Removal.filter(id=removal_id).delete()
