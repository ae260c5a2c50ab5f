"""The program: ``kabinet COMMAND``. Exit code 0: done; 1: refused, the reason on stderr; 2: wrong usage."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from components.data.operator import Operator, OperatorFileError, load_operator
from components.data.settings import Settings, SettingsError, load_settings


class Refused(Exception):
    """A command that did not do what it was asked; the text says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], None] = options.run
    try:
        run(options)
    except (Refused, SettingsError, OperatorFileError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kabinet", description="A self-hosted customer cabinet.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="serve the cabinet")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    serve.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    serve.set_defaults(run=_serve)

    migrate = commands.add_parser("migrate", help="bring the database to the newest schema")
    migrate.set_defaults(run=_migrate)

    imports = commands.add_parser("import", help="import a billing system's export")
    imports.add_argument("folder", type=Path, metavar="DIR", help="the folder with the export's files")
    imports.set_defaults(run=_import)

    user = commands.add_parser("user", help="open a cabinet for an account's owner")
    user.add_argument("account", help="the account number")
    user.add_argument("--email", help="the owner's e-mail (default: the customer's)")
    user.set_defaults(run=_user)

    demo = commands.add_parser("demo", help="a cabinet filled from a sample, on this machine only")
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--operator", choices=("telecom", "insurer", "housing"), default="telecom")
    demo.add_argument("--data", type=Path, default=Path(".demo"), help="where the data lies (default .demo)")
    demo.add_argument("--fresh", action="store_true", help="start over: forget what the demo has stored")
    demo.set_defaults(run=_demo)
    return parser


def _known() -> tuple[Settings, Operator]:
    settings = load_settings()
    return settings, load_operator(settings.operator_file)


def _must_be_migrated(url: str) -> None:
    from components.data.database import database
    from components.data.migrating import pending
    from dashboard.schema import config

    async def missing() -> list[str]:
        async with database(config(url)):
            return await pending(config(url))

    if asyncio.run(missing()):
        raise Refused("the database lacks migrations; run: kabinet migrate")


def _serve(options: argparse.Namespace) -> None:
    from dashboard.serving import serve

    settings, operator = _known()
    serve(settings, operator, options.host, options.port)


def _migrate(_: argparse.Namespace) -> None:
    from components.data.migrating import migrate
    from dashboard.schema import config

    settings, _operator = _known()
    applied = asyncio.run(migrate(config(settings.database_url.get_secret_value())))
    sys.stdout.write("".join(f"applied {name}\n" for name in applied) or "nothing to do\n")


def _import(options: argparse.Namespace) -> None:
    from dashboard.imports.importing import import_folder
    from dashboard.imports.progress import shown_progress
    from dashboard.imports.report import ImportRefused

    settings, operator = _known()
    url = settings.database_url.get_secret_value()
    _must_be_migrated(url)
    try:
        with shown_progress() as progress:
            report = asyncio.run(import_folder(options.folder, url=url, operator=operator, progress=progress))
    except ImportRefused as refused:
        raise Refused(refused.report.text()) from None
    sys.stdout.write(report.text() + "\n")


def _user(options: argparse.Namespace) -> None:
    from components.data.database import database
    from dashboard.schema import config
    from users.hierarchy.opening import CabinetRefused, open_cabinet

    settings, _operator = _known()
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")

    _must_be_migrated(settings.database_url.get_secret_value())

    async def run() -> str:
        async with database(config(settings.database_url.get_secret_value())):
            return await open_cabinet(options.account, options.email, password)

    try:
        email = asyncio.run(run())
    except CabinetRefused as refused:
        raise Refused(str(refused)) from None
    sys.stdout.write(f"{email} signs in with account number {options.account} or this e-mail\n")


def _demo(options: argparse.Namespace) -> None:
    from dashboard.demo.running import run_demo

    run_demo(options.operator, options.port, options.data, options.fresh)


if __name__ == "__main__":
    sys.exit(main())
