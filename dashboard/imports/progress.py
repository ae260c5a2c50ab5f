"""How far an import is: a bar on a terminal, plain lines where there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from tqdm import tqdm

from dashboard.imports.staging import Progress

STEP = 10  # per cent between two plain lines


@contextmanager
def shown_progress(stream: TextIO = sys.stderr) -> Iterator[Progress]:
    """What to give ``import_folder`` as ``progress``, writing to ``stream``."""
    if not stream.isatty():
        yield _Lines(stream)
        return
    with tqdm(total=0, unit="B", unit_scale=True, file=stream, leave=False) as bar:

        def show(phase: str, done: int, total: int) -> None:
            bar.set_description(phase, refresh=False)
            bar.total = total
            bar.n = done
            bar.refresh()

        yield show


class _Lines:
    """A line a phase, and one each ten per cent of the reading."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last = ("", -1)

    def __call__(self, phase: str, done: int, total: int) -> None:
        step = 100 * done // max(total, 1) // STEP * STEP
        if (phase, step) != self._last:
            self._last = (phase, step)
            self._stream.write(f"{phase} {step} %\n" if phase == "reading" else f"{phase}\n")
            self._stream.flush()
