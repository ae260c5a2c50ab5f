"""``kabinet user ACCOUNT``"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from typing import Any

from components.data.database import database
from components.jobs.work import House
from dashboard.commands.known import known, migrated
from dashboard.commands.refusal import Refused
from dashboard.schema import config
from users.hierarchy.dismissing import dismiss_owner
from users.hierarchy.opening import CabinetRefused, open_cabinet


def add(commands: Any) -> None:
    parser = commands.add_parser("user", help="open a cabinet for an account's owner, or remove an owner")
    parser.add_argument("account", help="the account number")
    parser.add_argument("--email", help="the owner's e-mail (default: the customer's)")
    parser.add_argument("--remove", metavar="EMAIL", help="remove this owner instead; their sign-ins end at once")
    parser.add_argument("--force", action="store_true", help="with --remove: the last owner too")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Opens a cabinet, asking for the password on a terminal, else reading its first line from standard input; or
    (``--remove``) takes an owner away."""
    if options.force and not options.remove:
        raise Refused("--force goes with --remove")
    try:
        if options.remove:
            _remove(options)
        else:
            _open(options)
    except CabinetRefused as refused:
        raise Refused(str(refused)) from None


def _open(options: argparse.Namespace) -> None:
    settings, _operator = known()
    url = migrated(settings)
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")

    async def opened() -> str:
        async with database(config(url)):
            return await open_cabinet(options.account, options.email, password)

    email = asyncio.run(opened())
    sys.stdout.write(f"{email} signs in with account number {options.account} or this e-mail\n")


def _remove(options: argparse.Namespace) -> None:
    settings, operator = known()
    url = migrated(settings)

    async def removed() -> None:
        async with database(config(url)):
            house = House(settings, operator)
            await dismiss_owner(house, options.account, options.remove, force=options.force)

    asyncio.run(removed())
    sys.stdout.write(f"{options.remove} owns account {options.account} no more\n")
