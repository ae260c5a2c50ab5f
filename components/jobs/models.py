"""The tables of jobs. A job that is done is deleted, so they stay small."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Job(Model):
    """One piece of work: ``waiting``, ``running`` or ``dead``.

    ``due_at`` is when a worker may take it: when it is due or, while it runs, when its holder's lease ends; the
    dead have none. ``fence`` counts how often it was taken: who took it earlier can't end it any more. Two indexes
    stand in the migration: ``job_due``, and ``job_waiting_key``, which holds that a key waits once.
    """

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=64)
    key = fields.CharField(max_length=200, null=True)
    payload = fields.TextField()  # JSON
    request = fields.CharField(max_length=64, default="", db_default="")
    state = fields.CharField(max_length=8, default="waiting", db_default="waiting")
    due_at = fields.DatetimeField(null=True)
    tries = fields.IntField(default=0, db_default=0)
    fence = fields.IntField(default=0, db_default=0)
    worker = fields.CharField(max_length=100, default="", db_default="")
    error = fields.TextField(default="", db_default="")  # why the last try failed; nothing secret in it
    created_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()

    class Meta:
        app = "kabinet"
        table = "job"


class Worker(Model):
    """A worker's heartbeat; one that stops as it should takes its row away."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=100, unique=True)
    since = fields.DatetimeField()
    beat_at = fields.DatetimeField()
    doing = fields.CharField(max_length=400, default="", db_default="")  # names and ids of the jobs in hand

    class Meta:
        app = "kabinet"
        table = "worker"


class Schedule(Model):
    """When a periodic job is enqueued next."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=64, unique=True)
    next_at = fields.DatetimeField()

    class Meta:
        app = "kabinet"
        table = "schedule"
