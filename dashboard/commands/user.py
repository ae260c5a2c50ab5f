"""``kabinet user ACCOUNT``"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from typing import Any

from components.data.database import database
from dashboard.commands.known import known, migrated
from dashboard.commands.refusal import Refused
from dashboard.schema import config
from users.hierarchy.opening import CabinetRefused, open_cabinet


def add(commands: Any) -> None:
    parser = commands.add_parser("user", help="open a cabinet for an account's owner")
    parser.add_argument("account", help="the account number")
    parser.add_argument("--email", help="the owner's e-mail (default: the customer's)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Asks for the password on a terminal, else reads its first line from standard input."""
    settings, _operator = known()
    url = migrated(settings)
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")

    async def opened() -> str:
        async with database(config(url)):
            return await open_cabinet(options.account, options.email, password)

    try:
        email = asyncio.run(opened())
    except CabinetRefused as refused:
        raise Refused(str(refused)) from None
    sys.stdout.write(f"{email} signs in with account number {options.account} or this e-mail\n")
