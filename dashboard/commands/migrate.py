"""``kabinet migrate``"""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any

from components.data.database import database
from components.data.migrating import MigrationFailed, migrate
from dashboard.commands.known import known
from dashboard.commands.refusal import Refused
from dashboard.roles import NotGranted, grant_serving_role
from dashboard.schema import config
from users.hierarchy.mending import mend


def add(commands: Any) -> None:
    parser = commands.add_parser("migrate", help="bring the database to the newest schema, and rights to the tree")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> None:
    """Besides the schema: what people may do is worked out anew where it is not what the tree says."""
    settings, _operator = known()
    try:
        applied = asyncio.run(migrate(config(settings.migration_url)))
    except MigrationFailed as failed:
        raise Refused(f"the migration was taken back, the data is as it was: {failed}") from None
    sys.stdout.write("".join(f"applied {name}\n" for name in applied) or "nothing to do\n")
    try:
        role = asyncio.run(grant_serving_role(settings))
    except NotGranted as failed:
        raise Refused(f"the schema is the newest, but {failed}") from None
    if role:
        sys.stdout.write(f"{role} may read and write, and only add to what is append-only\n")
    mended = asyncio.run(_mended(settings.migration_url))
    if mended:
        sys.stdout.write(f"put right what {mended} people may do\n")


async def _mended(url: str) -> int:
    async with database(config(url)):
        return await mend()
