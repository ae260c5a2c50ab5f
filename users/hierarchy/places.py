"""Where somebody may be moved to: reading only, the rules themselves are ``moving``'s."""

from __future__ import annotations

from dataclasses import dataclass

from components.data.database import fetch
from users.hierarchy.tree import Member, member, members

OWNERS = "owners"
MOST = 20


@dataclass(frozen=True, slots=True)
class Places:
    """``found`` in the order of their names; ``more``: there are others, to be searched for."""

    found: tuple[Member, ...]
    more: bool


async def places(actor: Member, one: Member, search: str) -> Places:
    """The people whom ``one`` may come under: the actor and who is below, but nobody of one's own branch."""
    values: dict[str, object] = {
        "account": actor.account_id,
        "start": one.line,
        "end": one.line[:-1] + "/",
        "parent": one.parent_id or 0,
        "most": MOST + 1,
    }
    conditions = [
        "m.account_id = :account",
        "NOT (m.line >= :start AND m.line < :end)",
        "m.id <> :parent",
        "NOT m.owner",
        "m.user_id IS NOT NULL",
    ]
    if not actor.owner:
        conditions.append("m.line >= :from_line AND m.line < :to_line")
        values |= {"from_line": actor.line, "to_line": actor.line[:-1] + "/"}
    if search:
        escaped = search.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
        values["like"] = f"%{escaped}%"
        columns = ("m.email", "m.first_name", "m.last_name", "m.position")
        conditions.append("(" + " OR ".join(f"lower({each}) LIKE :like ESCAPE '!'" for each in columns) + ")")
    rows = await fetch(
        f"SELECT m.id FROM membership m WHERE {' AND '.join(conditions)} "
        "ORDER BY m.last_name, m.first_name, m.email LIMIT :most",
        **values,
    )
    ids = [int(each["id"]) for each in rows]
    known = await members(ids[:MOST])
    return Places(tuple(known[each] for each in ids[:MOST]), len(ids) > MOST)


async def chosen_place(actor: Member, one: Member, to: str) -> Member | str | None:
    """The place that was chosen, as far as it is one: a member, ``owners``, or None."""
    if to == OWNERS:
        return OWNERS if actor.owner and one.parent_id is not None else None
    if not (to.isascii() and to.isdigit()) or len(to) > 18:
        return None
    found = await member(int(to))
    if found is None or found.owner or not (actor.above(found) or actor.id == found.id):
        return None
    return None if found.line.startswith(one.line) or found.id == one.parent_id else found


async def parent_of(one: Member) -> Member | None:
    """Whom they stand under; None: the owners."""
    return await member(one.parent_id) if one.parent_id else None
