"""Standings: what each membership comes to after its whole line, stored with every change to the tree.

Asked far more often than changed, so the meet of a line is worked out when it changes: an effective right is the
own grant within every ancestor's at this moment, and the moment is that of the transaction which changes one of
them. Nobody else writes to ``standing``; ``kabinet doctor`` compares it with what the tree says.
"""

from __future__ import annotations

import json

from components.data.database import execute
from users.hierarchy.tree import Member, branch, member
from users.permissions.permission import stored
from users.permissions.rights import EVERYTHING, Rights, meet

_AT_ONCE = 100  # rows a statement; SQLite takes 999 values in its oldest form


async def refresh(account_id: int, line: str) -> None:
    """Works out the standing of the member with this line and of everybody below. In the caller's transaction."""
    found = await branch(account_id, line)
    if not found:
        return
    above = await member(found[0].parent_id) if found[0].parent_id else None
    worked_out = standings(found, above.standing if above else EVERYTHING)
    changed = [(each.id, worked_out[each.id]) for each in found if worked_out[each.id] != each.standing]
    for start in range(0, len(changed), _AT_ONCE):
        await _store(changed[start : start + _AT_ONCE])


def standings(members: list[Member], above: Rights) -> dict[int, Rights]:
    """By id, for the members of one branch, parents before children; ``above`` is its top's parent's."""
    result: dict[int, Rights] = {}
    for each in members:
        result[each.id] = meet(result.get(each.parent_id or 0, above), each.own)
    return result


async def _store(changed: list[tuple[int, Rights]]) -> None:
    places: list[str] = []
    values: dict[str, object] = {}
    for number, (membership_id, rights) in enumerate(changed):
        mine = {
            "id": membership_id,
            "permissions": stored(rights.permissions),
            "contracts": None if rights.contracts is None else json.dumps(sorted(rights.contracts)),
            "suspended": rights.suspended,
            "valid_from": rights.valid_from,
            "valid_until": rights.valid_until,
            "documents_from": rights.documents_from,
            "documents_until": rights.documents_until,
        }
        places.append("(" + ", ".join(f":{name}_{number}" for name in mine) + ")")
        values |= {f"{name}_{number}": value for name, value in mine.items()}
    names = "permissions, contracts, suspended, valid_from, valid_until, documents_from, documents_until"
    again = ", ".join(f"{name} = excluded.{name}" for name in names.split(", "))
    await execute(
        f"INSERT INTO standing (membership_id, {names}) VALUES {', '.join(places)} "
        f"ON CONFLICT (membership_id) DO UPDATE SET {again}",
        **values,
    )
