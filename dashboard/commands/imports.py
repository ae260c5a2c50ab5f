"""``kabinet import DIR``"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from components.data import clock
from dashboard.commands.known import known, migrated
from dashboard.commands.refusal import Refused
from dashboard.imports.importing import import_folder
from dashboard.imports.progress import shown_progress
from dashboard.imports.report import ImportRefused

NICE = 10  # pages come first; its input and output keep their turn, as others may wait for what it has locked


def add(commands: Any) -> None:
    parser = commands.add_parser("import", help="import a billing system's export")
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder with the export's files")
    parser.add_argument(
        "--skip-bad-rows",
        action="store_true",
        help="leave out bad rows and what depends on them, import the rest, and write what was left out to a folder "
        "that can be mended and imported",
    )
    parser.add_argument(
        "--rejects",
        type=Path,
        metavar="DIR2",
        help="that folder, which must not be there yet; else it lies beside DIR and has the time in its name",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Imports at low priority. Rows left out are told at the end and do not fail the command."""
    if options.rejects and not options.skip_bad_rows:
        raise Refused("--rejects names where rows go that --skip-bad-rows leaves out; give both")
    settings, operator = known()
    url = migrated(settings)
    rejects = (options.rejects or _beside(options.folder)) if options.skip_bad_rows else None
    os.nice(max(0, NICE - os.nice(0)))
    try:
        with shown_progress() as progress:
            report = asyncio.run(
                import_folder(options.folder, url=url, operator=operator, progress=progress, rejects=rejects)
            )
    except ImportRefused as refused:
        raise Refused(refused.report.text()) from None
    sys.stdout.write(report.text() + "\n")


def _beside(folder: Path) -> Path:
    path = folder.resolve()
    return path.with_name(f"{path.name}-rejects-{clock.now():%Y%m%dT%H%M%SZ}")
