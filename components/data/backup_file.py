"""The file of a backup: gzip of lines of JSON, the same from both databases.

The first line says what it is (``Beginning``); then for each table a line with its name and columns and a line for
each row, an array; the last line (``End``) says how many rows there were and holds the SHA-256 of all lines before
it. A file that was cut short has no last line, an altered one another sum: both are found before a row is used.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

FORMAT = 1
LEVEL = 3  # of gzip: twice as quick as the default for a tenth more bytes


class BackupRefused(Exception):
    """The backup can't be made or used; nothing was touched. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """``sums`` are figures that must come out the same once the rows are in another database."""

    kabinet: str
    created_at: str
    dialect: str
    migrations: list[str]
    left_out: list[str]
    sums: dict[str, int]
    format: int = FORMAT


@dataclass(slots=True)
class End:
    """``last_ids``: the highest number ever given to a row of a table, so that none is given twice."""

    rows: dict[str, int] = field(default_factory=dict)
    last_ids: dict[str, int] = field(default_factory=dict)
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Backup:
    """A file that was read to its end and found whole."""

    path: Path
    beginning: Beginning
    end: End


class Writer:
    """Writes lines and adds them up."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()

    def lines(self, text: bytes) -> None:
        """One or more whole lines."""
        self._digest.update(text)
        self._stream.write(text)

    def begin(self, beginning: Beginning) -> None:
        self.lines(orjson.dumps({"backup": asdict(beginning)}) + b"\n")

    def table(self, name: str, columns: list[str]) -> None:
        self.lines(orjson.dumps({"table": name, "columns": columns}) + b"\n")

    def finish(self, end: End) -> None:
        end.sha256 = self._digest.hexdigest()
        self.lines(orjson.dumps({"end": asdict(end)}) + b"\n")


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A backup that is at ``path`` once it is whole and safely on the disk, and not at all before."""
    part = path.with_name(f".{path.name}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=LEVEL) as packed:
                yield Writer(cast(BinaryIO, packed))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def examine(path: Path) -> Backup:
    """Reads the file to its end. Raises BackupRefused where it is no backup, cut short or altered."""
    digest = hashlib.sha256()
    first = last = b""
    with _told(path), gzip.open(path, "rb") as stream:
        first = stream.readline()
        if not first.startswith(b'{"backup":'):
            raise BackupRefused(f"{path} is not a backup of Kabinet")
        last = first
        for line in stream:
            digest.update(last)
            last = line
    if not last.startswith(b'{"end":'):
        raise BackupRefused(f"{path} is cut short; use another backup")
    with _told(path):
        beginning, end = Beginning(**orjson.loads(first)["backup"]), End(**orjson.loads(last)["end"])
    if beginning.format != FORMAT:
        raise BackupRefused(f"{path} has format {beginning.format}; restore it with Kabinet {beginning.kabinet}")
    if end.sha256 != digest.hexdigest():
        raise BackupRefused(f"{path} is damaged; use another backup")
    return Backup(path, beginning, end)


def read_lines(backup: Backup) -> Iterator[bytes]:
    """The lines between the first and the last."""
    with _told(backup.path), gzip.open(backup.path, "rb") as stream:
        stream.readline()
        for line in stream:
            if line.startswith(b'{"end":'):
                return
            yield line


def as_header(line: bytes) -> tuple[str, list[str]] | None:
    """The table's name and columns, where the line begins a table."""
    if not line.startswith(b"{"):
        return None
    found: dict[str, Any] = orjson.loads(line)
    return found["table"], found["columns"]


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Says in plain words what is wrong with a file."""
    try:
        yield
    except EOFError:
        raise BackupRefused(f"{path} is cut short; use another backup") from None
    except gzip.BadGzipFile as error:
        words = "is not a backup of Kabinet" if "Not a gzipped" in str(error) else "is damaged; use another backup"
        raise BackupRefused(f"{path} {words}") from None
    except (zlib.error, orjson.JSONDecodeError, KeyError, TypeError):
        raise BackupRefused(f"{path} is damaged; use another backup") from None
    except OSError as error:
        raise BackupRefused(f"{path} can't be read: {error.strerror}") from None
