"""Checking the export as a whole, staged rows beside what is known: every fault, with its line."""

from __future__ import annotations

from datetime import UTC, datetime

from components.data.bulk import Bulk
from components.data.money import plain
from dashboard.imports.layout import FILES, SCALES, USAGE, File
from dashboard.imports.reading import Source
from dashboard.imports.report import Faults
from dashboard.imports.staged import ACCOUNT_CURRENCY, EFFECTIVE_LINES, UNIT, UNIT_OF_USAGE, owner
from dashboard.imports.staging import Present

LARGEST_DECIMAL = 10**9  # kWh or m3 of one interval: in millionths, sums of many still fit 64 bits

# (file, column, table of what is known, staged file and its key)
REFERENCES = (
    ("accounts", "customer_id", "customer", "customers", "customer_id"),
    ("contracts", "account_number", "account", "accounts", "account_number"),
    ("services", "contract_number", "contract", "contracts", "contract_number"),
    ("services", "depends_on", "service", "services", "service_id"),
    ("invoices", "account_number", "account", "accounts", "account_number"),
    ("invoices", "contract_number", "contract", "contracts", "contract_number"),
    ("invoices", "corrects", "invoice", "invoices", "invoice_number"),
    ("invoice_lines", "invoice_number", "invoice", "invoices", "invoice_number"),
    ("payments", "account_number", "account", "accounts", "account_number"),
    ("payments", "invoice_number", "invoice", "invoices", "invoice_number"),
    ("usage", "service_id", "service", "services", "service_id"),
)
NOUNS = {"customer": "customer", "account": "account", "contract": "contract", "service": "service"}
NOUNS["invoice"] = "document"


