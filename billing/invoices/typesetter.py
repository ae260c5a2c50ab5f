"""The typesetter: a program of its own that reads one document from its input and writes a PDF to its output.

typst keeps what it has laid out for the next time: a document of three hundred lines leaves 30 MB behind. A server
process would never get rid of it, so the work is done by a process that ends. It reads nothing but the sheets and
is run by its path, with the standard library and typst alone, to begin at once.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import typst

Standard = Literal["a-3a", "ua-1"]
ARCHIVE: list[Standard] = ["a-3a", "ua-1"]


def typeset_now(sheet: Path, data: dict[str, Any]) -> bytes:
    """``data`` laid out by ``sheet``.

    A PDF/A-3 with tags, the same bytes wherever and whenever it is made: only the fonts inside typst are used.
    Letters of scripts that these lack (Chinese, emoji) show as boxes, and as PDF/A forbids that, such a document is a
    plain tagged PDF.
    """
    try:
        return _compile(sheet, data, ARCHIVE)
    except typst.TypstError:
        return _compile(sheet, data, [])


def _compile(sheet: Path, data: dict[str, Any], standards: list[Standard]) -> bytes:
    compiler = typst.Compiler(
        str(sheet),
        root=str(sheet.parent),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    year, month, day = data["issued"]
    wanted: Any = standards  # the stub's list is invariant
    made = compiler.compile(format="pdf", pdf_standards=wanted, timestamp=datetime(year, month, day, tzinfo=UTC))
    assert isinstance(made, bytes)  # noqa: S101  # one PDF, however many pages
    return made


if __name__ == "__main__":
    sys.stdout.buffer.write(typeset_now(Path(sys.argv[1]), json.load(sys.stdin.buffer)))
