"""From a cookie to a viewer: one query, and nothing remembered between requests.

What the person may do is their standing: their own grant within every ancestor's, worked out in the transaction of
each change. So a suspension, a revocation or a sign-out counts from the next request on, and asking costs two key
lookups, however many people there are and however deep this one stands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request

from components.data import clock
from components.data.database import execute_if_free, row
from components.data.operator import SessionRules
from users.permissions.permission import read
from users.permissions.rights import Rights, meet
from users.permissions.viewer import AccountChoice, ContractChoice, Viewer
from users.sessions.models import Session
from users.sessions.tokens import hashed

# How stale the time of the last visit may get before it is written again.
SEEN_EVERY = timedelta(minutes=5)

# A sum is no bare column: it tempts no planner away from the membership's own key to that of its person.
_STANDING = """t.permissions, t.contracts AS reach, t.suspended, t.valid_from, t.valid_until,
  t.documents_from, t.documents_until"""
_SQL = f"""
SELECT s.id AS session_id, s.created_at, s.seen_at, s.expires_at, s.remember, s.contract_id,
  u.id AS user_id, u.email, u.first_name, u.last_name, u.language, u.theme, u.time_zone,
  u.password_temporary,
  m.id AS membership_id, m.owner, m.position,
  a.id AS account_id, a.number AS account, a.currency, a.closed_on, p.name AS customer,
  (SELECT json_group_array(json_object('id', om.id, 'number', oa.number, 'customer', op.name,
      'suspended', ot.suspended, 'from', ot.valid_from, 'until', ot.valid_until))
    FROM membership om JOIN standing ot ON ot.membership_id = om.id
      JOIN account oa ON oa.id = om.account_id JOIN customer op ON op.id = oa.customer_id
    WHERE om.user_id = u.id) AS accounts,
  (SELECT json_group_array(json_object('id', c.id, 'number', c.number, 'product', c.product, 'status', c.status))
    FROM contract c WHERE c.account_id = a.id) AS contracts,
  {_STANDING}
FROM session s
JOIN person u ON u.id = s.user_id
JOIN membership m ON m.id = s.membership_id AND m.user_id + 0 = u.id
JOIN standing t ON t.membership_id = m.id
JOIN account a ON a.id = m.account_id
JOIN customer p ON p.id = a.customer_id
WHERE s.token_hash = :token_hash AND s.ended_at IS NULL AND u.active
"""
_SAME = f"""
SELECT s.seen_at, s.expires_at, s.remember, m.owner, {_STANDING}
FROM session s
JOIN person u ON u.id = s.user_id
JOIN membership m ON m.id = :membership_id AND m.user_id + 0 = u.id
JOIN standing t ON t.membership_id = m.id
WHERE s.id = :session_id AND s.ended_at IS NULL AND u.active
"""


@dataclass(frozen=True, slots=True)
class _Now:
    """A sign-in and a standing as they are now."""

    seen_at: datetime
    expires_at: datetime
    remember: bool
    owner: bool
    permissions: str
    reach: str | None
    suspended: bool
    valid_from: date | None
    valid_until: date | None
    documents_from: date | None
    documents_until: date | None

    def ended(self, now: datetime, rules: SessionRules) -> bool:
        idle = timedelta(minutes=rules.idle_minutes)
        return now >= self.expires_at or (not self.remember and now >= self.seen_at + idle)


@dataclass(frozen=True, slots=True)
class _Found(_Now):
    session_id: int
    created_at: datetime
    contract_id: int | None
    user_id: int
    email: str
    first_name: str
    last_name: str
    language: str | None
    theme: str | None
    time_zone: str | None
    password_temporary: bool
    membership_id: int
    position: str
    account_id: int
    account: str
    currency: str
    closed_on: date | None
    customer: str
    accounts: str | None
    contracts: str | None


async def viewer_for(token: str, rules: SessionRules, zone: ZoneInfo) -> Viewer | None:
    """The viewer a session token stands for, or None where it stands for nobody (any more)."""
    found = await row(_Found, _SQL, token_hash=hashed(token))
    if found is None:
        return None
    now = clock.now()
    if found.ended(now, rules):
        return None
    today = now.astimezone(zone).date()
    rights = _rights(found)
    if not rights.open_on(today):
        return None
    seen_at = found.seen_at
    if now - seen_at >= SEEN_EVERY:
        await execute_if_free("UPDATE session SET seen_at = :now WHERE id = :id", now=now, id=found.session_id)
        seen_at = now
    idle_until = None if found.remember else seen_at + timedelta(minutes=rules.idle_minutes)
    return _viewer(found, rights, today, idle_until)


async def still(viewer: Viewer, rules: SessionRules, zone: ZoneInfo) -> bool:
    """Whether a viewer of some time ago would be let in again and could see no less: for what goes on reading.

    The same reading as ``viewer_for``, of the account that was looked at then. It is no visit.
    """
    found = await row(_Now, _SAME, session_id=viewer.session_id, membership_id=viewer.membership_id)
    now = clock.now()
    if found is None or found.ended(now, rules) or (viewer.owner and not found.owner):
        return False
    rights = _rights(found)
    if not rights.open_on(now.astimezone(zone).date()):
        return False
    before = Rights(
        permissions=viewer.permissions,
        contracts=None if viewer.reach is None else frozenset(viewer.reach),
        documents_from=viewer.documents_from,
        documents_until=viewer.documents_until,
    )
    return meet(replace(rights, valid_from=None, valid_until=None), before) == before


async def extend(viewer: Viewer) -> None:
    """Somebody is there: the idle time begins anew. The end that was set at the sign-in stays."""
    await Session.filter(id=viewer.session_id, ended_at=None).update(seen_at=clock.now())


def _rights(found: _Now) -> Rights:
    """What the whole line leaves, as its last change stored it (``users.hierarchy.standing``)."""
    return Rights(
        permissions=read(found.permissions),
        contracts=None if found.reach is None else frozenset(json.loads(found.reach)),
        suspended=found.suspended,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        documents_from=found.documents_from,
        documents_until=found.documents_until,
    )


def _open(other: dict[str, Any], today: date) -> bool:
    """Whether another membership of the person's can be turned to today."""
    begins, ends = (date.fromisoformat(other[name]) if other[name] else None for name in ("from", "until"))
    return Rights(suspended=bool(other["suspended"]), valid_from=begins, valid_until=ends).open_on(today)


def _viewer(found: _Found, rights: Rights, today: date, idle_until: datetime | None) -> Viewer:
    reach = rights.contracts
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
        time_zone=found.time_zone,
        password_temporary=found.password_temporary,
        membership_id=found.membership_id,
        owner=found.owner,
        position=found.position,
        permissions=rights.permissions,
        account_id=found.account_id,
        account=found.account,
        currency=found.currency,
        closed_on=found.closed_on,
        customer=found.customer,
        accounts=tuple(
            AccountChoice(each["id"], each["number"], each["customer"])
            for each in sorted(json.loads(found.accounts or "[]"), key=lambda a: str(a["number"]))
            if _open(each, today)
        ),
        contracts=contracts,
        contract=next((each for each in contracts if each.id == found.contract_id), None),
        reach=None if reach is None else tuple(sorted(reach)),
        valid_until=rights.valid_until,
        documents_from=rights.documents_from,
        documents_until=rights.documents_until,
        signed_in_until=found.expires_at,
        idle_until=idle_until,
    )


def viewer_of(request: Request) -> Viewer:
    """The viewer of a request that passed its gate."""
    viewer = request.state.viewer
    if not isinstance(viewer, Viewer):
        raise RuntimeError("this page has no gate, so it has no viewer")
    return viewer
