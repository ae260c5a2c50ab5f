"""``kabinet demo``"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dashboard.demo.running import run_demo


def add(commands: Any) -> None:
    parser = commands.add_parser("demo", help="a cabinet filled from a sample, on this machine only")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--operator", choices=("telecom", "insurer", "housing"), default="telecom")
    parser.add_argument("--data", type=Path, default=Path(".demo"), help="where the data lies (default .demo)")
    parser.add_argument("--fresh", action="store_true", help="start over: forget what the demo has stored")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    run_demo(options.operator, options.port, options.data, options.fresh)
