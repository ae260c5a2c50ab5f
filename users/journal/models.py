"""The journal: who did what, when, to what. Append-only (the database refuses changes)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.models import Model

if TYPE_CHECKING:
    from users.hierarchy.models import User
    from users.parties.models import Account


class JournalRow(Model):
    """One act. ``actor`` is a person's e-mail or the name of a command, ``before`` and ``after`` are what changed."""

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "kabinet.Account", related_name="journal", null=True, on_delete=fields.RESTRICT
    )
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "kabinet.User", related_name="journal", null=True, on_delete=fields.RESTRICT
    )
    actor = fields.CharField(max_length=254)
    act = fields.CharField(max_length=64)  # session.started, profile.changed, customer.updated, …
    target = fields.CharField(max_length=254, default="", db_default="")
    before: dict[str, Any] | None = fields.JSONField(null=True)
    after: dict[str, Any] | None = fields.JSONField(null=True)
    address = fields.CharField(max_length=64, default="", db_default="")
    request_id = fields.CharField(max_length=64, default="", db_default="")

    class Meta:
        app = "kabinet"
        table = "journal"
        indexes = (("account_id", "at"),)
