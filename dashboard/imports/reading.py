"""Reading the files of an export: a line at a time, every bad cell named, whatever the length of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from dashboard.imports.cells import BadCell, Parse
from dashboard.imports.layout import FILES, File
from dashboard.imports.records import Records
from dashboard.imports.report import Faults
from dashboard.imports.rows import FINISH, Values

NAMES = {f"{each.name}.csv" for each in FILES} | {f"{each.name}.csv.gz" for each in FILES}


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
    """Reads one source. ``rows`` yields (line, values) of each row whose key is whole, good or bad.

    What is wrong with the file as a whole goes to ``faults``, what is wrong with a row to ``rejects``. Where those
    are two, bad rows are to be left out, and then a row without its key is yielded too: others may belong to it.
    """

    def __init__(self, source: Source, zone: ZoneInfo, faults: Faults, rejects: Faults) -> None:
        self._file = source.file
        self._name = source.path.name
        self._zone = zone
        self._faults = faults
        self._rejects = rejects
        self._records = Records(source.path, self._spoilt, self._broken)
        self.present: frozenset[str] = frozenset()

    @property
    def complete(self) -> bool:
        """Read to its end: what isn't in it, isn't there."""
        return bool(self.present) and self._records.complete

    @property
    def bytes_read(self) -> int:
        """How far it is into the file as it lies on the disk."""
        return self._records.bytes_read

    def rows(self) -> Iterator[tuple[int, Values]]:
        """Streams the file; what can't be read becomes a fault, and the reading goes on where it can."""
        records = iter(self._records)
        header = next((each for each in records if each[1]), None)
        if header is None:
            if not self._records.line and self._records.complete:
                self._broken(0, "", "is empty: not even a header")
            return
        if self._header_is_right(*header):
            yield from self._parsed(header[1], records)
        garbled, rows = self._records.garbled, self._records.count - 1
        if self._rejects is not self._faults and garbled and garbled * 2 >= rows:
            self._broken(0, "", f"is not UTF-8: neither are {garbled} of its {rows} rows")

    def _broken(self, line: int, value: object, reason: str) -> None:
        self._faults.add(self._name, line, "", value, reason)

    def _spoilt(self, line: int, value: object, reason: str) -> None:
        sink = self._rejects if self.present else self._faults  # without a header there are no rows
        sink.add(self._name, line, "", value, reason)

    def _fault(self, line: int, column: str, value: object, reason: str) -> None:
        self._rejects.add(self._name, line, column, value, reason)

    def _parsed(self, names: list[str], records: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, Values]]:
        self.present = frozenset(names)
        columns = [self._file.column(name) for name in names]
        plan = [(each.name, each.parse, each.required) for each in columns]
        empty: Values = {each.name: each.empty for each in self._file.columns}
        empty.update((each.name, None) for each in self._file.derived)
        finish = FINISH.get(self._file.name)
        keyless = self._rejects is not self._faults

        def refuse(column: str, reason: str) -> None:
            """A fault of the present row."""
            index = names.index(column)
            self._fault(line, column, cells[index] if index < len(cells) else "", reason)

        for line, cells in records:
            if not cells:
                continue
            if len(cells) != len(names):
                self._fault(line, "", "", f"has {len(cells)} cells where the header has {len(names)}")
            values = empty.copy()
            self._fill(line, plan, cells, values)
            if finish is not None:
                finish(values, refuse, self._zone)
            if keyless or None not in map(values.get, self._file.key):
                yield line, values

    def _fill(self, line: int, plan: list[tuple[str, Parse, bool]], cells: list[str], values: Values) -> None:
        for (name, parse, required), cell in zip(plan, cells, strict=False):
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
            self._faults.add(self._name, line, name, "", "the column stands more than once in the header")
        for name in names:
            if name not in known:
                self._faults.add(self._name, line, name[:64], "", "the column is unknown")
        for each in self._file.columns:
            if not each.optional and each.name not in names:
                self._faults.add(self._name, line, each.name, "", "the column is missing")
        return self._faults.count == before
