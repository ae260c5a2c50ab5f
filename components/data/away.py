"""Telling a database that can't be reached from a question that was wrong."""

from __future__ import annotations

import sqlite3

import asyncpg
from tortoise.exceptions import DBConnectionError, OperationalError, TransactionManagementError


def database_is_away(error: BaseException | None) -> bool:
    """Whether an error means that the database can't be reached, and not that our question was wrong."""
    seen = 0
    while error is not None and seen < 10:
        if isinstance(
            error,
            DBConnectionError
            | ConnectionError
            | asyncpg.PostgresConnectionError
            | asyncpg.CannotConnectNowError
            | asyncpg.TooManyConnectionsError
            | asyncpg.AdminShutdownError
            | asyncpg.CrashShutdownError
            | asyncpg.InterfaceError
            | asyncpg.InternalClientError,  # a question sent just as the server hung up
        ):
            return True
        if isinstance(error, sqlite3.OperationalError) and any(
            word in str(error) for word in ("locked", "unable to open", "disk I/O", "readonly")
        ):
            return True
        if isinstance(error, OperationalError | TransactionManagementError) and error.args:
            inner = error.args[0]
            if isinstance(inner, BaseException) and inner is not error and database_is_away(inner):
                return True
        error = error.__cause__ or error.__context__
        seen += 1
    return False
