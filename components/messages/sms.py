"""SMS over an HTTP provider.

``POST`` to KABINET_SMS_URL, JSON ``{"id": …, "to": "+77010000000", "text": …}``, the id also as ``Idempotency-Key``:
by it the provider knows a second copy. Any 2xx is "taken". The URL's user and password travel as Basic, a user alone
as a Bearer token; its query stays.
"""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx2

from components.data.settings import is_loopback
from components.jobs.errors import Failed
from components.messages.refusals import Refused, told

SECONDS = 15
_FOR_GOOD = frozenset({400, 413, 422})  # about this message; all else is about the two of us, or about now


async def send_sms(url: str, token: str, to: str, text: str) -> None:
    """Hands the message to the provider. Raises Refused, or Failed."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    try:
        # A proxy that the environment names is not asked for what is on this machine.
        async with httpx2.AsyncClient(timeout=SECONDS, trust_env=not is_loopback(host)) as client:
            answer = await client.post(
                bare,
                json={"id": token, "to": to, "text": text},
                headers={"idempotency-key": token, **_credentials(parts.username, parts.password)},
            )
    except httpx2.HTTPError as error:
        raise Failed(f"the SMS provider {host} can't be reached: {type(error).__name__}") from None
    if answer.is_success:
        return
    said = f"the SMS provider {host} answered {answer.status_code}: {told(answer.text)}"
    raise Refused(said) if answer.status_code in _FOR_GOOD else Failed(said)


def _credentials(user: str | None, password: str | None) -> dict[str, str]:
    if user is None:
        return {}
    if password is None:
        return {"authorization": f"Bearer {unquote(user)}"}
    both = f"{unquote(user)}:{unquote(password)}".encode()
    return {"authorization": f"Basic {b64encode(both).decode()}"}
