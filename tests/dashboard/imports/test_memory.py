"""However long a file is, an import's memory stays flat."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.databases import Databases
from tests.support.exports import Export

ROWS = 200_000
LIMIT = 60_000  # kilobytes; 200,000 rows as Python objects would take twice as much

# In a process of its own: the peak of this one is that of every test before.
PROGRAM = """
import asyncio, resource, sys
from pathlib import Path
from tests.support.exports import bring

small, large, url = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
asyncio.run(bring(small, url))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
report = asyncio.run(bring(large, url))
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(report.counts["usage"].new, after - before)
"""


def test_200_000_rows_take_no_more_memory_than_four(databases: Databases, tmp_path: Path) -> None:
    small = Export().write(tmp_path / "small")
    large = Export().only("customers").write(tmp_path / "large")
    with gzip.open(large / "usage.csv.gz", "wt", compresslevel=1) as file:
        file.write("service_id,started_at,seconds,incoming,outgoing\n")
        for minute in range(ROWS):
            day, rest = divmod(minute, 1440)
            month, day = divmod(day, 28)
            at = f"{2020 + month // 12}-{month % 12 + 1:02}-{day + 1:02}T{rest // 60:02}:{rest % 60:02}:00Z"
            file.write(f"S1,{at},60,{minute * 7919},{minute}\n")
    outcome = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(small), str(large), databases.empty()],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        timeout=300,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
    new, grown = map(int, outcome.stdout.split())
    assert new == ROWS
    if sys.platform == "linux":  # elsewhere the unit is another
        assert grown < LIMIT, f"{grown} kB"
    else:
        pytest.skip("peak memory is counted otherwise here")
