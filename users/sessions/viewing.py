"""From a cookie to a viewer: one query, and nothing remembered between requests.

A right is worked out at use: one's own grants within every ancestor's at this moment. So a suspension, a
revocation or a sign-out counts from the next request on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request

from components.data import clock
from components.data.database import execute_if_free, row
from components.data.operator import SessionRules
from users.permissions.permission import ALL, Permission, read
from users.permissions.viewer import AccountChoice, ContractChoice, Viewer
from users.sessions.tokens import hashed

# How stale the time of the last visit may get before it is written again.
SEEN_EVERY = timedelta(minutes=5)

_SQL = """
SELECT s.id AS session_id, s.created_at, s.seen_at, s.expires_at, s.remember, s.contract_id,
  u.id AS user_id, u.email, u.first_name, u.last_name, u.language, u.theme,
  m.id AS membership_id, m.owner, m.position,
  a.id AS account_id, a.number AS account, a.currency, a.closed_on, p.name AS customer,
  (SELECT json_group_array(json_object('id', om.id, 'number', oa.number, 'customer', op.name,
      'suspended', om.suspended, 'from', om.valid_from, 'until', om.valid_until))
    FROM membership om JOIN account oa ON oa.id = om.account_id JOIN customer op ON op.id = oa.customer_id
    WHERE om.user_id = u.id) AS accounts,
  (SELECT json_group_array(json_object('id', c.id, 'number', c.number, 'product', c.product, 'status', c.status))
    FROM contract c WHERE c.account_id = a.id) AS contracts,
  (WITH RECURSIVE up AS (
      SELECT x.id, x.parent_id FROM membership x WHERE x.id = s.membership_id
      UNION ALL SELECT y.id, y.parent_id FROM membership y JOIN up ON y.id = up.parent_id)
    SELECT json_group_array(json_object('id', z.id, 'owner', z.owner, 'permissions', z.permissions,
      'reach', z.reach, 'suspended', z.suspended, 'from', z.valid_from, 'until', z.valid_until,
      'documents_from', z.documents_from, 'documents_until', z.documents_until,
      'contracts', (SELECT json_group_array(mc.contract_id) FROM membership_contract mc
        WHERE mc.membership_id = z.id)))
    FROM up JOIN membership z ON z.id = up.id) AS line
FROM session s
JOIN person u ON u.id = s.user_id
JOIN membership m ON m.id = s.membership_id AND m.user_id = u.id
JOIN account a ON a.id = m.account_id
JOIN customer p ON p.id = a.customer_id
WHERE s.token_hash = :token_hash AND s.ended_at IS NULL AND u.active
"""


@dataclass(frozen=True, slots=True)
class _Found:
    session_id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    remember: bool
    contract_id: int | None
    user_id: int
    email: str
    first_name: str
    last_name: str
    language: str | None
    theme: str | None
    membership_id: int
    owner: bool
    position: str
    account_id: int
    account: str
    currency: str
    closed_on: date | None
    customer: str
    accounts: str | None
    contracts: str | None
    line: str | None


async def viewer_for(token: str, rules: SessionRules, zone: ZoneInfo) -> Viewer | None:
    """The viewer a session token stands for, or None where it stands for nobody (any more)."""
    found = await row(_Found, _SQL, token_hash=hashed(token))
    if found is None:
        return None
    now = clock.now()
    idle = timedelta(minutes=rules.idle_minutes)
    if now >= found.expires_at or (not found.remember and now >= found.seen_at + idle):
        return None
    today = now.astimezone(zone).date()
    line = json.loads(found.line or "[]")
    if any(_shut(each, today) for each in line):
        return None
    if now - found.seen_at >= SEEN_EVERY:
        await execute_if_free("UPDATE session SET seen_at = :now WHERE id = :id", now=now, id=found.session_id)
    return _viewer(found, line, today)


def _shut(member: dict[str, Any], today: date) -> bool:
    """Suspended, not yet begun or over: of a whole line one is enough."""
    begins, ends = member["from"], member["until"]
    return bool(
        member["suspended"]
        or (begins and today < date.fromisoformat(begins))
        or (ends and today > date.fromisoformat(ends))
    )


def _viewer(found: _Found, line: list[dict[str, Any]], today: date) -> Viewer:
    permissions: frozenset[Permission] = ALL
    reach: set[int] | None = None
    starts: list[date] = []
    ends: list[date] = []
    for member in line:
        if not member["owner"]:
            permissions &= read(member["permissions"])
        if member["reach"] != "all":
            chosen = set(member["contracts"] or ())
            reach = chosen if reach is None else reach & chosen
        if member["documents_from"]:
            starts.append(date.fromisoformat(member["documents_from"]))
        if member["documents_until"]:
            ends.append(date.fromisoformat(member["documents_until"]))
    contracts = tuple(
        ContractChoice(each["id"], each["number"], each["product"] or "", each["status"] == "active")
        for each in sorted(json.loads(found.contracts or "[]"), key=lambda c: (c["status"] != "active", c["number"]))
        if reach is None or each["id"] in reach
    )
    return Viewer(
        session_id=found.session_id,
        user_id=found.user_id,
        email=found.email,
        first_name=found.first_name,
        last_name=found.last_name,
        language=found.language,
        theme=found.theme,
        membership_id=found.membership_id,
        owner=found.owner,
        position=found.position,
        permissions=permissions,
        account_id=found.account_id,
        account=found.account,
        currency=found.currency,
        closed_on=found.closed_on,
        customer=found.customer,
        accounts=tuple(
            AccountChoice(each["id"], each["number"], each["customer"])
            for each in sorted(json.loads(found.accounts or "[]"), key=lambda a: str(a["number"]))
            if not _shut(each, today)
        ),
        contracts=contracts,
        contract=next((each for each in contracts if each.id == found.contract_id), None),
        reach=None if reach is None else tuple(sorted(reach)),
        documents_from=max(starts, default=None),
        documents_until=min(ends, default=None),
    )


def viewer_of(request: Request) -> Viewer:
    """The viewer of a request that passed its gate."""
    viewer = request.state.viewer
    if not isinstance(viewer, Viewer):
        raise RuntimeError("this page has no gate, so it has no viewer")
    return viewer
