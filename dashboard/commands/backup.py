"""``kabinet backup FILE``"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from time import monotonic
from typing import Any

from components.data.backup_file import BackupRefused
from dashboard.backups import make_backup
from dashboard.commands.known import known, migrated
from dashboard.commands.refusal import Refused


def add(commands: Any) -> None:
    parser = commands.add_parser("backup", help="write everything to one file, while the cabinet runs")
    parser.add_argument("file", type=Path, metavar="FILE", help="where to; a file that is there is replaced at the end")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    settings, _operator = known()
    url = migrated(settings)
    began, path = monotonic(), options.file.absolute()
    if not path.parent.is_dir():
        raise Refused(f"there is no folder {path.parent}")
    try:
        end = asyncio.run(make_backup(path, url))
    except BackupRefused as refused:
        raise Refused(str(refused)) from None
    rows, size = sum(end.rows.values()), path.stat().st_size
    sys.stdout.write(
        f"{path}: {rows} rows of {len(end.rows)} tables, {size / 1e6:.1f} MB in {monotonic() - began:.1f} s\n"
        "It holds people's data and is readable for this user alone; keep it where only you can read it.\n"
    )
