"""``docs/abuse-cases.md`` names the tests of each case, and they name the case."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs" / "abuse-cases.md").read_text(encoding="utf-8")
CASE = re.compile(r"\b[ADLMPTX]\d\d\b")
NAMED = re.compile(r"[Aa]buse cases?\s[^.:;)\"]+|\([ADLMPTX]\d\d(?:, [ADLMPTX]\d\d)*\)")  # as tests say it
ROWS = [[each.strip() for each in line.strip("|").split("|")] for line in PAGE.splitlines() if CASE.match(line, 2)]


def _files(names: str) -> list[Path]:
    """A name without a folder stands in the one before it."""
    found: list[PurePosixPath] = []
    for name in re.findall(r"`([^`]+)`", names):
        found.append(PurePosixPath(name) if "/" in name else found[-1].parent / name)
    return [TESTS / each for each in found]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_tests_of_a_case_are_there_and_name_it(row: list[str]) -> None:
    case, tried, holds, names = row
    files = _files(names)
    assert tried
    assert holds
    assert files
    for path in files:
        assert re.search(rf"\b{case}\b", path.read_text(encoding="utf-8")), f"{path} does not name {case}"


def test_no_case_that_a_test_names_is_left_out() -> None:
    told = {row[0] for row in ROWS}
    for path in TESTS.rglob("test_*.py"):
        said = " ".join(NAMED.findall(path.read_text(encoding="utf-8")))
        assert {*CASE.findall(said)} <= told, path