class Checker:
    """Runs the checks; each puts what it finds into ``faults``.

    What a file would hold isn't missed where the file itself can't be read to its end: that is its fault alone.
    """

    def __init__(self, bulk: Bulk, sources: list[Source], present: Present, faults: Faults) -> None:
        self._bulk = bulk
        self._names = {each.file.name: each.path.name for each in sources}
        self._broken = self._names.keys() - present.keys()
        self._faults = faults

    async def check(self) -> None:
        """Every check once."""
        for file in FILES:
            await self.duplicates(file)
        for reference in REFERENCES:
            await self.reference(*reference)
        await self.others()

    async def others(self) -> None:
        """All but keys and references."""
        await self._accounts()
        await self._currencies()
        await self._belonging()
        await self._sums_of_lines()
        if not self._broken & {"invoices", "invoice_lines"}:
            await self._documents_without_lines()
            await self._totals()
        await self._units()

    def _fault(self, file: str, line: int, column: str, value: object, reason: str) -> None:
        self._faults.add(self._name(file), line, column, value, reason)

    def _name(self, file: str) -> str:
        return self._names.get(file, f"{file}.csv")

    async def _find(self, file: str, column: str, reason: str, sql: str) -> None:
        """Each row (line, value, detail) of ``sql`` is a fault; ``reason`` may quote the detail as {}."""
        async for line, value, detail in self._bulk.stream(sql):
            self._fault(file, line, column, value, reason.format(detail))
            await self._faults.store()

    async def duplicates(self, file: File, *, every: bool = False) -> None:
        """A fault for each row whose key stands in an earlier one already; with ``every``, for that one too."""
        key = ", ".join(f'"{name}"' for name in file.key)
        same = " AND ".join(f's."{name}" = d."{name}"' for name in file.key)
        value = " || ' ' || ".join(f'CAST(s."{name}" AS TEXT)' for name in file.key)
        async for line, found, first, last in self._bulk.stream(
            f"SELECT s.line_no, {value}, d.first, d.last FROM {file.stage} s "
            f"JOIN (SELECT {key}, MIN(line_no) AS first, MAX(line_no) AS last FROM {file.stage}"
            f" GROUP BY {key} HAVING COUNT(*) > 1) d ON {same} "
            f"WHERE s.line_no > {'0' if every else 'd.first'} ORDER BY s.line_no"
        ):
            told = _with_time(found) if file is USAGE else found
            place = f"line {first} already" if line > first else f"line {last} too"
            self._fault(file.name, line, file.key[-1], told, f"the same key stands in {place}")
            await self._faults.store()

    async def reference(self, file: str, column: str, table: str, other: str, key: str) -> None:
        """A fault for each row that names what isn't there."""
        if other in self._broken:
            return
        left_out = f"(SELECT MIN(r.line_no) FROM reject_key r WHERE r.file = '{other}' AND r.key = s.{column})"
        async for line, value, cause in self._bulk.stream(
            f"SELECT s.line_no, s.{column}, {left_out} FROM stage_{file} s WHERE s.{column} IS NOT NULL "
            f"AND NOT EXISTS (SELECT 1 FROM stage_{other} o WHERE o.{key} = s.{column}) "
            f"AND NOT EXISTS (SELECT 1 FROM {table} k WHERE k.number = s.{column}) ORDER BY s.line_no"
        ):
            reason = f"there is no such {NOUNS[table]}, neither here nor from an earlier import"
            if cause is not None:
                reason = f"the {NOUNS[table]} is left out: see {self._name(other)}, line {cause}"
            self._fault(file, line, column, value, reason)
            await self._faults.store()

    async def _accounts(self) -> None:
        await self._find(
            "accounts",
            "currency",
            "the account is known in {}: an account doesn't change its currency",
            "SELECT s.line_no, s.currency, a.currency FROM stage_accounts s "
            "JOIN account a ON a.number = s.account_number WHERE s.currency <> a.currency ORDER BY s.line_no",
        )

    async def _currencies(self) -> None:
        for file in ("invoices", "payments"):
            await self._find(
                file,
                "currency",
                "the account is in {}",
                "SELECT x.line_no, x.currency, x.expected FROM"
                f" (SELECT s.line_no, s.currency, {ACCOUNT_CURRENCY}"
                f" AS expected FROM stage_{file} s) x WHERE x.currency <> x.expected ORDER BY x.line_no",
            )

    async def _belonging(self) -> None:
        """Contracts, corrected and paid documents belong to the account of the row that names them."""
        for file, column, expression in (
            ("invoices", "contract_number", owner("s.contract_number", "contracts", "contract")),
            ("invoices", "corrects", owner("s.corrects", "invoices", "invoice")),
            ("payments", "invoice_number", owner("s.invoice_number", "invoices", "invoice")),
        ):
            await self._find(
                file,
                column,
                "belongs to account {}",
                "SELECT x.line_no, x.value, x.owner FROM"
                f" (SELECT s.line_no, s.account_number, s.{column} AS value,"
                f" {expression} AS owner FROM stage_{file} s) x WHERE x.owner <> x.account_number"
                " ORDER BY x.line_no",
            )

    async def _sums_of_lines(self) -> None:
        async for line, value, net, vat in self._bulk.stream(
            "SELECT line_no, total, net, vat FROM stage_invoice_lines WHERE total <> net + vat ORDER BY line_no"
        ):
            reason = f"is not net and VAT together, {plain(net)} + {plain(vat)}"
            self._fault("invoice_lines", line, "total", plain(value), reason)
            await self._faults.store()

    async def _documents_without_lines(self) -> None:
        await self._find(
            "invoices",
            "invoice_number",
            "the document has no lines",
            "SELECT s.line_no, s.invoice_number, '' FROM stage_invoices s WHERE NOT EXISTS (SELECT 1 FROM"
            " stage_invoice_lines l WHERE l.invoice_number = s.invoice_number) AND NOT EXISTS (SELECT 1 FROM"
            " invoice i JOIN invoice_line l ON l.invoice_id = i.id WHERE i.number = s.invoice_number)"
            " ORDER BY s.line_no",
        )

    async def _totals(self) -> None:
        """A document's sums are those of its lines, staged or (where no staged line replaces them) known."""
        await self._bulk.execute(EFFECTIVE_LINES)
        await self._bulk.execute("CREATE INDEX effective_line_key ON effective_line (invoice_number)")
        await self._bulk.analyze("effective_line")
        for column in ("net", "vat", "total"):
            async for line, value, summed in self._bulk.stream(
                f"SELECT s.line_no, s.{column}, e.summed FROM stage_invoices s JOIN (SELECT invoice_number,"
                f" SUM({column}) AS summed FROM effective_line GROUP BY invoice_number"
                f" HAVING COUNT(*) = COUNT({column})) e ON e.invoice_number = s.invoice_number "
                f"WHERE s.{column} <> e.summed ORDER BY s.line_no"
            ):
                reason = f"its lines come to {plain(int(summed))}"
                self._fault("invoices", line, column, plain(value), reason)
            async for line, value, summed in self._bulk.stream(
                f"SELECT e.line_no, i.{column}, e.summed FROM"
                f" (SELECT invoice_number, MIN(line_no) AS line_no,"
                f" SUM({column}) AS summed FROM effective_line GROUP BY invoice_number"
                f" HAVING COUNT(*) = COUNT({column})) e JOIN invoice i ON i.number = e.invoice_number "
                "WHERE NOT EXISTS (SELECT 1 FROM stage_invoices s WHERE s.invoice_number = i.number)"
                f" AND i.{column} <> e.summed ORDER BY e.line_no"
            ):
                reason = f"with this line its document, known at {plain(value)}, comes to {plain(int(summed))}"
                self._fault("invoice_lines", line, column, "", reason)
        await self._bulk.execute("DROP TABLE effective_line")

    async def _units(self) -> None:
        """Usage counts in its service's unit: whole bytes and seconds, decimals of all else."""
        await self._find(
            "usage",
            "service_id",
            "the service has no unit to count usage in",
            f"SELECT u.line_no, u.service_id, '' FROM stage_usage u {UNIT_OF_USAGE} WHERE {UNIT} IS NULL"
            " AND (o.service_id IS NOT NULL OR k.number IS NOT NULL) ORDER BY u.line_no",
        )
        whole = ", ".join(f"'{unit}'" for unit, scale in SCALES.items() if scale == 1)
        for column in ("incoming", "outgoing"):
            async for line, value, part, unit in self._bulk.stream(
                f"SELECT u.line_no, u.{column}, u.{column}_part, {UNIT} FROM stage_usage u {UNIT_OF_USAGE} "
                f"WHERE {UNIT} IN ({whole}) AND u.{column}_part IS NOT NULL ORDER BY u.line_no"
            ):
                written = f"{value}.{part:06d}".rstrip("0")
                self._fault("usage", line, column, written, f"is not a whole number of {unit}")
                await self._faults.store()
            await self._find(
                "usage",
                column,
                "is more than an interval can hold",
                f"SELECT u.line_no, u.{column}, '' FROM stage_usage u {UNIT_OF_USAGE} "
                f"WHERE {UNIT} NOT IN ({whole}) AND u.{column} >= {LARGEST_DECIMAL} ORDER BY u.line_no",
            )


def _with_time(key: str) -> str:
    """The key of an interval, its second since 1970 written as a time."""
    service, _, second = key.rpartition(" ")
    return f"{service} {datetime.fromtimestamp(int(second), UTC):%Y-%m-%dT%H:%M:%SZ}"
