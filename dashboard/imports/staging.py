"""Staging: the rows of the files in TEMP tables, where they can be checked as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from itertools import islice
from operator import itemgetter
from zoneinfo import ZoneInfo

from components.data.bulk import CHUNK, Bulk, Kind
from dashboard.imports.layout import FILES, File
from dashboard.imports.reading import Reader, Source
from dashboard.imports.report import Faults

Progress = Callable[[str, int, int], None]
Present = dict[str, frozenset[str]]


async def stage_all(
    bulk: Bulk, sources: list[Source], zone: ZoneInfo, faults: Faults, rejects: Faults, progress: Progress
) -> Present:
    """Reads every source into its TEMP table; the columns of each file that was read to its end.

    What is wrong with a file goes to ``faults``, what is wrong with a row to ``rejects`` (which may be the same).

    The tables of files that aren't there stand empty, so that what follows needn't ask.
    """
    for file in FILES:
        # ``known``: the id of the row in the database; ``state``: new, changed, same or refused.
        extra: dict[str, Kind] = {"known": "whole", "state": "text"}
        await bulk.stage(file.stage, {**file.staged(), **extra})
    total = sum(each.size for each in sources)
    done = 0
    present: Present = {}
    for source in sources:
        reader = Reader(source, zone, faults, rejects)
        async for read in _stage(bulk, source.file, reader):
            await rejects.store()
            progress("reading", done + read, total)
        if reader.complete:
            present[source.file.name] = reader.present
        done += source.size
    for file in FILES:
        key = ", ".join(f'"{name}"' for name in file.key)
        await bulk.execute(f"CREATE INDEX {file.stage}_key ON {file.stage} ({key}, line_no)")
        await bulk.analyze(file.stage)
    return present


async def _stage(bulk: Bulk, file: File, reader: Reader) -> AsyncIterator[int]:
    """Copies the file chunk by chunk; yields how many of its bytes are read."""
    columns = file.staged()
    values_of = itemgetter(*(name for name in columns if name != "line_no"))
    rows = reader.rows()
    while chunk := [(line, *values_of(values)) for line, values in islice(rows, CHUNK)]:
        await bulk.copy(file.stage, columns, chunk)
        yield reader.bytes_read
