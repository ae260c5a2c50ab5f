"""``kabinet import DIR``"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

from dashboard.commands.known import known, migrated
from dashboard.commands.refusal import Refused
from dashboard.imports.importing import import_folder
from dashboard.imports.progress import shown_progress
from dashboard.imports.report import ImportRefused


def add(commands: Any) -> None:
    parser = commands.add_parser("import", help="import a billing system's export")
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder with the export's files")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    settings, operator = known()
    url = migrated(settings)
    try:
        with shown_progress() as progress:
            report = asyncio.run(import_folder(options.folder, url=url, operator=operator, progress=progress))
    except ImportRefused as refused:
        raise Refused(refused.report.text()) from None
    sys.stdout.write(report.text() + "\n")
