"""Reading the files of an export: a line at a time, every bad cell named, whatever the length of the file."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol
from zoneinfo import ZoneInfo

from dashboard.imports.cells import BadCell, Parse
from dashboard.imports.layout import FILES, File
from dashboard.imports.report import Faults
from dashboard.imports.rows import FINISH, Values

LONGEST_LINE = 1_000_000  # bytes
NAMES = {f"{each.name}.csv" for each in FILES} | {f"{each.name}.csv.gz" for each in FILES}


class Lines(Protocol):
    """What a file and an unpacked one have in common."""

    def readline(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is there."""

    file: File
    path: Path

    @property
    def size(self) -> int:
        return self.path.stat().st_size


def find_sources(folder: Path, faults: Faults, warnings: Faults) -> list[Source]:
    """The files of the export in ``folder``, in the order in which they are merged."""
    if not folder.is_dir():
        faults.add(folder.name, 0, "", "", "there is no such folder")
        return []
    found = []
    for file in FILES:
        paths = [path for path in (folder / f"{file.name}.csv", folder / f"{file.name}.csv.gz") if path.exists()]
        if len(paths) == 2:
            faults.add(paths[1].name, 0, "", "", f"{paths[0].name} is there too: which one counts?")
        elif paths:
            found.append(Source(file, paths[0]))
    for path in sorted(folder.iterdir()):
        if path.name.endswith((".csv", ".csv.gz")) and path.name not in NAMES:
            warnings.add(path.name, 0, "", "", "is none of the files of an export")
    if not found and not faults:
        faults.add(folder.name, 0, "", "", "holds no file of an export, such as customers.csv")
    return found


class Reader:
    """Reads one source. ``rows`` yields (line, values) of each row whose key is whole, good or bad."""

    def __init__(self, source: Source, zone: ZoneInfo, faults: Faults) -> None:
        self._file = source.file
        self._path = source.path
        self._name = source.path.name
        self._zone = zone
        self._faults = faults
        self._raw: IO[bytes] | None = None
        self._line = 0
        self._cut = False
        self.present: frozenset[str] = frozenset()
        self.complete = False  # read to its end: what isn't in it, isn't there

    @property
    def bytes_read(self) -> int:
        """How far it is into the file as it lies on the disk."""
        if self._raw is None:
            return 0
        return self._path.stat().st_size if self._raw.closed else self._raw.tell()

    def rows(self) -> Iterator[tuple[int, Values]]:
        """Streams the file; what can't be read becomes a fault, and the reading goes on where it can."""
        try:
            with self._path.open("rb") as raw:
                self._raw = raw
                packed = self._path.suffix == ".gz"
                yield from self._parsed(gzip.GzipFile(fileobj=raw) if packed else raw)
                self.complete = bool(self.present) and not self._cut
        except (OSError, EOFError, zlib.error) as error:
            reason = "the gzip stream is broken" if self._path.suffix == ".gz" else "can't be read"
            self._fault(self._line, "", "", f"{reason}: {error}")

    def _fault(self, line: int, column: str, value: object, reason: str) -> None:
        self._faults.add(self._name, line, column, value, reason)

    def _lines(self, stream: Lines) -> Iterator[str]:
        while raw := stream.readline(LONGEST_LINE):
            self._line += 1
            if len(raw) == LONGEST_LINE:
                self._fault(self._line, "", "", f"is longer than {LONGEST_LINE} bytes; the rest was not read")
                self._cut = True
                return
            try:
                yield raw.decode("utf-8-sig" if self._line == 1 else "utf-8")
            except UnicodeDecodeError as error:
                self._fault(self._line, "", raw[error.start : error.start + 8], "is not UTF-8")
                yield raw.decode("utf-8", errors="replace")

    def _cells(self, stream: Lines) -> Iterator[tuple[int, list[str]]]:
        """The records, each with the line on which it begins; blank lines are passed over."""
        reader = csv.reader(self._lines(stream), strict=True)
        while True:
            begins = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._fault(begins, "", "", f"is not CSV: {error}")
                continue
            if cells:
                yield begins, cells

    def _parsed(self, stream: Lines) -> Iterator[tuple[int, Values]]:
        records = self._cells(stream)
        header = next(records, None)
        if header is None:
            if not self._line:
                self._fault(0, "", "", "is empty: not even a header")
            return
        if not self._header_is_right(*header):
            return
        names = header[1]
        self.present = frozenset(names)
        columns = [self._file.column(name) for name in names]
        plan = [(index, each.name, each.parse, each.required) for index, each in enumerate(columns)]
        empty: Values = {each.name: each.empty for each in self._file.columns}
        finish = FINISH.get(self._file.name)
        for line, cells in records:
            if len(cells) != len(names):
                self._fault(line, "", "", f"has {len(cells)} cells where the header has {len(names)}")
            values = empty.copy()
            self._fill(line, plan, cells, values)
            if finish is not None:
                finish(
                    values,
                    lambda column, reason, line=line, cells=cells: self._refuse(  # type: ignore[misc]
                        line, names, cells, column, reason
                    ),
                    self._zone,
                )
            if all(values[name] is not None for name in self._file.key):
                yield line, values

    def _refuse(self, line: int, names: list[str], cells: list[str], column: str, reason: str) -> None:
        index = names.index(column)
        self._fault(line, column, cells[index] if index < len(cells) else "", reason)

    def _fill(self, line: int, plan: list[tuple[int, str, Parse, bool]], cells: list[str], values: Values) -> None:
        for index, name, parse, required in plan:
            if index >= len(cells):
                return
            cell = cells[index]
            if not cell or (required and cell.isspace()):
                if required:
                    self._fault(line, name, cell, "must not be empty")
                continue
            try:
                values[name] = parse(cell)
            except BadCell as bad:
                values[name] = None
                self._fault(line, name, cell, str(bad))

    def _header_is_right(self, line: int, names: list[str]) -> bool:
        before = self._faults.count
        known = {each.name for each in self._file.columns}
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._fault(line, name, "", "the column stands more than once in the header")
        for name in names:
            if name not in known:
                self._fault(line, name[:64], "", "the column is unknown")
        for each in self._file.columns:
            if not each.optional and each.name not in names:
                self._fault(line, each.name, "", "the column is missing")
        return self._faults.count == before
