"""The program: ``kabinet COMMAND``. Exit code 0: done; 1: refused, the reason on stderr; 2: wrong usage."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from components.data.away import database_is_away
from components.data.operator import OperatorFileError
from components.data.settings import SettingsError
from components.data.space import ADVICE, is_out_of_space
from dashboard.commands import (
    backup,
    demo,
    doctor,
    imports,
    jobs,
    journal,
    migrate,
    restore,
    serve,
    static,
    user,
    worker,
)
from dashboard.commands.refusal import Refused

COMMANDS = (serve, worker, jobs, migrate, imports, user, journal, backup, restore, doctor, demo, static)


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
    except Exception as error:
        if is_out_of_space(error):
            told = ADVICE
        elif database_is_away(error):
            told = f"The database can't be reached or is busy: {error}. Nothing was changed."
        else:
            raise
        sys.stderr.write(f"{told}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kabinet", description="A self-hosted customer cabinet.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
