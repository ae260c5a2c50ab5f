"""Jobs, the workers' heartbeats, and when periodic jobs are enqueued next.

Tortoise knows no partial indexes for both databases, so the two of ``job`` are SQL: what a worker may take next
(the dead are not in it), and that of the jobs with one key only one waits.
"""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

INDEXES = (
    "CREATE INDEX job_due ON job (due_at, id) WHERE due_at IS NOT NULL",
    "CREATE UNIQUE INDEX job_waiting_key ON job (name, key) WHERE state = 'waiting'",
)


async def index(apps: Any, schema_editor: Any) -> None:
    for statement in INDEXES:
        await schema_editor.client.execute_query(statement)


class Migration(migrations.Migration):
    dependencies = [("kabinet", "0002_usage_and_guards")]

    operations = [
        ops.CreateModel(
            name="Job",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=64)),
                ("key", fields.CharField(null=True, max_length=200)),
                ("payload", fields.TextField(unique=False)),
                ("request", fields.CharField(default="", db_default="", max_length=64)),
                ("state", fields.CharField(default="waiting", db_default="waiting", max_length=8)),
                ("due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("tries", fields.IntField(default=0, db_default=0)),
                ("fence", fields.IntField(default=0, db_default=0)),
                ("worker", fields.CharField(default="", db_default="", max_length=100)),
                ("error", fields.TextField(default="", db_default="", unique=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "job",
                "app": "kabinet",
                "pk_attr": "id",
                "table_description": "One piece of work: ``waiting``, ``running`` or ``dead``.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Worker",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("name", fields.CharField(unique=True, max_length=100)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("beat_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("doing", fields.CharField(default="", db_default="", max_length=400)),
            ],
            options={
                "table": "worker",
                "app": "kabinet",
                "pk_attr": "id",
                "table_description": "A worker's heartbeat; one that stops as it should takes its row away.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Schedule",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("name", fields.CharField(unique=True, max_length=64)),
                ("next_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "schedule",
                "app": "kabinet",
                "pk_attr": "id",
                "table_description": "When a periodic job is enqueued next.",
            },
            bases=["Model"],
        ),
        ops.RunPython(index),
    ]
