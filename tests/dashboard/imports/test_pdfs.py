"""The billing system's own PDFs: what is kept, and what is refused."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboard.imports import merging
from dashboard.imports.pdfs import LARGEST
from dashboard.imports.report import Fault
from tests.support.contents import ask, contents
from tests.support.databases import Databases
from tests.support.exports import Export, bring, refusal

PDF = b"%PDF-1.7\nthe billing system's own\n%%EOF\n"
KEPT = (
    "SELECT i.number, f.revision, f.language, f.sha256, f.size, f.content FROM invoice_file f "
    "JOIN invoice i ON i.id = f.invoice_id ORDER BY f.id"
)


def export(folder: Path, file: str = "documents/I1.pdf", content: bytes | None = PDF) -> Path:
    """An export whose document I1 (line 3 of its file) names a file."""
    Export().set("invoices", "I1", file=file).write(folder)
    if content is not None:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)
    return folder


def kept(content: bytes = PDF, revision: int = 1) -> tuple[Any, ...]:
    return ("I1", revision, "", hashlib.sha256(content).hexdigest(), len(content), content)


async def test_a_file_is_kept_byte_for_byte(database_url: str, tmp_path: Path) -> None:
    report = await bring(export(tmp_path), database_url)
    assert await ask(database_url, KEPT) == [kept()]
    assert report.counts["files"].new == 1
    assert not report.warnings


@pytest.mark.parametrize("size", [LARGEST - 1, LARGEST])
async def test_the_largest_file_is_kept(databases: Databases, tmp_path: Path, size: int) -> None:
    url = databases.empty()
    content = PDF.ljust(size, b"\n")
    await bring(export(tmp_path, content=content), url)
    assert await ask(url, KEPT) == [kept(content)]


async def test_the_same_export_again_keeps_nothing_more(database_url: str, tmp_path: Path) -> None:
    await bring(export(tmp_path), database_url)
    report = await bring(tmp_path, database_url)
    assert not report.changed
    assert (report.counts["files"].new, report.counts["files"].same) == (0, 1)
    assert len(await ask(database_url, KEPT)) == 1


async def test_a_file_that_comes_later_is_kept_then(database_url: str, tmp_path: Path) -> None:
    report = await bring(export(tmp_path, content=None), database_url)
    assert [each.reason for each in report.warnings.stored] == ["there is no such file in the folder"]
    assert (await bring(export(tmp_path), database_url)).changed
    assert await ask(database_url, KEPT) == [kept()]


async def test_another_file_for_the_same_document_comes_beside_the_old(database_url: str, tmp_path: Path) -> None:
    await bring(export(tmp_path), database_url)
    other = PDF.replace(b"own", b"new")
    assert (await bring(export(tmp_path, content=other), database_url)).changed
    assert await ask(database_url, KEPT) == [kept(), kept(other)]


async def test_a_changed_document_brings_its_file_anew(database_url: str, tmp_path: Path) -> None:
    await bring(export(tmp_path), database_url)
    Export().set("invoices", "I1", file="documents/I1.pdf", due_on="2026-03-01").write(tmp_path)
    await bring(tmp_path, database_url)
    assert await ask(database_url, KEPT) == [kept(), kept(revision=2)]


async def test_a_changed_line_brings_its_documents_file_anew(database_url: str, tmp_path: Path) -> None:
    await bring(export(tmp_path), database_url)
    changed = Export().set("invoices", "I1", file="documents/I1.pdf")
    changed.set("invoice_lines", "I1 1", description="Другое").write(tmp_path)
    await bring(tmp_path, database_url)
    assert await ask(database_url, KEPT) == [kept(), kept(revision=2)]


async def test_a_file_goes_with_the_merge_or_not_at_all(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut(*_: Any) -> None:
        raise KeyboardInterrupt

    before = await contents(database_url)
    with monkeypatch.context() as broken:
        broken.setattr(merging, "refresh_rollups", cut)
        with pytest.raises(KeyboardInterrupt):
            await bring(export(tmp_path), database_url)
    assert await contents(database_url) == before
    await bring(tmp_path, database_url)
    assert await ask(database_url, KEPT) == [kept()]


# Refused, with everything else that is wrong, and then nothing is imported. Abuse case X07.


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "no PDF": (_bytes(b"<html>"), "is not a PDF: it doesn't begin with %PDF-"),
    "nothing": (_bytes(b""), "is not a PDF: it doesn't begin with %PDF-"),
    "a beginning that comes late": (_bytes(b"\n" + PDF), "is not a PDF: it doesn't begin with %PDF-"),
    "too large": (_bytes(PDF.ljust(LARGEST + 1)), "is larger than 10 MB"),
    "a folder": (lambda path: path.mkdir(), "is not a file"),
    "a pipe": (os.mkfifo, "is not a file"),
    "a link to a device": (lambda path: path.symlink_to("/dev/zero"), "leads out of the folder"),
    "a link to a secret": (lambda path: path.symlink_to("/etc/passwd"), "leads out of the folder"),
    "a link upwards": (lambda path: path.symlink_to("../../secret.pdf"), "leads out of the folder"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "can't be read: "),
}


@pytest.mark.parametrize("name", SPOILT)
async def test_what_is_no_pdf_of_the_folder_is_refused(sqlite_databases: Databases, tmp_path: Path, name: str) -> None:
    url = sqlite_databases.empty()
    before = await contents(url)
    folder = export(tmp_path / "export", content=None)
    (tmp_path / "secret.pdf").write_bytes(PDF)
    (folder / "documents").mkdir()
    spoil, reason = SPOILT[name]
    spoil(folder / "documents" / "I1.pdf")
    [found] = await refusal(folder, url)
    assert (found.file, found.line, found.column, found.value) == ("invoices.csv", 3, "file", "documents/I1.pdf")
    assert found.reason.startswith(reason)
    assert await contents(url) == before


async def test_a_folder_that_is_a_link_out_is_refused(sqlite_databases: Databases, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "I1.pdf").write_bytes(PDF)
    folder = export(tmp_path / "export", content=None)
    (folder / "documents").symlink_to(tmp_path / "elsewhere")
    [found] = await refusal(folder, sqlite_databases.empty())
    assert found == Fault("invoices.csv", 3, "file", "documents/I1.pdf", "leads out of the folder")


async def test_a_link_within_the_folder_is_followed(sqlite_databases: Databases, tmp_path: Path) -> None:
    url = sqlite_databases.empty()
    folder = export(tmp_path, "I1.pdf", None)
    (folder / "all").mkdir()
    (folder / "all" / "1.pdf").write_bytes(PDF)
    (folder / "I1.pdf").symlink_to("all/1.pdf")
    await bring(folder, url)
    assert await ask(url, KEPT) == [kept()]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("../secret.pdf", "is not a path inside the folder"),
        ("documents/../../secret.pdf", "is not a path inside the folder"),
        ("/etc/passwd", "is not a path inside the folder"),
        ("..\\secret.pdf", "is not a path inside the folder"),
        ("documents/I1.pdf\x00.txt", "holds a control character"),
        ("я" * 256, "is longer than 255 characters"),
        ("я" * 255, "can't be read: File name too long"),
        (".", "is not a file"),
    ],
)
async def test_a_path_that_is_none_of_the_folder_is_refused(
    sqlite_databases: Databases, tmp_path: Path, file: str, reason: str
) -> None:
    (tmp_path / "secret.pdf").write_bytes(PDF)
    [found] = await refusal(export(tmp_path / "export", file, None), sqlite_databases.empty())
    assert (found.line, found.column, found.reason) == (3, "file", reason)


async def test_an_encoded_path_is_only_a_name(sqlite_databases: Databases, tmp_path: Path) -> None:
    (tmp_path / "secret.pdf").write_bytes(PDF)
    url = sqlite_databases.empty()
    report = await bring(export(tmp_path / "export", "%2e%2e/secret.pdf", None), url)
    assert [each.reason for each in report.warnings.stored] == ["there is no such file in the folder"]
    assert await ask(url, KEPT) == []


async def test_every_bad_file_is_named_with_everything_else(sqlite_databases: Databases, tmp_path: Path) -> None:
    spoilt = Export().set("invoices", "I1", file="a.pdf").set("invoices", "I2", file="b.pdf", due_on="soon")
    spoilt.write(tmp_path)
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(b"no")
    found = await refusal(tmp_path, sqlite_databases.empty())
    assert sorted((each.line, each.column) for each in found) == [(3, "file"), (4, "due_on"), (4, "file")]
