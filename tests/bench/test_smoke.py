"""The bench runs: each part once, at sizes that say nothing about speed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.databases import Dialect

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("part", "database", "measured"),
    [
        ("pages", "postgres", "invoice list, to the limit"),
        ("middleware", "sqlite", "all together, by the list"),
        ("import", "postgres", "import, heavy in usage"),
        ("pressure", "sqlite", "list during an import of 200 rows"),
        ("startup", "sqlite", "from its start to /readyz"),
        ("accounts", "postgres", "invoice list, growth of p50"),
        ("usage", "sqlite", "a year by day, growth of p50"),
    ],
)
def test_a_part_measures(part: str, database: Dialect, measured: str, tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    arguments = ["--tiny", "--only", part, "--database", database, "--data", str(tmp_path / "kept")]
    outcome = subprocess.run(
        [sys.executable, "-m", "tests.bench", *arguments, "--json", str(figures)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    lines = json.loads(figures.read_text())["lines"]
    assert measured in {line["what"] for line in lines}
    assert all(line["value"] > 0 for line in lines if line["unit"] == "/s")
