"""An import: the files of a folder, read, checked as a whole, and merged all together or not at all."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

from components.data import clock
from components.data.bulk import Bulk, open_bulk
from components.data.operator import Operator
from dashboard.imports.checking import Checker
from dashboard.imports.comparing import (
    JOURNAL,
    compare,
    compare_usage,
    count,
    note_changes,
    refuse_openings,
)
from dashboard.imports.layout import ACCOUNTS, FILES, INVOICES, USAGE, File
from dashboard.imports.locking import only_import
from dashboard.imports.mending import check_target, rejects_folder
from dashboard.imports.merging import Merge, note_run
from dashboard.imports.pdfs import check_pdfs, stage_pdfs
from dashboard.imports.reading import Source, find_sources
from dashboard.imports.rejects import Rejects, prepare_rejects
from dashboard.imports.report import Faults, ImportRefused, ImportReport
from dashboard.imports.skipping import Skipping
from dashboard.imports.staging import Present, Progress, stage_all
from dashboard.schema import config


async def import_folder(
    folder: Path, *, url: str, operator: Operator, progress: Progress | None = None, rejects: Path | None = None
) -> ImportReport:
    """Imports an export into the migrated database at ``url``.

    Raises ImportRefused, with every fault found, when anything is wrong, and ImportBusy while another import
    runs; then, as on any failure, the database is as it was. ``progress`` is told the phase and how many of
    how many bytes are done. The same export again writes nothing but its row of ``import_run``.

    With ``rejects``, a folder that isn't there yet, bad rows and what depends on them are left out and written
    there, to be mended; only what is wrong with a whole file refuses the import.
    """
    began, started_at = monotonic(), clock.now()
    report = ImportReport(folder=str(folder), rejects_folder=str(rejects or ""))
    told: Progress = progress or (lambda phase, done, total: None)
    sources = find_sources(folder, report.faults, report.warnings)
    if rejects:
        check_target(rejects, report.faults)
    _refuse_faults(report)
    settings = config(url)
    async with open_bulk(settings) as bulk, only_import(bulk, settings, str(folder)):
        await prepare_rejects(bulk)
        if rejects:
            report.rejects = Rejects(bulk)
        present = await stage_all(bulk, sources, operator.zone, report.faults, _sink(report), told)
        size = sum(each.size for each in sources)
        told("checking", size, size)
        await _check(bulk, sources, present, report)
        told("comparing", size, size)
        await _compare(bulk, sources, present, report)
        _refuse_faults(report)  # a file that was another one a moment ago
        async with AsyncExitStack() as stack:
            if rejects and report.rejects:
                await stack.enter_async_context(rejects_folder(bulk, sources, folder, rejects))
            told("merging", size, size)
            merge = Merge(bulk, present, operator.zone, clock.today(operator.zone), clock.now())
            if report.changed:
                report.posted = await merge.prepare()
            async with bulk.transaction():
                if report.changed:
                    await merge.write()
                run = {
                    "started_at": started_at,
                    "finished_at": clock.now(),
                    "folder": report.folder[-400:],
                    "counts": json.dumps(report.counts_as_json()),
                    "changed": report.changed,
                }
                await note_run(bulk, run)
    report.seconds = monotonic() - began
    told("done", size, size)
    return report


def _sink(report: ImportReport) -> Faults:
    """Where faults of rows go."""
    return report.faults if report.rejects is None else report.rejects


def _refuse_faults(report: ImportReport) -> None:
    if report.faults:
        raise ImportRefused(report)


async def _check(bulk: Bulk, sources: list[Source], present: Present, report: ImportReport) -> None:
    """Raises ImportRefused, or takes bad rows out of the staged files."""
    folder = Path(report.folder)
    if isinstance(report.rejects, Rejects):
        _refuse_faults(report)
        checker = Checker(bulk, sources, present, report.rejects)
        await Skipping(bulk, checker, sources, folder, report.rejects).until_consistent()
        return
    await Checker(bulk, sources, present, report.faults).check()
    await check_pdfs(bulk, folder, _name(INVOICES, sources), report.faults)
    _refuse_faults(report)


async def _compare(bulk: Bulk, sources: list[Source], present: Present, report: ImportReport) -> None:
    """Tells new, changed and same rows apart, before the write: none but imports touch these tables."""
    await bulk.stage("stage_journal", JOURNAL)
    there = {each.file: each for each in sources}
    for file in FILES:
        if file is USAGE:
            counts = await compare_usage(bulk)
        else:
            counts = await compare(bulk, file, present)
        if file is ACCOUNTS:
            before = report.warnings.count
            await refuse_openings(bulk, _name(ACCOUNTS, sources), report.warnings)
            report.openings_refused = report.warnings.count - before
            if report.openings_refused:
                counts = await count(bulk, file.stage)
        if file.noun:
            await note_changes(bulk, file, present)
        if file in there:
            report.counts[file.name] = counts
            if isinstance(report.rejects, Rejects):
                counts.left_out = await report.rejects.rows(there[file])
    files = await stage_pdfs(bulk, Path(report.folder), _name(INVOICES, sources), report.faults, report.warnings)
    if files.new or files.same:
        report.counts["files"] = files


def _name(file: File, sources: list[Source]) -> str:
    """What the file is called in this export."""
    return next((each.path.name for each in sources if each.file is file), "")
