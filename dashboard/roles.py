"""Two roles on PostgreSQL: one owns the tables and migrates, the other serves. Each migration sees to their rights."""

from __future__ import annotations

from typing import Any

import asyncpg

from components.data.bulk import open_bulk
from components.data.granting import grant
from components.data.migrating import only_migration
from components.data.settings import Settings
from dashboard.schema import config


class NotGranted(RuntimeError):
    """The text says why the serving role has not got its rights."""


def serving_role(settings: Settings) -> str | None:
    """The role that serves, where it is another than the one that migrates."""
    if settings.migration_database_url is None:
        return None
    serves = _credentials(settings.database_url.get_secret_value())
    owns = _credentials(settings.migration_url)
    if "file_path" in serves or serves.get("user") == owns.get("user"):
        return None
    return str(serves["user"]) if serves.get("user") else None


async def grant_serving_role(settings: Settings) -> str | None:
    """Gives the serving role its rights; its name, None where there is only one role."""
    role = serving_role(settings)
    if role is None:
        return None
    owners = config(settings.migration_url)
    try:
        async with only_migration(owners), open_bulk(owners) as bulk:
            await grant(bulk, role)
    except asyncpg.PostgresError as error:
        raise NotGranted(f"the role {role} could not be given its rights: {error}") from None
    return role


def _credentials(url: str) -> dict[str, Any]:
    found: dict[str, Any] = config(url)["connections"]["default"]["credentials"]
    return found
