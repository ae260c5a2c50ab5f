"""``kabinet migrate``"""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any

from components.data.migrating import MigrationFailed, migrate
from dashboard.commands.known import known
from dashboard.commands.refusal import Refused
from dashboard.schema import config


def add(commands: Any) -> None:
    parser = commands.add_parser("migrate", help="bring the database to the newest schema")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> None:
    settings, _operator = known()
    try:
        applied = asyncio.run(migrate(config(settings.migration_url)))
    except MigrationFailed as failed:
        raise Refused(f"the migration was taken back, the data is as it was: {failed}") from None
    sys.stdout.write("".join(f"applied {name}\n" for name in applied) or "nothing to do\n")
