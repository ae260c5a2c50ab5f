"""Large data sets, made inside the database by SQL over whole sets, and kept between runs.

Around the sample, whose first account is the one that is measured, stands a crowd of other accounts, or many
services with usage. The statements are the same for both databases but for a day's literal.
"""

from __future__ import annotations

import asyncio
import pkgutil
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from components.data.bulk import Bulk, open_bulk
from components.data.migrating import migrate
from dashboard import migrations
from dashboard.imports.importing import import_folder
from dashboard.schema import config
from tests.bench.bench import Bench
from tests.bench.cabinets import Cabinet, seat
from tests.support.databases import SAMPLES, Databases, Dialect, operator_of
from users.permissions.permission import ALL, stored

VERSION = 1  # of what is made: another one is another data set
FIRST = 100_000_000  # ids and numbers of the crowd begin above those of the sample
MONTHS = (("2026-08-01", "2026-08-31", "2026-09-20"), ("2026-09-01", "2026-09-30", "2026-10-20"),
          ("2026-10-01", "2026-10-31", "2026-11-20"))  # fmt: skip
PAID = ("2026-09-15", "2026-10-15", "2026-11-15")
NET = 1_000_000  # minor units
FEWEST_GB = 20  # that stay free on the disk

Fill = Callable[[Bulk, int], Awaitable[None]]


def kept_cabinet(bench: Bench, dialect: Dialect, kind: str, size: int, fill: Fill) -> Cabinet:
    """The data set ``kind`` of this size: as it was kept, or made now."""
    databases = bench.kept(dialect)
    name = f"{kind}_{size}_v{VERSION}_{_schema()}"
    if not _exists(databases, name):
        free = shutil.disk_usage(bench.data).free / 10**9
        if size >= 1_000_000 and free < FEWEST_GB:
            raise RuntimeError(f"{bench.data}: {free:.0f} GB are free, {FEWEST_GB} are needed")
        if size >= 1_000_000:
            bench.report.note(f"Making {name} on {dialect}; it is kept in {bench.data.name}/{dialect}.")
        _make(databases, name, size, fill)
    return seat(dialect, databases.url(name))


def _make(databases: Databases, name: str, size: int, fill: Fill) -> None:
    """Made elsewhere and moved into place when it is whole."""
    half = f"{name}_half"
    _remove(databases, half)
    if databases.dialect == "postgres":
        asyncio.run(_on_server(databases, f"CREATE DATABASE {half}"))
    asyncio.run(_fill(databases.url(half), size, fill))
    if databases.dialect == "postgres":
        asyncio.run(_on_server(databases, f"ALTER DATABASE {half} RENAME TO {name}"))
    else:
        _file(databases, half).rename(_file(databases, name))


def _schema() -> str:
    """The number of the newest migration: what was made for another schema is made again."""
    return max(each.name for each in pkgutil.iter_modules(migrations.__path__)).partition("_")[0]


async def _fill(url: str, size: int, fill: Fill) -> None:
    await migrate(config(url))
    await import_folder(SAMPLES / "telecom", url=url, operator=operator_of("telecom"))
    async with open_bulk(config(url)) as bulk, unchecked(bulk):
        await fill(bulk, size)


@asynccontextmanager
async def unchecked(bulk: Bulk) -> AsyncIterator[None]:
    """Without keys of other tables looked up row by row, and without waiting for the disk."""
    if bulk.dialect == "sqlite":
        for pragma in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -400000"):
            await bulk.execute(f"PRAGMA {pragma}")
    else:
        await bulk.execute("SET session_replication_role = replica")
        await bulk.execute("SET synchronous_commit = off")
        await bulk.execute("SET maintenance_work_mem = '256MB'")
    yield
    if bulk.dialect == "postgres":
        await bulk.execute("VACUUM ANALYZE")
        await bulk.execute("CHECKPOINT")
    else:
        await bulk.fetch("PRAGMA wal_checkpoint(TRUNCATE)")


def _day(bulk: Bulk, day: str) -> str:
    return f"'{day}'" if bulk.dialect == "sqlite" else f"DATE '{day}'"


def _by_month(bulk: Bulk, days: Iterable[str]) -> str:
    cases = " ".join(f"WHEN {k} THEN {_day(bulk, day)}" for k, day in enumerate(days))
    return f"CASE m.k {cases} END"


