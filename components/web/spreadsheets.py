"""Lines of CSV that a spreadsheet may open: a text that it would run as a formula gets an apostrophe in front."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")  # wide ones run too


def harmless(text: str) -> str:
    """The text as a cell that is only shown. Blanks before a formula don't keep it from being run."""
    return "'" + text if text.lstrip(" \u00a0").startswith(_RUNS) or text.startswith(_RUNS) else text


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """Rows of texts, every cell made harmless. NUL, which no spreadsheet reads, is left out."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(
        [harmless(cell.replace("\x00", "")) for cell in row] for row in rows
    )
    return written.getvalue()
