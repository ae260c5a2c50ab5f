"""Telling a disk that is full from everything else that may go wrong."""

from __future__ import annotations

import errno
import sqlite3

import asyncpg

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
ADVICE = (
    "There is no space left to write to (or a limit on files was met); nothing was changed. Make room and try again."
)


def is_out_of_space(error: BaseException | None) -> bool:
    """Whether writing failed for want of space, here or at the database's server.

    SQLite tells a limit on the size of files as a disk I/O error; a broken disk looks the same.
    """
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if isinstance(error, asyncpg.DiskFullError):
            return True
        if isinstance(error, sqlite3.OperationalError) and any(
            words in str(error) for words in ("database or disk is full", "disk I/O error")
        ):
            return True
        error = error.__cause__ or error.__context__
        seen += 1
    return False
