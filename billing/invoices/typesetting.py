"""Typesetting: a printed document becomes a PDF/A-3 with tags, the same bytes wherever and whenever it is made.

What people typed travels as data (JSON in ``sys.inputs``) and is only ever laid out, never read as markup. Only the
fonts inside typst are used; letters of scripts that these lack (Chinese, emoji) show as boxes, and as PDF/A forbids
that, such a document is a plain tagged PDF.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Literal

import anyio
import orjson
import typst
from anyio.lowlevel import RunVar

from billing.invoices.printing import Printed
from components.data.places import TEMPLATES

SHEETS = TEMPLATES / "billing" / "invoices" / "pdf"
Standard = Literal["a-3a", "ua-1"]
ARCHIVE: list[Standard] = ["a-3a", "ua-1"]
_limiter: RunVar[anyio.CapacityLimiter] = RunVar("typesetting_limiter")  # one an event loop


async def typeset(document: Printed) -> bytes:
    """The document as a PDF, made in a thread, one at a time a process: pages go on meanwhile."""
    try:
        limiter = _limiter.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(1)
        _limiter.set(limiter)
    return await anyio.to_thread.run_sync(typeset_now, document, limiter=limiter)


def typeset_now(document: Printed) -> bytes:
    """The document as a PDF, in this thread."""
    try:
        return _compile(document, ARCHIVE)
    except typst.TypstError:
        return _compile(document, [])


def _compile(document: Printed, standards: list[Standard]) -> bytes:
    compiler = typst.Compiler(
        str(SHEETS / f"{document.sheet}.typ"),
        root=str(SHEETS),
        ignore_system_fonts=True,
        sys_inputs={"data": orjson.dumps(asdict(document)).decode()},
    )
    year, month, day = document.issued
    wanted: Any = standards  # the stub's list is invariant
    made = compiler.compile(format="pdf", pdf_standards=wanted, timestamp=datetime(year, month, day, tzinfo=UTC))
    assert isinstance(made, bytes)  # noqa: S101  # one PDF, however many pages
    return made
