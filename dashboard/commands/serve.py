"""``kabinet serve``"""

from __future__ import annotations

import argparse
from typing import Any

from dashboard.commands.known import known
from dashboard.commands.refusal import Refused
from dashboard.serving import serve, serve_with_processes


def add(commands: Any) -> None:
    parser = commands.add_parser("serve", help="serve the cabinet")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="server processes (default 1)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    settings, operator = known()
    if options.processes < 1:
        raise Refused("--processes must be 1 or more")
    if options.processes == 1:
        serve(settings, operator, options.host, options.port)
    else:
        serve_with_processes(settings, options.host, options.port, options.processes)
