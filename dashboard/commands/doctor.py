"""``kabinet doctor``"""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import asdict
from typing import Any

import orjson

from components.data.operator import Operator
from components.data.settings import Settings
from dashboard.commands.known import known
from dashboard.commands.refusal import Refused
from dashboard.doctor.examining import examine
from dashboard.doctor.finding import Finding


def add(commands: Any) -> None:
    parser = commands.add_parser("doctor", help="look whether all is well, and say what to do")
    parser.add_argument("--json", action="store_true", help="the findings as JSON, for a program")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Prints a line for each finding; refuses where there is a fault."""
    settings, operator = known()
    found = asyncio.run(_examined(settings, operator, quiet=options.json))
    faults = sum(each.level == "fault" for each in found)
    notices = sum(each.level == "notice" for each in found)
    if options.json:
        told = {"faults": faults, "notices": notices, "findings": [asdict(each) for each in found]}
        sys.stdout.write(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode() + "\n")
    if faults:
        raise Refused(f"{faults} faults, {notices} notices")
    if not options.json:
        sys.stdout.write(f"The doctor is content; {notices} notices.\n")


async def _examined(settings: Settings, operator: Operator, *, quiet: bool) -> list[Finding]:
    found = []
    async for each in examine(settings, operator):
        found.append(each)
        if not quiet:
            sys.stdout.write(f"{each}\n")
            sys.stdout.flush()
    return found
