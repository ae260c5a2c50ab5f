"""Tables that belong to the machinery and to no room above."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Attempt(Model):
    """Tries counted against a limit: one row a key and window (see ``components.data.throttle``)."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=200)
    window = fields.BigIntField(source_field="window_start")  # epoch seconds at which the window began
    count = fields.IntField(default=0)

    class Meta:
        app = "kabinet"
        table = "attempt"
        unique_together = (("key", "window"),)
