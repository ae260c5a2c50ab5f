"""``kabinet static DIR``"""

from __future__ import annotations

import argparse
import gzip
import shutil
import sys
from pathlib import Path
from typing import Any

from components.web.assets import assets

# Smaller files, and pictures, gain nothing by compression.
WORTH_IT = 1024
TEXT = frozenset({".css", ".js", ".svg"})


def add(commands: Any) -> None:
    parser = commands.add_parser("static", help="write the static files, compressed ahead, for a proxy to serve")
    parser.add_argument("folder", type=Path, metavar="DIR", help="where they go; made if it is not there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Writes every file that may be served, with a ``.gz`` beside it and the ``.br`` that the package carries."""
    for name, asset in assets().items():
        target = options.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(asset.path, target)
        if asset.compressed:
            shutil.copyfile(asset.compressed, target.with_name(target.name + ".br"))
        if target.suffix in TEXT and target.stat().st_size >= WORTH_IT:
            packed = gzip.compress(target.read_bytes(), 9, mtime=0)
            target.with_name(target.name + ".gz").write_bytes(packed)
    sys.stdout.write(f"{len(assets())} files in {options.folder}\n")
