"""Documents as PDF files, kept for each revision.

Ours is made once a revision and language: whoever comes second finds the first one's. Tortoise knows no partial
indexes for both databases, so that one is SQL.
"""

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

OURS = "CREATE UNIQUE INDEX invoice_file_ours ON invoice_file (invoice_id, revision, language) WHERE language <> ''"


async def index(apps: Any, schema_editor: Any) -> None:
    await schema_editor.client.execute_query(OURS)


class Migration(migrations.Migration):
    dependencies = [("kabinet", "0003_jobs")]

    operations = [
        ops.CreateModel(
            name="InvoiceFile",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "invoice",
                    fields.ForeignKeyField(
                        "kabinet.Invoice",
                        source_field="invoice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("revision", fields.IntField()),
                ("language", fields.CharField(max_length=8)),
                ("sha256", fields.CharField(max_length=64)),
                ("size", fields.IntField()),
                ("content", fields.BinaryField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "invoice_file",
                "app": "kabinet",
                "indexes": [Index(fields=["invoice_id", "revision", "language"])],
                "pk_attr": "id",
                "table_description": "A document as a PDF, kept for each revision: the billing system's own, or ours in one language.",
            },
            bases=["Model"],
        ),
        ops.RunPython(index),
    ]
