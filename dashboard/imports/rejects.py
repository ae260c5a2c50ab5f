"""Rows that an import leaves out: every fault of them, on disk however many there are, and the keys that go with them.

TEMP tables: ``reject`` has a row for each fault, ``reject_key`` one for each row left out to which others may refer.
"""

from __future__ import annotations

from components.data.bulk import CHUNK, Bulk, Columns
from dashboard.imports.layout import ACCOUNTS, CONTRACTS, CUSTOMERS, INVOICE_LINES, INVOICES, SERVICES
from dashboard.imports.reading import Source
from dashboard.imports.report import Faults, shown

REJECT: Columns = {"file": "text", "line_no": "whole", "named": "text", "value": "text", "reason": "text"}
REJECT_KEY: Columns = {"file": "text", "line_no": "whole", "key": "text", "pdf": "text"}
# Others refer to their rows by the first column of the key; the lines of a document stand and fall with it.
REFERRED = (CUSTOMERS, ACCOUNTS, CONTRACTS, SERVICES, INVOICES, INVOICE_LINES)


class Rejects(Faults):
    """Faults for each of which a row is left out. ``store`` them now and then, before they fill the memory."""

    def __init__(self, bulk: Bulk) -> None:
        super().__init__()
        self._bulk = bulk
        self._waiting: list[tuple[str, int, str, str, str]] = []
        self._purged: dict[str, int] = {}

    def add(self, file: str, line: int, column: str, value: object, reason: str) -> None:
        Faults.add(self, file, line, column, value, reason)
        self._waiting.append((file, line, column, shown(value), reason))

    async def store(self, *, all: bool = False) -> None:
        if len(self._waiting) >= CHUNK or (all and self._waiting):
            rows, self._waiting = self._waiting, []
            await self._bulk.copy("reject", REJECT, rows)

    async def purge(self, source: Source) -> None:
        """Takes the rows with faults out of the staged file, and keeps their keys."""
        await self.store(all=True)
        file, name = source.file, source.path.name
        if self._purged.get(name) == self.count:
            return
        self._purged[name] = self.count
        for table in ("reject", "reject_key"):
            await self._bulk.analyze(table)
        left_out = "line_no IN (SELECT r.line_no FROM reject r WHERE r.file = :name)"
        if file in REFERRED:
            pdf = "s.file" if file is INVOICES else "NULL"
            await self._bulk.execute(
                f"INSERT INTO reject_key (file, line_no, key, pdf) SELECT '{file.name}', s.line_no, s.{file.key[0]},"
                f" {pdf} FROM {file.stage} s WHERE s.{left_out}",
                name=name,
            )
        await self._bulk.execute(f"DELETE FROM {file.stage} WHERE {left_out}", name=name)

    async def rows(self, source: Source) -> int:
        """How many rows of the file are left out."""
        sql = "SELECT COUNT(DISTINCT line_no) FROM reject WHERE file = :name"
        return await self._bulk.number(sql, name=source.path.name)


async def prepare_rejects(bulk: Bulk) -> None:
    """Creates the tables; where nothing may be left out they stay empty."""
    await bulk.stage("reject", REJECT)
    await bulk.stage("reject_key", REJECT_KEY)
    await bulk.execute("CREATE INDEX reject_line ON reject (file, line_no)")
    await bulk.execute("CREATE INDEX reject_key_key ON reject_key (file, key)")
