"""The tree of an account: who stands where, and who is below whom.

A line is the ids from the root down to a member, each followed by a dot (``5.9.12.``). Whoever's line begins with
mine stands below me; ``/`` is the letter after the dot, so a branch is what lies between ``5.9.`` and ``5.9/``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from components.data.database import dialect, fetch, row, rows
from users.permissions.permission import ALL, read
from users.permissions.rights import NOTHING, Rights

_LOCKS = 0x4B61_7472 << 32  # our corner of PostgreSQL's advisory locks


@dataclass(frozen=True, slots=True)
class Member:
    """One place in the tree. ``own`` is what was granted here, ``standing`` what the whole line leaves of it.

    ``user_id`` is None while the person has not accepted. An owner's ``own`` is everything.
    """

    id: int
    account_id: int
    user_id: int | None
    parent_id: int | None
    line: str
    email: str
    first_name: str
    last_name: str
    position: str
    owner: bool
    own: Rights
    standing: Rights

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def above(self, other: Member) -> bool:
        """Whether this one stands strictly above the other: never self, sideways, up, or in another account.

        Every owner stands above everybody who is none; nobody above an owner.
        """
        if self.account_id != other.account_id or other.owner:
            return False
        return self.owner or (other.line.startswith(self.line) and other.id != self.id)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """What a statement with ``MEMBER`` brings."""

    id: int
    account_id: int
    user_id: int | None
    parent_id: int | None
    line: str
    email: str
    first_name: str
    last_name: str
    position: str
    owner: bool
    permissions: str
    reach: str
    chosen: str | None
    suspended: bool
    valid_from: date | None
    valid_until: date | None
    documents_from: date | None
    documents_until: date | None
    s_permissions: str | None  # null: not worked out yet
    s_contracts: str | None
    s_suspended: bool | None
    s_valid_from: date | None
    s_valid_until: date | None
    s_documents_from: date | None
    s_documents_until: date | None


MEMBER = """m.id, m.account_id, m.user_id, m.parent_id, m.line, m.email, m.first_name, m.last_name, m.position, m.owner,
  m.permissions, m.reach, m.suspended, m.valid_from, m.valid_until, m.documents_from, m.documents_until,
  (SELECT json_group_array(mc.contract_id) FROM membership_contract mc WHERE mc.membership_id = m.id) AS chosen,
  s.permissions AS s_permissions, s.contracts AS s_contracts, s.suspended AS s_suspended,
  s.valid_from AS s_valid_from, s.valid_until AS s_valid_until,
  s.documents_from AS s_documents_from, s.documents_until AS s_documents_until"""
_SQL = f"SELECT {MEMBER} FROM membership m LEFT JOIN standing s ON s.membership_id = m.id"


async def lock_tree(account_id: int) -> None:
    """Until the transaction ends nobody else changes this account's tree. On SQLite a transaction has that already."""
    if dialect() == "postgres":
        await fetch("SELECT pg_advisory_xact_lock(CAST(:key AS BIGINT))", key=_LOCKS + account_id)


async def member(membership_id: int) -> Member | None:
    found = await row(MemberRow, f"{_SQL} WHERE m.id = :id", id=membership_id)
    return as_member(found) if found else None


async def branch(account_id: int, line: str) -> list[Member]:
    """The member whose line this is and everybody below, parents before children."""
    found = await rows(
        MemberRow,
        f"{_SQL} WHERE m.account_id = :account_id AND m.line >= :start AND m.line < :end ORDER BY m.line",
        account_id=account_id,
        start=line,
        end=line[:-1] + "/",
    )
    return [as_member(each) for each in found]


async def everybody(account_id: int) -> list[Member]:
    """All of an account, parents before children."""
    found = await rows(MemberRow, f"{_SQL} WHERE m.account_id = :account_id ORDER BY m.line", account_id=account_id)
    return [as_member(each) for each in found]


async def children(one: Member) -> list[Member]:
    """Who hangs directly under this member."""
    found = await rows(MemberRow, f"{_SQL} WHERE m.parent_id = :id ORDER BY m.line", id=one.id)
    return [as_member(each) for each in found]


async def members(ids: Iterable[int]) -> dict[int, Member]:
    """Several, by their ids."""
    return {each.id: each for each in await _these(ids)}


async def line_up(one: Member) -> list[Member]:
    """From the root's own down to this member, both included: whose grants are met."""
    return await _these(int(each) for each in one.line.split(".")[:-1])


async def _these(ids: Iterable[int]) -> list[Member]:
    listed = ", ".join(str(each) for each in ids)
    found = await rows(MemberRow, f"{_SQL} WHERE m.id IN ({listed or 'NULL'}) ORDER BY LENGTH(m.line)")
    return [as_member(each) for each in found]


def contract_ids(listed: str | None) -> frozenset[int]:
    """Out of a JSON list of the database."""
    return frozenset(each for each in json.loads(listed or "[]") if each is not None)


def as_member(found: MemberRow) -> Member:
    """The member that such a row is of."""
    return Member(
        id=found.id,
        account_id=found.account_id,
        user_id=found.user_id,
        parent_id=found.parent_id,
        line=found.line,
        email=found.email,
        first_name=found.first_name,
        last_name=found.last_name,
        position=found.position,
        owner=found.owner,
        own=Rights(
            permissions=ALL if found.owner else read(found.permissions),
            contracts=None if found.reach == "all" else contract_ids(found.chosen),
            suspended=found.suspended,
            valid_from=found.valid_from,
            valid_until=found.valid_until,
            documents_from=found.documents_from,
            documents_until=found.documents_until,
        ),
        standing=_standing(found),
    )


def _standing(found: MemberRow) -> Rights:
    if found.s_permissions is None:
        return NOTHING
    return Rights(
        permissions=read(found.s_permissions),
        contracts=None if found.s_contracts is None else contract_ids(found.s_contracts),
        suspended=bool(found.s_suspended),
        valid_from=found.s_valid_from,
        valid_until=found.s_valid_until,
        documents_from=found.s_documents_from,
        documents_until=found.s_documents_until,
    )
