"""Usage tables with composite keys, indexes for what points upwards, and the guards of append-only tables.

Tortoise knows neither composite primary keys nor triggers, so this one is SQL, for both databases.

Usage is kept by whole numbers: ``started_at`` and ``hour`` are seconds since 1970-01-01T00:00Z, ``day`` is days
since 1970-01-01 and ``month`` is year * 12 + month - 1, both in the operator's time zone. ``incoming`` and
``outgoing`` are in the smallest parts of the service's unit (bytes, seconds, millionths of a kWh or m3).
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops

INDEXES = (
    ("account", "customer_id"),
    ("contract", "account_id"),
    ("membership", "account_id"),
    ("membership", "parent_id"),
    ("membership_contract", "contract_id"),
    ("session", "user_id"),
    ("session", "membership_id"),
    ("session", "contract_id"),
    ("journal", "user_id"),
    ("ledger_transaction", "invoice_id"),
    ("ledger_transaction", "payment_id"),
    ("ledger_transaction", "reverses_id"),
    ("ledger_entry", "transaction_id"),
    ("invoice", "contract_id"),
    ("invoice", "corrects_id"),
    ("invoice", "answered_by_id"),
    ("payment", "invoice_id"),
    ("allocation", "account_id"),
    ("allocation", "invoice_id"),
    ("allocation", "payment_id"),
    ("allocation", "correction_id"),
    ("service", "contract_id"),
    ("service", "depends_on_id"),
)
APPEND_ONLY = ("ledger_transaction", "ledger_entry", "journal")


def usage_tables(sqlite: bool) -> list[str]:
    """One row an interval and its sums by hour, day and month, each clustered by service where possible."""
    cluster = " WITHOUT ROWID" if sqlite else ""
    reference = "service_id BIGINT NOT NULL REFERENCES service (id) ON DELETE RESTRICT"
    sums = "seconds BIGINT NOT NULL, incoming BIGINT NOT NULL, outgoing BIGINT NOT NULL"
    peaks = "peak_incoming BIGINT, peak_incoming_at BIGINT, peak_outgoing BIGINT, peak_outgoing_at BIGINT"
    return [
        f"CREATE TABLE usage_interval ({reference}, started_at BIGINT NOT NULL, {sums},"
        f" PRIMARY KEY (service_id, started_at)){cluster}",
        f"CREATE TABLE usage_hour ({reference}, hour BIGINT NOT NULL, {sums}, PRIMARY KEY (service_id, hour)){cluster}",
        f"CREATE TABLE usage_day ({reference}, day INTEGER NOT NULL, {sums}, {peaks},"
        f" PRIMARY KEY (service_id, day)){cluster}",
        f"CREATE TABLE usage_month ({reference}, month INTEGER NOT NULL, {sums}, {peaks},"
        f" PRIMARY KEY (service_id, month)){cluster}",
    ]


def guards(sqlite: bool) -> list[str]:
    """Triggers that refuse to change or delete what must only grow."""
    if sqlite:
        return [
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in APPEND_ONLY
            for act in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            for table in APPEND_ONLY
        ),
    ]


async def forwards(apps: Any, schema_editor: Any) -> None:
    sqlite = schema_editor.client.capabilities.dialect == "sqlite"
    statements = usage_tables(sqlite)
    statements += [f"CREATE INDEX {table}_{column} ON {table} ({column})" for table, column in INDEXES]
    statements += guards(sqlite)
    for statement in statements:
        await schema_editor.client.execute_query(statement)


class Migration(migrations.Migration):
    dependencies = [("kabinet", "0001_initial")]

    operations = [ops.RunPython(forwards)]
