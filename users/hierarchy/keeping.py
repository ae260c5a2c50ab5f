"""Places of the tree as JSON, for the ten minutes in which a removal can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from components.data.database import rows
from users.hierarchy.tree import Member
from users.permissions.permission import read, stored
from users.permissions.rights import Rights

_DAYS = ("valid_from", "valid_until", "documents_from", "documents_until")


@dataclass(frozen=True, slots=True)
class _Fact:
    id: int
    added_by_id: int | None
    created_at: datetime


async def kept(branch: list[Member]) -> list[dict[str, Any]]:
    """Everything that is stored of these members; ``branch`` begins with its top."""
    top = branch[0]
    facts = await rows(
        _Fact,
        "SELECT id, added_by_id, created_at FROM membership "
        "WHERE account_id = :account_id AND line >= :start AND line < :end",
        account_id=top.account_id,
        start=top.line,
        end=top.line[:-1] + "/",
    )
    known = {each.id: each for each in facts}
    return [
        {
            "id": each.id,
            "user_id": each.user_id,
            "parent_id": each.parent_id,
            "added_by_id": known[each.id].added_by_id,
            "line": each.line,
            "email": each.email,
            "first_name": each.first_name,
            "last_name": each.last_name,
            "position": each.position,
            "created_at": known[each.id].created_at.isoformat(),
            "own": rights_kept(each.own),
        }
        for each in branch
    ]


def rights_kept(rights: Rights) -> dict[str, Any]:
    return {
        "permissions": stored(rights.permissions),
        "contracts": None if rights.contracts is None else sorted(rights.contracts),
        "suspended": rights.suspended,
        **{name: day.isoformat() if (day := getattr(rights, name)) else None for name in _DAYS},
    }


def rights_back(kept: dict[str, Any]) -> Rights:
    return Rights(
        permissions=read(kept["permissions"]),
        contracts=None if kept["contracts"] is None else frozenset(kept["contracts"]),
        suspended=bool(kept["suspended"]),
        **{name: date.fromisoformat(kept[name]) if kept[name] else None for name in _DAYS},
    )
