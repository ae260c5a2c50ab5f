"""The folder of what an import left out: an export of its own, to be mended and imported.

Its files have the names, headers and rows of the export, byte for byte (unpacked, so that they can be edited), and
with the documents come their PDFs. ``rejects.txt`` says what is wrong: a line for each fault, cells apart by tabs.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from components.data.bulk import Bulk
from dashboard.imports.layout import INVOICES
from dashboard.imports.pdfs import BadFile, read_pdf
from dashboard.imports.reading import Source
from dashboard.imports.records import Records
from dashboard.imports.report import Fault, Faults

LISTED = "rejects.txt"


def check_target(target: Path, faults: Faults) -> None:
    """A fault where the folder can't be used: what lies in it may be waiting to be mended."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        reason = "is there already; mend and import what is in it, or name another folder with --rejects"
        faults.add(str(target), 0, "", "", reason)


@asynccontextmanager
async def rejects_folder(bulk: Bulk, sources: list[Source], folder: Path, target: Path) -> AsyncIterator[None]:
    """Writes the rejects beside ``target``, and gives them its name once the import is done.

    So that there is no such folder of an import that did not happen.
    """
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)  # of a run that was killed
    part.mkdir(parents=True)
    try:
        await _write(bulk, sources, folder, part)
        yield
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    part.rename(target)


async def _write(bulk: Bulk, sources: list[Source], folder: Path, target: Path) -> None:
    with (target / LISTED).open("w", encoding="utf-8") as listed:
        listed.write("file\tline\tcolumn\tvalue\treason\n")
        for source in sources:
            async for line, column, value, reason in bulk.stream(
                "SELECT line_no, named, value, reason FROM reject WHERE file = :name ORDER BY line_no, named, reason",
                name=source.path.name,
            ):
                listed.write("\t".join((source.path.name, str(line), column, value, reason)) + "\n")
            await _copy_rows(bulk, source, target / f"{source.file.name}.csv")
            if source.file is INVOICES:
                await _copy_pdfs(bulk, folder, target)


async def _copy_rows(bulk: Bulk, source: Source, target: Path) -> None:
    """Goes through the file once more beside the list of its lines; both are in order."""
    name = source.path.name
    if not await bulk.number("SELECT COUNT(*) FROM reject WHERE file = :name", name=name):
        return
    reading = Records(source.path, _pass_over, _stop)
    records = iter(reading)
    with target.open("wb") as file:
        for _, cells in records:
            if cells:
                file.writelines(reading.raw)
                break
        async for (line,) in bulk.stream(
            "SELECT DISTINCT line_no FROM reject WHERE file = :name ORDER BY line_no", name=name
        ):
            begins = next((begins for begins, _ in records if begins == line), None)
            if begins is None:
                _stop(line, "", "the file is another one than a moment ago")
            file.writelines(reading.raw)
            if not reading.raw[-1].endswith((b"\n", b"\r")):
                file.write(b"\n")


async def _copy_pdfs(bulk: Bulk, folder: Path, target: Path) -> None:
    for (file,) in await bulk.fetch("SELECT DISTINCT pdf FROM reject_key WHERE pdf IS NOT NULL"):
        try:
            content = read_pdf(folder, file)
        except BadFile:
            continue  # it is what is wrong with its document
        path = target / file
        if content is not None and path.name != LISTED:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _pass_over(line: int, value: object, reason: str) -> None:
    """The fault is known since the file was staged."""


def _stop(line: int, value: object, reason: str) -> None:
    raise OSError(str(Fault("", line, "", "", reason)))
