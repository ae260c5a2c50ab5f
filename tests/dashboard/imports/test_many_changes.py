"""Four times as many changes are four times the work: no step of an import looks through all for each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.data.bulk import SqliteBulk
from tests.support.databases import Databases
from tests.support.exports import Export, bring

STEPS = 1_000  # of SQLite's machine


async def _steps_of_changes(many: int, url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """What SQLite did for an import in which so many documents and payments changed, in thousands of steps."""
    export = Export()
    for number in range(many):
        export.add("invoices", "I2", invoice_number=f"X{number}").add("payments", "P2", payment_id=f"Y{number}")
        for line in ("I2 1", "I2 2"):
            export.add("invoice_lines", line, invoice_number=f"X{number}")
    await bring(export.write(folder), url)
    for row in (*export.rows["invoices"], *export.rows["payments"]):
        row.update({"amount": "61.00"} if "amount" in row else {"due_on": "2026-03-01"})
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    began = SqliteBulk.__init__

    def counting(self: SqliteBulk, *arguments: Any) -> None:
        began(self, *arguments)
        self._connection.set_progress_handler(count, STEPS)

    with monkeypatch.context() as watched:
        watched.setattr(SqliteBulk, "__init__", counting)
        report = await bring(export.write(folder), url)
    assert report.counts["payments"].changed == many + 2
    return steps


async def test_work_grows_as_the_changes_do(
    sqlite_databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = await _steps_of_changes(250, sqlite_databases.empty(), tmp_path, monkeypatch)
    many = await _steps_of_changes(1_000, sqlite_databases.empty(), tmp_path, monkeypatch)
    assert many < 5 * few
