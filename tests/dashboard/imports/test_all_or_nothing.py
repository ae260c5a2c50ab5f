"""An import happens as a whole or not at all, and one at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from billing.allocation.loading import LedgerDisagrees
from billing.ledger.posting import Postings
from components.data.bulk import Bulk, PostgresBulk, SqliteBulk
from dashboard.imports import merging
from dashboard.imports.importing import import_folder
from dashboard.imports.locking import LOCK_KEY
from dashboard.imports.report import ImportBusy
from tests.support.contents import ask, contents
from tests.support.databases import SAMPLES, Databases, operator_of
from tests.support.exports import Export, bring


class PowerCut(BaseException):
    """Whatever may end a process in the middle."""


async def _cut(*_: Any, **__: Any) -> None:
    raise PowerCut


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (Postings, "documents"),
        (Postings, "payments"),
        (merging, "work_out_accounts"),
        (merging, "write_rows"),
        (Postings, "write"),
        (merging, "write_accounts"),
        (merging, "refresh_accounts"),
        (merging, "refresh_rollups"),
    ],
)
async def test_a_crash_in_the_middle_of_the_merge_leaves_nothing(
    module: Any, step: str, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bring(Export().write(tmp_path / "first"), database_url)
    before = await contents(database_url)
    export = Export().set("payments", "P1", amount="5.00").set("customers", "C1", city="Астана")
    export.add("usage", "S3", started_at="2026-02-02T19:00:00Z").write(tmp_path / "second")
    with monkeypatch.context() as broken:
        broken.setattr(module, step, _cut)
        with pytest.raises(PowerCut):
            await bring(tmp_path / "second", database_url)
    assert await contents(database_url) == before
    assert (await bring(tmp_path / "second", database_url)).changed


async def test_a_crash_at_any_statement_leaves_nothing(
    sqlite_databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _crash_everywhere(SqliteBulk, sqlite_databases, tmp_path, monkeypatch)


async def test_a_crash_at_any_statement_leaves_nothing_on_postgres(
    postgres_databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _crash_everywhere(PostgresBulk, postgres_databases, tmp_path, monkeypatch)


async def _crash_everywhere(
    kind: type[Bulk], databases: Databases, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Breaks the merge at its 7th statement, its 14th…, until it comes through."""
    url = databases.empty()
    Export().write(folder)
    before = await contents(url)
    execute: Callable[..., Any] = kind.execute
    left = merging_at = 0

    async def counted(self: Bulk, sql: str, **values: Any) -> int:
        nonlocal left
        left -= 1
        if left == 0:
            raise PowerCut
        return int(await execute(self, sql, **values))

    monkeypatch.setattr(kind, "execute", counted)
    while True:
        merging_at += 7
        left = merging_at
        try:
            await bring(folder, url)
        except PowerCut:
            assert await contents(url) == before, f"statement {merging_at}"
        else:
            break
    assert merging_at > 70


async def test_a_ledger_that_disagrees_stops_the_import(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were a posting ever lost, no balance would be shown that the documents don't support."""

    async def forget(*_: Any) -> None:
        pass

    before = await contents(database_url)
    monkeypatch.setattr(Postings, "payments", forget)
    with pytest.raises(LedgerDisagrees):
        await bring(Export().write(tmp_path), database_url)
    assert await contents(database_url) == before


async def test_two_imports_at_once_refuse_each_other(databases: Databases, tmp_path: Path) -> None:
    url = databases.empty()
    Export().write(tmp_path)
    release = await _hold_the_lock(databases, url)
    with pytest.raises(ImportBusy, match="another import into this database is running"):
        await bring(tmp_path, url)
    await release()
    assert (await bring(tmp_path, url)).changed


async def _hold_the_lock(databases: Databases, url: str) -> Callable[[], Any]:
    if databases.dialect == "postgres":
        name = url.partition("@/")[2].partition("?")[0]
        connection = await asyncpg.connect(host=databases.place, user="postgres", database=name)
        await connection.execute(f"SELECT pg_advisory_lock({LOCK_KEY})")
        return connection.close
    handle = Path(url.removeprefix("sqlite://") + ".importing").open("w")  # noqa: ASYNC230, SIM115
    fcntl.flock(handle, fcntl.LOCK_EX)

    async def close() -> None:
        handle.close()

    return close


async def test_each_run_is_noted_with_its_counts(databases: Databases) -> None:
    url = databases.empty()
    report = await import_folder(SAMPLES / "housing", url=url, operator=operator_of("housing"))
    assert report.counts_as_json()["payments"] == {"new": 56, "changed": 0, "same": 0}
    rows = await ask(url, "SELECT folder, changed, started_at <= finished_at FROM import_run")
    assert [(row[0], bool(row[1]), bool(row[2])) for row in rows] == [(str(SAMPLES / "housing"), True, True)]
