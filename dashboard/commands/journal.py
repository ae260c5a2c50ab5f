"""``kabinet journal verify`` and ``kabinet journal seal``"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from components.data.database import database
from dashboard.commands.known import known, migrated
from dashboard.commands.refusal import Refused
from dashboard.schema import config
from users.journal.chain import OPERATOR
from users.journal.exporting import Exported, Unreadable, last_seal, last_seals, read_seals
from users.journal.verifying import Fault, Verdict, verify
from users.journal.words import FAULTS
from users.parties.models import Account


def add(commands: Any) -> None:
    parser = commands.add_parser("journal", help="check that the journal is as it was written; its last seals")
    acts = parser.add_subparsers(required=True, metavar="ACT")
    checks = acts.add_parser("verify", help="go through the chains of seals and name what is wrong")
    _which(checks)
    checks.add_argument(
        "--seal", type=Path, metavar="FILE", help="what kabinet journal seal wrote earlier: is it in the chain still?"
    )
    checks.set_defaults(run=run_verify)
    seals = acts.add_parser("seal", help="write the last seal of each chain to standard output, to be kept elsewhere")
    _which(seals)
    seals.set_defaults(run=run_seal)


def _which(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--account", metavar="N", help="the chain of this account only")
    which.add_argument(
        "--operator", action="store_true", help="the operator's own chain only: imports, staff, what is of no account"
    )


def run_verify(options: argparse.Namespace) -> None:
    """Prints what was gone through; refuses with a line for each fault."""
    settings, _operator = known()
    exported = _seals(options.seal) if options.seal else []
    url, began = migrated(settings), monotonic()

    async def verified() -> Verdict:
        async with database(config(url)):
            return await verify(await _chain(options), await _asked(options, exported))

    verdict = asyncio.run(verified())
    told = f"{verdict.rows} entries in {verdict.chains} chains, {monotonic() - began:.1f} s"
    if verdict.whole:
        sys.stdout.write(f"The journal is as it was written: {told}.\n")
        return
    lines = [f"{_named(each.chain)}: {_told(each)}" for each in verdict.faults]
    if verdict.count > len(lines):
        lines.append(f"and {verdict.count - len(lines)} more")
    raise Refused("\n".join([f"The journal is not as it was written: {verdict.count} faults; {told}.", *lines]))


def _told(fault: Fault) -> str:
    """For the operator, in English, with what the row says now."""
    text = FAULTS[fault.kind] % {"row": fault.row_id, "number": fault.number, "until": fault.until}
    if fault.at is None:
        return text
    return f"{text} It says: {fault.at:%Y-%m-%d %H:%M:%S} UTC, {fault.act} by {fault.actor or 'nobody'}."


def run_seal(options: argparse.Namespace) -> None:
    """A line of JSON for each chain."""
    settings, _operator = known()
    url = migrated(settings)

    async def taken() -> list[Exported]:
        async with database(config(url)):
            chain = await _chain(options)
            if chain is None:
                return await last_seals()
            one = await last_seal(chain)
            return [one] if one else []

    found = asyncio.run(taken())
    if not found:
        raise Refused("nothing is sealed yet; does a worker run?")
    sys.stdout.write("".join(each.line for each in found))


def _seals(path: Path) -> list[Exported]:
    try:
        return read_seals(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} can't be read: {error}") from None
    except Unreadable as error:
        raise Refused(f"{path}: {error}") from None


async def _chain(options: argparse.Namespace) -> int | None:
    if options.operator:
        return OPERATOR
    if options.account is None:
        return None
    account = await Account.get_or_none(number=str(options.account))
    if account is None:
        raise Refused(f"there is no account {options.account}")
    return int(account.id)


async def _asked(options: argparse.Namespace, exported: Sequence[Exported]) -> Sequence[Exported]:
    """Those of the chain that is gone through."""
    chain = await _chain(options)
    mine = [each for each in exported if chain is None or each.chain == chain]
    if exported and not mine:
        raise Refused("the file holds no seal of this chain")
    return mine


def _named(chain: int) -> str:
    return "operator's chain" if chain == OPERATOR else f"chain {chain}"
