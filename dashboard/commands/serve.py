"""``kabinet serve``"""

from __future__ import annotations

import argparse
from typing import Any

from dashboard.commands.known import known
from dashboard.serving import serve


def add(commands: Any) -> None:
    parser = commands.add_parser("serve", help="serve the cabinet")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    settings, operator = known()
    serve(settings, operator, options.host, options.port)
