"""``kabinet restore FILE``"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from time import monotonic
from typing import Any

from components.data.backup_file import BackupRefused
from components.data.migrating import MigrationFailed
from dashboard.backups import restore_backup
from dashboard.commands.known import known
from dashboard.commands.refusal import Refused
from dashboard.imports.report import ImportBusy
from dashboard.roles import NotGranted, grant_serving_role


def add(commands: Any) -> None:
    parser = commands.add_parser("restore", help="put a backup into an empty database")
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="what kabinet backup wrote, from either kind of database"
    )
    parser.add_argument("--replace", action="store_true", help="the database is not empty: lose what is in it")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    settings, _operator = known()
    began = monotonic()
    try:
        backup = asyncio.run(restore_backup(options.file, settings.migration_url, replace=options.replace))
    except BackupRefused as refused:
        raise Refused(f"Nothing was restored: {refused}") from None
    except MigrationFailed as failed:
        raise Refused(f"The rows are restored, a migration failed: {failed}") from None
    except ImportBusy:
        raise Refused("Nothing was restored: an import is running; try again when it is done") from None
    try:
        asyncio.run(grant_serving_role(settings))
    except NotGranted as failed:
        raise Refused(f"The rows are restored, but {failed}") from None
    rows = sum(backup.end.rows.values())
    sys.stdout.write(
        f"Restored {rows} rows of {backup.beginning.created_at} in {monotonic() - began:.1f} s;"
        " counts and sums are those of the backup. Everybody signs in anew. Have it examined: kabinet doctor\n"
    )
