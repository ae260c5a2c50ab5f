"""The records of a CSV file, packed or not, each with the line on which it begins and the bytes of its lines."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Protocol

LONGEST_LINE = 1_000_000  # bytes
Broken = Callable[[int, object, str], None]  # (line, value, reason)


class Lines(Protocol):
    """What a file and an unpacked one have in common."""

    def readline(self, size: int = -1, /) -> bytes: ...


class Records:
    """Goes through a file once. A bad record is told by ``spoilt``; what ends the reading, by ``broken``.

    ``garbled`` counts the records that aren't UTF-8 among ``count``; ``raw`` holds the lines of the present one.
    """

    def __init__(self, path: Path, spoilt: Broken, broken: Broken) -> None:
        self._path = path
        self._spoilt = spoilt
        self._broken = broken
        self._file: IO[bytes] | None = None
        self._bad_bytes: bytes | None = None
        self.line = 0
        self.raw: list[bytes] = []
        self.count = 0
        self.garbled = 0
        self.complete = False  # read to its end: what isn't in it, isn't there

    @property
    def bytes_read(self) -> int:
        """How far it is into the file as it lies on the disk."""
        if self._file is None:
            return 0
        return self._path.stat().st_size if self._file.closed else self._file.tell()

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """The line on which each record begins, and its cells; a record that is no CSV has none. No blank lines."""
        packed = self._path.suffix == ".gz"
        try:
            with self._path.open("rb") as file:
                self._file = file
                self.complete = True
                yield from self._parsed(gzip.GzipFile(fileobj=file) if packed else file)
        except (OSError, EOFError, zlib.error) as error:
            self.complete = False
            reason = "the gzip stream is broken" if packed else "can't be read"
            self._broken(self.line, "", f"{reason}: {error}")

    def _parsed(self, stream: Lines) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(self._lines(stream), strict=True)
        while True:
            begins = reader.line_num + 1
            self.raw.clear()
            self._bad_bytes = None
            bad = ""
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                cells, bad = [], f"is not CSV: {error}"
            if not cells and not bad:
                continue
            self.count += 1
            if self._bad_bytes is not None:
                self.garbled += 1
                self._spoilt(begins, self._bad_bytes, "is not UTF-8")
            if bad:
                self._spoilt(begins, "", bad)
            yield begins, cells

    def _lines(self, stream: Lines) -> Iterator[str]:
        while raw := stream.readline(LONGEST_LINE):
            self.line += 1
            if len(raw) == LONGEST_LINE:
                self._broken(self.line, "", f"is longer than {LONGEST_LINE} bytes; the rest was not read")
                self.complete = False
                return
            self.raw.append(raw)
            try:
                yield raw.decode("utf-8-sig" if self.line == 1 else "utf-8")
            except UnicodeDecodeError as error:
                self._bad_bytes = raw[error.start : error.start + 8]
                yield raw.decode("utf-8", errors="replace")