async def numbers(bulk: Bulk, size: int) -> None:
    await bulk.execute(
        "CREATE TEMP TABLE crowd AS WITH RECURSIVE counted(n) AS "
        f"(SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {int(size)}) SELECT n, {FIRST} + n AS id FROM counted"
    )
    await bulk.execute("CREATE TEMP TABLE months AS SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2")
    await bulk.analyze("crowd")


async def accounts(bulk: Bulk, size: int) -> None:
    """``size`` accounts with a customer, an owner, a contract, a service, three invoices, three payments that
    settle them, what they post (no VAT, so two entries each), what pays what, and where each account stands.

    Lines of invoices are left out: no page that is measured reads them.
    """
    await numbers(bulk, size)
    total = NET
    starts, issued, due = (_by_month(bulk, each) for each in zip(*MONTHS, strict=True))
    paid, opened = _by_month(bulk, PAID), _day(bulk, "2026-01-01")
    moment = "'2026-11-16 00:00:00+00:00'"
    ours = "CAST(c.id AS TEXT)"
    document, payment = f"{FIRST} + 3 * c.n + m.k", f"{2 * FIRST} + 3 * c.n + m.k"
    each_month = "FROM crowd c CROSS JOIN months m ORDER BY c.n, m.k"
    posted = (
        "INSERT INTO ledger_transaction (id, account_id, source_key, kind, invoice_id, payment_id, occurred_on,"
        " recorded_at) SELECT"
    )
    for sql in (
        "INSERT INTO customer (id, number, kind, name, email, phone) SELECT c.id, 'C' || "
        f"{ours}, 'person', 'Customer ' || {ours}, 'c' || {ours} || '@bench.example', '+' || {ours} FROM crowd c",
        "INSERT INTO account (id, number, customer_id, currency, opened_on, opening_balance) "
        f"SELECT c.id, {ours}, c.id, 'KZT', {opened}, 0 FROM crowd c",
        "INSERT INTO contract (id, number, account_id, product_class, product, starts_on, status) "
        f"SELECT c.id, {ours} || '/10', c.id, 'telecom', 'Internet', {opened}, 'active' FROM crowd c",
        "INSERT INTO service (id, number, contract_id, kind, name, unit, status, activated_on) "
        f"SELECT c.id, 'S' || {ours}, c.id, 'internet', 'Internet', 'bytes', 'active', {opened} FROM crowd c",
        "INSERT INTO person (id, email, active, created_at) "
        f"SELECT c.id, 'c' || {ours} || '@bench.example', 1 = 1, {moment} FROM crowd c",
        "INSERT INTO membership (id, user_id, account_id, owner, line, email, created_at) "
        f"SELECT c.id, c.id, c.id, 1 = 1, {ours} || '.', 'c' || {ours} || '@bench.example', {moment} FROM crowd c",
        f"INSERT INTO standing (membership_id, permissions) SELECT c.id, '{stored(ALL)}' FROM crowd c",
        "INSERT INTO invoice (id, number, account_id, contract_id, kind, issued_on, period_start, period_end, due_on,"
        f" net, vat, total, currency, paid_on) SELECT {document}, 'F' || CAST({document} AS TEXT), c.id, c.id,"
        f" 'invoice', {issued}, {starts}, {issued}, {due}, {NET}, 0, {total}, 'KZT', {paid} {each_month}",
        "INSERT INTO payment (id, number, account_id, paid_at, paid_on, amount, currency, method, invoice_id) "
        f"SELECT {payment}, 'P' || CAST({payment} AS TEXT), c.id, {moment}, {paid}, {total}, 'KZT', 'card', {document} "
        f"{each_month}",
        f"{posted} {document}, c.id, 'invoice:F' || CAST({document} AS TEXT) || ':1', 'invoice', {document}, NULL,"
        f" {issued}, {moment} {each_month}",
        f"{posted} {payment}, c.id, 'payment:P' || CAST({payment} AS TEXT) || ':1', 'payment', NULL, {payment},"
        f" {paid}, {moment} {each_month}",
        *(
            "INSERT INTO ledger_entry (transaction_id, account_id, book, amount) "
            f"SELECT {source}, c.id, '{book}', {amount} {each_month}"
            for source, book, amount in (
                (document, "customer", -total), (document, "revenue", NET),
                (payment, "customer", total), (payment, "cash", -total),
            )
        ),
        "INSERT INTO allocation (account_id, invoice_id, payment_id, amount, allocated_on, direct) "
        f"SELECT c.id, {document}, {payment}, {total}, {paid}, 1 = 1 {each_month}",
        "INSERT INTO account_position (account_id, balance, brought_forward, due, updated_at) "
        f"SELECT c.id, 0, 0, 0, {moment} FROM crowd c",
    ):  # fmt: skip
        await bulk.execute(sql)


