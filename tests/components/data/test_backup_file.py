"""A backup is whole or it is refused: what was cut, altered or made by something else is found before it is used."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from components.data.backup_file import Backup, BackupRefused, Beginning, End, as_header, examine, read_lines, writing

BEGINNING = Beginning("0.1.0", "2026-11-20T07:00:00+00:00", "sqlite", ["0001_initial"], ["session"], {"money": 7})
ROWS = b'["K\xc3\xb3sz\xc3\xb3n\xc3\xb6m",null,7]\n["{\\"end\\":",1,2]\n'


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "some.backup"
    with writing(path) as writer:
        writer.begin(BEGINNING)
        writer.table("customer", ["name", "email", "id"])
        writer.lines(ROWS * 200)
        writer.finish(End({"customer": 400}, {"customer": 7}))
    return path


def test_what_was_written_is_read(written: Path) -> None:
    found = examine(written)
    assert found.beginning == BEGINNING
    assert (found.end.rows, found.end.last_ids) == ({"customer": 400}, {"customer": 7})
    header, *lines = read_lines(found)
    assert as_header(header) == ("customer", ["name", "email", "id"])
    assert b"".join(lines) == ROWS * 200
    assert as_header(lines[0]) is None


def test_nobody_else_may_read_it_and_nothing_else_is_left(written: Path) -> None:
    assert written.stat().st_mode & 0o777 == 0o600
    assert list(written.parent.iterdir()) == [written]


def test_a_file_cut_short_anywhere_is_refused(written: Path) -> None:
    whole = written.read_bytes()
    for length in range(len(whole)):
        written.write_bytes(whole[:length])
        with pytest.raises(BackupRefused):
            examine(written)


def test_a_byte_changed_anywhere_is_refused_or_changes_nothing(written: Path) -> None:
    """Gzip's own header has a few bytes that mean nothing (the time, the system)."""
    whole, good = written.read_bytes(), examine(written)
    meant = list(read_lines(good))
    for place in range(len(whole)):
        written.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        try:
            found = examine(written)
        except BackupRefused:
            continue
        assert (found.beginning, found.end) == (good.beginning, good.end)
        assert list(read_lines(found)) == meant


def test_lines_changed_by_somebody_who_packed_them_again_are_refused(written: Path) -> None:
    lines = gzip.decompress(written.read_bytes())
    for changed in (
        lines.replace(b"null,7]", b"null,8]", 1),
        lines.replace(b"0001_initial", b"0002_initial"),
        b"".join(line for line in lines.splitlines(keepends=True) if not line.startswith(b'{"end":')),
        lines.replace(ROWS, b"", 1),
        lines + b"[1]\n",
    ):
        written.write_bytes(gzip.compress(changed))
        with pytest.raises(BackupRefused, match=r"damaged|cut short"):
            examine(written)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is not a backup of Kabinet"),
        (b"PGDMP", "is not a backup of Kabinet"),
        (gzip.compress(b"", mtime=0), "is not a backup of Kabinet"),
        (gzip.compress(b'{"something": 1}\n', mtime=0), "is not a backup of Kabinet"),
        (gzip.compress(b'{"backup":{}}\n{"end":{}}\n', mtime=0), "is damaged"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(BackupRefused, match=told):
        examine(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="No such file"):
        examine(tmp_path / "nowhere")


def test_a_later_format_says_which_version_reads_it(tmp_path: Path) -> None:
    with writing(tmp_path / "later") as writer:
        writer.begin(Beginning("9.0", "", "sqlite", [], [], {}, format=2))
        writer.finish(End())
    with pytest.raises(BackupRefused, match=r"restore it with Kabinet 9\.0"):
        examine(tmp_path / "later")


def _begin_and_fail(path: Path) -> None:
    with writing(path) as writer:
        writer.begin(BEGINNING)
        raise ZeroDivisionError


def test_a_backup_that_fails_leaves_the_last_one_as_it_was(written: Path) -> None:
    before = written.read_bytes()
    with pytest.raises(ZeroDivisionError):
        _begin_and_fail(written)
    assert written.read_bytes() == before
    assert list(written.parent.iterdir()) == [written]
    assert isinstance(examine(written), Backup)
