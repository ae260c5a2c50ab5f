"""The files of an export: their columns, keys, and the tables and columns that they become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.data.bulk import Kind
from dashboard.imports import cells
from dashboard.imports.cells import Parse

SCALES = {"bytes": 1, "seconds": 1, "kWh": cells.MICRO, "m3": cells.MICRO, "m2": cells.MICRO}
DOCUMENT_KINDS = ("payment_notice", "invoice", "one_off", "correction")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file.

    ``required``: its cell must not be empty. ``optional``: the column itself may be absent, and then says
    nothing about what is known already. ``field`` is the table's column; with ``refers``, the id of the row
    of that table with this number.
    """

    name: str
    parse: Parse
    kind: Kind = "text"
    required: bool = False
    optional: bool = False
    field: str = ""
    refers: str = ""
    empty: Any = None
    money: bool = False

    @property
    def target(self) -> str:
        return self.field or self.name


@dataclass(frozen=True, slots=True)
class Derived:
    """A staged column that no file has: worked out from the others of its row."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class File:
    """A file, its key, its table; ``noun`` is how the journal calls a row."""

    name: str
    table: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    noun: str = ""
    derived: tuple[Derived, ...] = ()

    @property
    def stage(self) -> str:
        return f"stage_{self.name}"

    def column(self, name: str) -> Column:
        return next(each for each in self.columns if each.name == name)

    def staged(self) -> Mapping[str, Kind]:
        """The columns of its TEMP table, but for what comparing adds."""
        listed: dict[str, Kind] = {"line_no": "whole"}
        listed.update((each.name, each.kind) for each in self.columns)
        listed.update((each.name, each.kind) for each in self.derived)
        return listed


def _text(name: str, limit: int, **more: Any) -> Column:
    return Column(name, cells.text(limit), **more)


def _day(name: str, **more: Any) -> Column:
    return Column(name, cells.day, "day", **more)


def _money(name: str, **more: Any) -> Column:
    return Column(name, cells.money, "whole", money=True, **more)


def _currency() -> Column:
    return Column("currency", cells.currency, required=True)


CUSTOMERS = File(
    "customers",
    "customer",
    ("customer_id",),
    (
        _text("customer_id", 64, required=True, field="number"),
        Column("kind", cells.one_of("person", "organisation"), required=True),
        _text("name", 400, required=True),
        _text("tax_id", 32),
        _text("language", 8),
        Column("email", cells.email),
        Column("phone", cells.phone),
        _text("mother_name", 200),
        _day("birth_date"),
        _text("document_type", 32),
        _text("document_number", 64),
        _text("card_number", 64),
        Column("country", cells.country),
        _text("postcode", 16),
        _text("city", 200),
        _text("street", 200),
        _text("house", 64),
        _text("floor_door", 64, optional=True),
        Column("declaration", cells.flag, "flag", optional=True),
        _text("region", 200, optional=True),
    ),
    noun="customer",
)
ACCOUNTS = File(
    "accounts",
    "account",
    ("account_number",),
    (
        _text("account_number", 64, required=True, field="number"),
        _text("customer_id", 64, required=True, refers="customer"),
        _currency(),
        _day("opened_on"),
        _day("closed_on"),
        _money("opening_balance", required=True),
    ),
    noun="account",
)
CONTRACTS = File(
    "contracts",
    "contract",
    ("contract_number",),
    (
        _text("contract_number", 128, required=True, field="number"),
        _text("account_number", 64, required=True, field="account_id", refers="account"),
        Column("product_class", cells.one_of("telecom", "life", "non_life", "housing")),
        _text("product", 400),
        _day("signed_on"),
        _day("starts_on"),
        _day("ends_on"),
        _text("status", 16, required=True),
        Column("channel", cells.one_of("online", "office")),
        _text("subject", 400),
        Column("notice_days", cells.whole(0, 36_500), "whole"),
        Column("book", cells.one_of("current", "older"), optional=True),
        Column("own_care", cells.flag, "flag", optional=True),
    ),
    noun="contract",
)
SERVICES = File(
    "services",
    "service",
    ("service_id",),
    (
        _text("service_id", 64, required=True, field="number"),
        _text("contract_number", 128, required=True, field="contract_id", refers="contract"),
        _text("kind", 32, required=True),
        _text("name", 400, required=True),
        _text("tariff", 200),
        _money("monthly_fee"),
        Column("unit", cells.one_of(*SCALES)),
        Column("status", cells.one_of("active", "suspended", "ended"), required=True),
        _day("status_since"),
        _day("activated_on"),
        _day("ended_on"),
        _text("address", 400),
        _text("resource", 1000),
        Column("quota", cells.measured, "whole"),
        Column("commitment", cells.measured, "whole"),
        _text("depends_on", 64, field="depends_on_id", refers="service"),
    ),
    noun="service",
)
INVOICES = File(
    "invoices",
    "invoice",
    ("invoice_number",),
    (
        _text("invoice_number", 64, required=True, field="number"),
        _text("account_number", 64, required=True, field="account_id", refers="account"),
        _text("contract_number", 128, field="contract_id", refers="contract"),
        Column("kind", cells.one_of(*DOCUMENT_KINDS), required=True),
        _day("issued_on", required=True),
        _day("period_start"),
        _day("period_end"),
        _day("due_on"),
        _money("net", required=True),
        _money("vat", required=True),
        _money("total", required=True),
        _currency(),
        _text("corrects", 64, field="corrects_id", refers="invoice"),
        _text("file", 255),
    ),
)
INVOICE_LINES = File(
    "invoice_lines",
    "invoice_line",
    ("invoice_number", "line"),
    (
        _text("invoice_number", 64, required=True, field="invoice_id", refers="invoice"),
        Column("line", cells.whole(0, 2_000_000_000), "whole", required=True),
        _text("service_id", 64, field="service_number"),
        _text("description", 1000, required=True),
        Column("quantity", cells.decimal(32)),
        _text("unit", 64),
        Column("unit_price", cells.decimal(32)),
        _money("net", required=True),
        Column("vat_rate", cells.decimal(16)),
        _money("vat", required=True),
        _money("total", required=True),
    ),
)
PAYMENTS = File(
    "payments",
    "payment",
    ("payment_id",),
    (
        _text("payment_id", 64, required=True, field="number"),
        _text("account_number", 64, required=True, field="account_id", refers="account"),
        Column("paid_at", cells.moment, "moment", required=True),
        _money("amount", required=True),
        _currency(),
        _text("method", 32),
        _text("payer", 400),
        _text("reference", 200),
        _text("invoice_number", 64, field="invoice_id", refers="invoice"),
    ),
    derived=(Derived("paid_on", "day"),),
)
PRODUCTS = File(
    "products",
    "product_option",
    ("product_code", "option_group", "option"),
    (
        _text("product_code", 64, required=True),
        _text("kind", 32, required=True),
        _text("name", 400, required=True),
        _text("option_group", 200, empty=""),
        _text("option", 200, empty=""),
        _money("monthly_fee", required=True),
        _money("setup_fee", required=True),
        _currency(),
    ),
    noun="product",
)
USAGE = File(
    "usage",
    "usage_interval",
    ("service_id", "started_at"),
    (
        _text("service_id", 64, required=True),
        Column("started_at", cells.second, "whole", required=True),
        Column("seconds", cells.whole(1, 400 * 86_400), "whole", required=True),
        Column("incoming", cells.measured, "whole", required=True),
        Column("outgoing", cells.measured, "whole", empty=(0, None)),
    ),
    derived=(Derived("incoming_part", "whole"), Derived("outgoing_part", "whole")),
)

# In the order in which they are merged: each points to those before it.
FILES = (CUSTOMERS, ACCOUNTS, CONTRACTS, SERVICES, PRODUCTS, INVOICES, INVOICE_LINES, PAYMENTS, USAGE)
