"""Browsers that a person has signed in with before: known by a cookie of their own, which outlives the sign-in.

For two things. A sign-in from any other browser is told to the person. And guesses from a browser that is known for a
login count for that browser alone: strangers who use up what a login or an address may try keep out neither the person
nor their office ("device cookies", https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).

The cookie opens nothing. A browser stays known for a person as long as a sign-in of theirs from it is kept: thirty
days after its end.
"""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from components.data import throttle
from components.data.database import fetch
from components.web.csrf import cookie_name, set_cookie
from users.sessions.tokens import hashed, new_token

COOKIE = "kabinet_device"
LASTS = 400 * 86_400  # seconds; browsers keep no cookie longer
PER_DEVICE = throttle.Limit("sign-in:device+login", tries=8, seconds=900)
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)

_KNOWN = """
SELECT COUNT(*) AS n FROM session s JOIN person u ON u.id = s.user_id
WHERE s.device_hash = :device AND s.device_hash <> '' AND (u.email = :login OR EXISTS (SELECT 1 FROM membership m
  JOIN account a ON a.id = m.account_id WHERE m.user_id = u.id AND m.owner AND a.number = :login))
"""


def device_of(request: Request) -> str:
    """What is kept of this browser's cookie; empty where it has none, or one that is not ours."""
    token = request.cookies.get(cookie_name(request, COOKIE), "")
    return hashed(token) if _TOKEN.fullmatch(token) else ""


def begin_device(request: Request) -> str:
    """The same for a browser that signs in now: one without a cookie gets one, with ``keep_device``."""
    known = device_of(request)
    if known:
        return known
    request.state.device = new_token()
    return hashed(request.state.device)


def keep_device(request: Request, response: Response) -> None:
    """Sets the browser's cookie anew after a sign-in, so that it lasts on from there."""
    token = getattr(request.state, "device", None) or request.cookies[cookie_name(request, COOKIE)]
    set_cookie(request, response, COOKIE, token, LASTS)


async def limits_of_device(request: Request, login: str) -> tuple[tuple[throttle.Limit, str], ...]:
    """What a try at this login counts against from a browser that is known for it; nothing for any other browser."""
    device = device_of(request)
    if not device:
        return ()
    (found,) = await fetch(_KNOWN, device=device, login=login)
    return ((PER_DEVICE, f"{device[:32]}|{hashed(login)[:32]}"),) if found["n"] else ()
