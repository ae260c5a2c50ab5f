"""The bench runs: each part once, at sizes that say nothing about speed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.support.databases import Dialect

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("database", "parts", "measured"),
    [
        (
            "sqlite",
            ("middleware", "people", "pressure", "startup", "usage"),
            (
                "all together, by the list",
                "p50, from depth 1 to depth 20",
                "tree, for the manager",
                "list during an import of 200 rows",
                "from its start to /readyz",
                "a year by day, growth of p50",
            ),
        ),
        (
            "postgres",
            ("pages", "import", "accounts"),
            ("invoice list, to the limit", "import, heavy in usage", "invoice list, growth of p50"),
        ),
    ],
)
def test_every_part_measures(
    database: Dialect, parts: tuple[str, ...], measured: tuple[str, ...], tmp_path: Path
) -> None:
    figures = tmp_path / "figures.json"
    # Not in pytest's own folder: into that one a database server with a user of its own may not look.
    with tempfile.TemporaryDirectory(prefix="kabinet-bench-", ignore_cleanup_errors=True) as kept:
        arguments = ["--tiny", "--database", database, "--data", kept, "--only", *parts, "--json", str(figures)]
        outcome = subprocess.run(
            [sys.executable, "-m", "tests.bench", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    lines = json.loads(figures.read_text())["lines"]
    assert set(measured) <= {line["what"] for line in lines}
    assert all(line["value"] > 0 for line in lines if line["unit"] == "/s")
