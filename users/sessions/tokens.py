"""Random tokens and what we keep of them."""

from __future__ import annotations

import hashlib
import secrets

COOKIE = "kabinet_session"


def new_token() -> str:
    """256 random bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What the database keeps. A plain SHA-256 is enough for something that can't be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()
