"""Typesetting: a printed document becomes a PDF, made by ``typesetter.py`` in a process of its own.

What people typed travels as data (JSON) and is only ever laid out, never read as markup.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import anyio
import orjson
from anyio.lowlevel import RunVar

from billing.invoices.printing import Printed
from components.data.places import TEMPLATES

SHEETS = TEMPLATES / "billing" / "invoices" / "pdf"
TYPESETTER = Path(__file__).with_name("typesetter.py")
LONGEST = 30.0  # seconds; a document of three hundred lines takes a quarter of one
_limiter: RunVar[anyio.CapacityLimiter] = RunVar("typesetting_limiter")  # one an event loop


class NotTypeset(RuntimeError):
    """The typesetter failed or took too long; the text is what it said."""


async def typeset(document: Printed) -> bytes:
    """The document as a PDF. One at a time a server process: pages go on meanwhile. Raises NotTypeset."""
    try:
        limiter = _limiter.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(1)
        _limiter.set(limiter)
    async with limiter:
        try:
            with anyio.fail_after(LONGEST):
                done = await anyio.run_process(
                    [sys.executable, "-I", str(TYPESETTER), str(SHEETS / f"{document.sheet}.typ")],
                    input=orjson.dumps(asdict(document)),
                    check=False,
                    env={},  # our secrets are none of its business
                )
        except TimeoutError:
            raise NotTypeset(f"took longer than {LONGEST:.0f} s") from None
    if done.returncode:
        raise NotTypeset(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout
