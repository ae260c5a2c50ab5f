"""Whether every place is where its parent says and every standing what its line comes to; and putting it right.

Only ``placing`` and ``standing`` write them, so they are right unless somebody wrote to the tables by hand, or a new
version brought a permission that the stored standings of owners do not name yet: ``kabinet migrate`` puts both right.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from components.data.database import execute, rows, transaction
from users.hierarchy.standing import refresh, standings
from users.hierarchy.tree import everybody, lock_tree
from users.permissions.permission import ALL, stored
from users.permissions.rights import EVERYTHING

_ACCOUNTS = 500


@dataclass(frozen=True, slots=True)
class Place:
    account_id: int
    account: str
    email: str


_WHO = "SELECT m.account_id, a.number AS account, m.email FROM membership m JOIN account a ON a.id = m.account_id"
_LINES = f"""{_WHO} LEFT JOIN membership p ON p.id = m.parent_id
WHERE m.line <> COALESCE(p.line, '') || CAST(m.id AS TEXT) || '.' OR (m.owner AND m.parent_id IS NOT NULL)
  OR p.owner OR p.account_id <> m.account_id ORDER BY m.id"""
_OWNERS = f"""{_WHO} LEFT JOIN standing s ON s.membership_id = m.id
WHERE m.owner AND (s.membership_id IS NULL OR s.permissions <> :everything OR s.contracts IS NOT NULL
  OR s.suspended OR s.valid_from IS NOT NULL OR s.valid_until IS NOT NULL
  OR s.documents_from IS NOT NULL OR s.documents_until IS NOT NULL) ORDER BY m.id"""
_MEND_OWNERS = """
INSERT INTO standing (membership_id, permissions, suspended)
SELECT m.id, CAST(:everything AS TEXT), CAST(:no AS BOOLEAN)
FROM membership m LEFT JOIN standing s ON s.membership_id = m.id
WHERE m.owner AND (s.membership_id IS NULL OR s.permissions <> CAST(:everything AS TEXT)
  OR s.contracts IS NOT NULL OR s.suspended OR s.valid_from IS NOT NULL OR s.valid_until IS NOT NULL
  OR s.documents_from IS NOT NULL OR s.documents_until IS NOT NULL)
ON CONFLICT (membership_id) DO UPDATE SET permissions = excluded.permissions, suspended = excluded.suspended,
  contracts = NULL, valid_from = NULL, valid_until = NULL, documents_from = NULL, documents_until = NULL"""
_MEND_LINES = """
WITH RECURSIVE down AS (
  SELECT id, CAST(id AS TEXT) || '.' AS line FROM membership WHERE account_id = :account_id AND parent_id IS NULL
  UNION ALL
  SELECT m.id, down.line || CAST(m.id AS TEXT) || '.' FROM membership m JOIN down ON m.parent_id = down.id)
UPDATE membership SET line = (SELECT d.line FROM down d WHERE d.id = membership.id)
WHERE account_id = :account_id AND id IN (SELECT id FROM down)"""


async def misplaced() -> list[Place]:
    """Whose line is not their parent's and their own id, or who stands where nobody can."""
    return await rows(Place, _LINES)


async def misjudged() -> AsyncIterator[Place]:
    """Whose standing is not what the tree says."""
    for each in await rows(Place, _OWNERS, everything=stored(ALL)):
        yield each
    async for account_id, account in _accounts():
        found = await everybody(account_id)
        right = standings(found, EVERYTHING)
        for one in found:
            if one.standing != right[one.id] and not one.owner:
                yield Place(account_id, account, one.email)


async def mend() -> int:
    """Puts lines and standings right, an account a transaction; how many people were wrong."""
    wrong = await misplaced()
    for account_id in {each.account_id for each in wrong}:
        async with transaction():
            await lock_tree(account_id)
            await execute(_MEND_LINES, account_id=account_id)
    judged = [each async for each in misjudged()]
    async with transaction():
        await execute(_MEND_OWNERS, everything=stored(ALL), no=False)
    for account_id in {each.account_id for each in judged}:
        async with transaction():
            await lock_tree(account_id)
            for one in await everybody(account_id):
                if one.parent_id is None:
                    await refresh(account_id, one.line)
    return len(wrong) + len(judged)


@dataclass(frozen=True, slots=True)
class _Account:
    id: int
    number: str


async def _accounts() -> AsyncIterator[tuple[int, str]]:
    """Accounts with anybody who is no owner."""
    after = 0
    while True:
        found = await rows(
            _Account,
            "SELECT a.id, a.number FROM account a WHERE a.id > :after AND EXISTS "
            "(SELECT 1 FROM membership m WHERE m.account_id = a.id AND NOT m.owner) ORDER BY a.id LIMIT :most",
            after=after,
            most=_ACCOUNTS,
        )
        for each in found:
            yield each.id, each.number
        if len(found) < _ACCOUNTS:
            return
        after = found[-1].id
