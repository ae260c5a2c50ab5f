"""The billing system's own PDFs: checked with everything else, kept in the transaction of the merge.

A file belongs to the revision of its document that it came with. Where the document changes and the export brings
no file, the old one no longer counts.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from components.data.bulk import Bulk
from dashboard.imports.report import Counts, Faults

LARGEST = 10 * 1024 * 1024
BEGINS = b"%PDF-"
CONTENT = {"sqlite": "BLOB", "postgres": "BYTEA"}


class BadFile(ValueError):
    """The text says why a file can't be taken."""


def read_pdf(folder: Path, file: str, most: int = LARGEST) -> bytes | None:
    """What stands in the file, up to ``most`` bytes; None where there is none. Raises BadFile.

    Only a regular file within the folder is read: no link that leads out of it, no pipe, no device.
    """
    try:
        path = (folder / file).resolve(strict=True)
        if not path.is_relative_to(folder.resolve()):
            raise BadFile("leads out of the folder")
        with os.fdopen(_open_regular(path), "rb") as handle:
            if os.fstat(handle.fileno()).st_size > LARGEST:
                raise BadFile(f"is larger than {LARGEST // 1024 // 1024} MB")
            content = handle.read(most)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, RuntimeError) as error:
        raise BadFile(f"can't be read: {getattr(error, 'strerror', None) or error}") from None
    if not content.startswith(BEGINS):
        raise BadFile("is not a PDF: it doesn't begin with %PDF-")
    return content


def _open_regular(path: Path) -> int:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise BadFile("is not a file")
    return descriptor


async def check_pdfs(bulk: Bulk, folder: Path, name: str, faults: Faults) -> None:
    """A fault for each file that is there and can't be taken; ``name`` is the file of the invoices."""
    for line, file in await bulk.fetch(
        "SELECT line_no, file FROM stage_invoices WHERE file IS NOT NULL ORDER BY line_no"
    ):
        _read(folder, file, faults, name, line, len(BEGINS))


async def stage_pdfs(bulk: Bulk, folder: Path, name: str, faults: Faults, warnings: Faults) -> Counts:
    """Puts the files that aren't kept yet into the TEMP table ``stage_pdf``; a file that isn't there is reported."""
    await bulk.execute(
        f"CREATE TEMP TABLE stage_pdf (invoice_number TEXT, sha256 TEXT, size BIGINT, content {CONTENT[bulk.dialect]})"
    )
    counts = Counts()
    async for line, number, file, state, kept in _named(bulk):
        content = _read(folder, file, faults, name, line)
        if content is None:
            if state != "same":
                warnings.add(name, line, "file", file, "there is no such file in the folder")
            continue
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 == kept:
            counts.same += 1
            continue
        counts.new += 1
        await bulk.execute(
            "INSERT INTO stage_pdf (invoice_number, sha256, size, content) VALUES (:number, :sha256, :size, :content)",
            number=number,
            sha256=sha256,
            size=len(content),
            content=content,
        )
    return counts


async def keep_pdfs(bulk: Bulk, at: datetime) -> None:
    """Keeps the staged files with the present revisions of their documents; in the transaction of the merge."""
    await bulk.execute(
        "INSERT INTO invoice_file (invoice_id, revision, language, sha256, size, content, created_at) "
        "SELECT i.id, i.revision, '', p.sha256, p.size, p.content, :at "
        "FROM stage_pdf p JOIN invoice i ON i.number = p.invoice_number",
        at=at,
    )


def _read(folder: Path, file: str, faults: Faults, name: str, line: int, most: int = LARGEST) -> bytes | None:
    try:
        return read_pdf(folder, file, most)
    except BadFile as bad:
        faults.add(name, line, "file", file, str(bad))
        return None


async def _named(bulk: Bulk) -> AsyncIterator[tuple[int, str, str, str, str | None]]:
    """Each staged document that names a file: line, number, file, state, and the digest of what is kept of it.

    What is kept counts only where this run leaves the document's revision as it is.
    """
    stays = (
        "s.state = 'same' AND NOT EXISTS (SELECT 1 FROM stage_invoice_lines l"
        " WHERE l.invoice_number = s.invoice_number AND l.state IN ('new', 'changed'))"
    )
    kept = (
        "SELECT f.sha256 FROM invoice_file f JOIN invoice i ON i.id = f.invoice_id"
        " WHERE i.id = s.known AND f.revision = i.revision AND f.language = '' ORDER BY f.id DESC LIMIT 1"
    )
    for line, number, file, state, digest in await bulk.fetch(
        f"SELECT s.line_no, s.invoice_number, s.file, s.state, CASE WHEN {stays} THEN ({kept}) END "
        "FROM stage_invoices s WHERE s.file IS NOT NULL ORDER BY s.line_no"
    ):
        yield line, number, file, state, digest
