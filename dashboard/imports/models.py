"""Import runs: what came in, when, and what it changed."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class ImportRun(Model):
    """A finished import. ``counts`` is {file: {"new": n, "changed": n, "same": n}}.

    With "left_out" where rows were.
    """

    id = fields.BigIntField(primary_key=True)
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField()
    folder = fields.CharField(max_length=400)
    counts: dict[str, Any] = fields.JSONField()
    changed = fields.BooleanField()

    class Meta:
        app = "kabinet"
        table = "import_run"