HOURS = 10_000  # of each service
LONGEST = 3_660 * 24  # hours of the service that is measured
MEASURED = "BENCH-USAGE"
FIRST_HOUR = 438_288 * 3_600  # 2020-01-01T00:00Z


async def usage(bulk: Bulk, size: int) -> None:
    """``size`` hours of usage: ten years of one service of the measured account, the rest among services with
    10,000 each. Days are cut at midnight UTC and months are thirty days: all that matters here is how many."""
    others = max(1, (size - LONGEST) // HOURS)
    await numbers(bulk, others)
    contract = "(SELECT id FROM contract WHERE number = '4445/10')"
    columns = "INSERT INTO service (id, number, contract_id, kind, name, unit, status)"
    await bulk.execute(
        f"{columns} SELECT c.id, 'S' || CAST(c.id AS TEXT), {contract}, 'internet', 'Internet', 'bytes', 'active' "
        "FROM crowd c"
    )
    await bulk.execute(
        f"{columns} SELECT {FIRST}, '{MEASURED}', {contract}, 'internet', 'Ten years', 'bytes', 'active'"
    )
    longest = min(LONGEST, size)
    await bulk.execute(
        "CREATE TEMP TABLE hours AS WITH RECURSIVE counted(n) AS "
        f"(SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM counted WHERE n < {longest - 1}) SELECT n FROM counted"
    )
    await bulk.analyze("hours")
    figures = f"{FIRST_HOUR} + h.n * 3600, 3600, (h.n * 7919) % 1000000007, (h.n * 104729) % 99999989"
    for source in (
        f"SELECT {FIRST}, {figures} FROM hours h ORDER BY h.n",
        f"SELECT c.id, {figures} FROM crowd c CROSS JOIN hours h WHERE h.n < {min(HOURS, size)} ORDER BY c.id, h.n",
    ):
        await bulk.execute(f"INSERT INTO usage_interval (service_id, started_at, seconds, incoming, outgoing) {source}")
    ours = f"service_id >= {FIRST}"
    await bulk.execute(
        "INSERT INTO usage_hour (service_id, hour, seconds, incoming, outgoing) "
        f"SELECT service_id, started_at, seconds, incoming, outgoing FROM usage_interval WHERE {ours} "
        "ORDER BY service_id, started_at"
    )
    for table, key, of in (
        ("usage_day", "day", "hour / 86400"),
        ("usage_month", "month", "24240 + (day - 18262) / 30"),
    ):
        below = "usage_hour" if table == "usage_day" else "usage_day"
        grouped = "service_id, " + of
        await bulk.execute(
            f"INSERT INTO {table} (service_id, {key}, seconds, incoming, outgoing, peak_incoming, peak_incoming_at) "
            f"SELECT {grouped}, SUM(seconds), SUM(incoming), SUM(outgoing), MAX(incoming), "
            + ("MIN(hour)" if table == "usage_day" else "MIN(peak_incoming_at)")
            + f" FROM {below} WHERE {ours} GROUP BY {grouped} ORDER BY {grouped}"
        )


def _exists(databases: Databases, name: str) -> bool:
    if databases.dialect == "sqlite":
        return _file(databases, name).exists()

    async def known() -> bool:
        connection = await asyncpg.connect(databases.url("postgres"))
        try:
            return bool(await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name))
        finally:
            await connection.close()

    return asyncio.run(known())


def _file(databases: Databases, name: str) -> Path:
    return Path(databases.place, f"{name}.db")


def _remove(databases: Databases, name: str) -> None:
    if databases.dialect == "sqlite":
        for path in Path(databases.place).glob(f"{name}.db*"):
            path.unlink()
    else:
        asyncio.run(_on_server(databases, f"DROP DATABASE IF EXISTS {name}"))


async def _on_server(databases: Databases, statement: str) -> None:
    connection = await asyncpg.connect(databases.url("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
