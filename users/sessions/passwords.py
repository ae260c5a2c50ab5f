"""Passwords: argon2id, worked out in a thread, one at a time a process.

A hash takes about 90 ms and 64 MiB. Without the limiter a flood of sign-ins takes both cores and the memory
from everybody who is signed in already; with it they keep most of their speed.

A password counts as typed, letter by letter, whole; only the ways in which keyboards write the same letter (an é of
one sign or of two) are made one, by NFKC as NIST SP 800-63B asks.
"""

from __future__ import annotations

import unicodedata

import anyio
from anyio.lowlevel import RunVar
from pwdlib import PasswordHash

_hasher = PasswordHash.recommended()
_limiter: RunVar[anyio.CapacityLimiter] = RunVar("password_limiter")  # one an event loop
# A hash nobody's password has: an unknown login costs as much time as a known one.
_NOBODY = _hasher.hash("a password that nobody has, only its cost counts")


def _one_at_a_time() -> anyio.CapacityLimiter:
    try:
        return _limiter.get()
    except LookupError:
        _limiter.set(anyio.CapacityLimiter(1))
        return _limiter.get()


def normal(password: str) -> str:
    """The one form of what different keyboards send for the same letters."""
    return unicodedata.normalize("NFKC", password)


def hash_now(password: str) -> str:
    """The hash, in this thread: for commands, not for the server."""
    return _hasher.hash(normal(password))


async def hash_password(password: str) -> str:
    return await anyio.to_thread.run_sync(_hasher.hash, normal(password), limiter=_one_at_a_time())


async def fits(password: str, known: str | None) -> bool:
    """Whether the password belongs to the hash; takes as long where there is no hash at all."""
    right = await anyio.to_thread.run_sync(_hasher.verify, normal(password), known or _NOBODY, limiter=_one_at_a_time())
    return right and known is not None
