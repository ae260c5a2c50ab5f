"""What can't be shown in a minute: ``python -m tests.proof [--kills 50] [--outages 20] [--only kills …]``.

Every part prints its figures and whether it holds; the exit code is 1 if one does not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.cabinets import Cabinet, cabinet_of
from tests.proof.household import Postgres
from tests.proof.kills import kill_in_turn, stop_the_database
from tests.proof.upgrade import PREVIOUS, upgrade_under_traffic
from tests.support.databases import Databases
from tests.support.postgres import postgres_in

PARTS = ("kills", "outages", "upgrade")


@contextmanager
def _postgres() -> Iterator[tuple[Databases, Postgres, Path]]:
    with tempfile.TemporaryDirectory(prefix="kabinet-proof-", ignore_cleanup_errors=True) as name:
        root = Path(name)
        with postgres_in(root) as socket:
            yield Databases("postgres", socket), Postgres(root / "data"), root


def _cabinet(databases: Databases) -> Cabinet:
    return cabinet_of(databases)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--outages", type=int, default=20)
    parser.add_argument("--from", dest="previous", default=PREVIOUS, help="the commit to upgrade from")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    holds = True
    with _postgres() as (databases, postgres, root):
        if "kills" in options.only:
            outcome = kill_in_turn(_cabinet(databases), root, options.kills)
            holds &= _tell(f"{options.kills} kills of two server processes and a worker", outcome.lines(), outcome.good)
        if "outages" in options.only:
            outcome = stop_the_database(_cabinet(databases), root, postgres, options.outages)
            good = outcome.good and max(outcome.recoveries) <= 5
            holds &= _tell(f"{options.outages} times without the database", outcome.lines(), good)
        if "upgrade" in options.only:
            sqlite = Databases("sqlite", str(root))
            for each in (databases, sqlite):
                lines, good = upgrade_under_traffic(each, root, options.previous)
                holds &= _tell(f"upgrade under traffic, {each.dialect}", lines, good)
    return 0 if holds else 1


def _tell(title: str, lines: list[str], good: bool) -> bool:
    sys.stdout.write(f"{title}: {'holds' if good else 'DOES NOT HOLD'}\n")
    sys.stdout.write("".join(f"  {line}\n" for line in lines))
    sys.stdout.flush()
    return good


if __name__ == "__main__":
    sys.exit(main())
