"""``python -m tests.bench``: a table at small sizes. ``--large`` adds the large data sets, ``--only`` runs one part."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from time import monotonic

from tests.bench.accounts import measure_accounts
from tests.bench.bench import Bench
from tests.bench.figures import Report
from tests.bench.imports import measure_imports
from tests.bench.load import load_generator
from tests.bench.pages import measure_middleware, measure_pages
from tests.bench.people import measure_people
from tests.bench.pressure import measure_pressure
from tests.bench.rounds import Sizes
from tests.bench.startup import measure_startup
from tests.bench.usage import measure_usage

SMALL: dict[str, Callable[[Bench], None]] = {
    "pages": measure_pages,
    "middleware": measure_middleware,
    "import": measure_imports,
    "people": measure_people,
    "pressure": measure_pressure,
    "startup": measure_startup,
}
LARGE: dict[str, Callable[[Bench], None]] = {
    "accounts": measure_accounts,
    "usage": measure_usage,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Always 0: speed fails no build."""
    options = _parser().parse_args(arguments)
    sizes = _sizes(options)
    every = {**SMALL, **LARGE}
    parts = {name: every[name] for name in options.only} if options.only else every if options.large else SMALL
    report = Report(lambda text: print(text, flush=True))
    began = monotonic()
    load = os.getloadavg()[0]
    report.note(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {load:.1f}")
    with (
        tempfile.TemporaryDirectory(prefix="kabinet-bench-", ignore_cleanup_errors=True) as folder,
        load_generator() as generator,
        ExitStack() as stack,
    ):
        bench = Bench(report, sizes, generator, Path(folder), options.data.resolve(), stack, tuple(options.database))
        for part in parts.values():
            part(bench)
    missed = report.missed()
    report.note(f"{monotonic() - began:.0f} s. " + (f"Goals missed: {len(missed)}." if missed else "Every goal met."))
    if options.json:
        options.json.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n")
    return 0


def _sizes(options: argparse.Namespace) -> Sizes:
    sizes = Sizes()
    if options.tiny:
        sizes = Sizes(
            rounds=1,
            seconds=0.1,
            import_rows=200,
            import_rounds=1,
            pressure_rows=200,
            accounts=(10, 50),
            hours=(1_000, 2_000),
            people=(60, 200),
            checked=(5, 60),
            pages=52,
            starts=1,
        )
    elif options.large:
        sizes = replace(sizes, import_rows=2_000_000, import_rounds=1)
    if options.rounds:
        sizes = replace(sizes, rounds=options.rounds)
    if options.hours:
        sizes = replace(sizes, hours=(sizes.hours[0], options.hours))
    return sizes


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--large", action="store_true", help="with the large data sets")
    parser.add_argument("--only", nargs="+", choices=sorted({*SMALL, *LARGE}), help="these parts alone")
    parser.add_argument("--data", type=Path, default=Path(".bench"), help="where large data sets are kept")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--rounds", type=int, help="rounds of each measurement (default 5)")
    parser.add_argument("--hours", type=int, help="hours of usage in the large set (default 10,000,000)")
    parser.add_argument("--tiny", action="store_true", help="sizes that say nothing, to see that it runs")
    parser.add_argument(
        "--database", nargs="+", choices=("sqlite", "postgres"), default=["sqlite", "postgres"], help="on which"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
