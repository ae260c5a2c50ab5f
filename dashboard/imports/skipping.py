"""Leaving bad rows out: with each, what can't stand without it, until what remains passes every check.

A document stands as a whole or not at all, with all its lines. A row that refers to one left out is left out with
it, unless that one is known from an earlier import; usage is so in any case, as it counts in its service's unit. Of
rows with one key none is taken: which of them counts, nobody can tell.
"""

from __future__ import annotations

from pathlib import Path

from components.data.bulk import Bulk
from dashboard.imports.checking import REFERENCES, Checker
from dashboard.imports.layout import FILES, INVOICE_LINES, INVOICES, SERVICES, USAGE, File
from dashboard.imports.pdfs import check_pdfs
from dashboard.imports.reading import Source
from dashboard.imports.rejects import Rejects

# (rows of this file, its column, stand and fall with those of that file, as what)
TOGETHER = (
    (INVOICES, "invoice_number", INVOICE_LINES, "its document is left out as a whole"),
    (INVOICE_LINES, "invoice_number", INVOICES, "its document is left out as a whole"),
    (INVOICE_LINES, "invoice_number", INVOICE_LINES, "its document is left out as a whole"),
    (USAGE, "service_id", SERVICES, "its service is left out"),
)


class Skipping:
    """Takes rows out of the staged files. What was wrong with cells is in ``rejects`` already."""

    def __init__(self, bulk: Bulk, checker: Checker, sources: list[Source], folder: Path, rejects: Rejects) -> None:
        self._bulk = bulk
        self._checker = checker
        self._sources = {each.file: each for each in sources}
        self._folder = folder
        self._rejects = rejects

    async def until_consistent(self) -> None:
        """Every row that remains passes every check. It ends: each round but the last takes rows out."""
        for file in FILES:
            await self._checker.duplicates(file, every=True)
        await self._purge(*FILES)
        while True:
            await self._references()
            before = self._rejects.count
            await self._checker.others()
            if INVOICES in self._sources:
                name = self._sources[INVOICES].path.name
                await check_pdfs(self._bulk, self._folder, name, self._rejects)
            if self._rejects.count == before:
                return
            await self._purge(*FILES)

    async def _references(self) -> None:
        """Downwards through the files, so that mostly once is enough; services and documents refer among themselves."""
        while True:
            before = self._rejects.count
            for reference in REFERENCES:
                await self._checker.reference(*reference)
                await self._purge(*(each for each in FILES if each.name == reference[0]))
            for file, column, other, reason in TOGETHER:
                await self._with_others(file, column, other, reason)
                await self._purge(file)
            if self._rejects.count == before:
                return

    async def _with_others(self, file: File, column: str, other: File, reason: str) -> None:
        if file not in self._sources or other not in self._sources:
            return
        name, cause = self._sources[file].path.name, self._sources[other].path.name
        async for line, value, first in self._bulk.stream(
            f"SELECT s.line_no, s.{column}, r.first FROM {file.stage} s JOIN (SELECT key, MIN(line_no) AS first"
            f" FROM reject_key WHERE file = '{other.name}' GROUP BY key) r ON r.key = s.{column} ORDER BY s.line_no"
        ):
            self._rejects.add(name, line, column, value, f"{reason}: see {cause}, line {first}")
            await self._rejects.store()

    async def _purge(self, *files: File) -> None:
        for each in files:
            if each in self._sources:
                await self._rejects.purge(self._sources[each])
