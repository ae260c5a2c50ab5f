"""The journal: who did what, when, to what. Append-only (the database refuses changes)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.models import Model

if TYPE_CHECKING:
    from users.hierarchy.models import User
    from users.parties.models import Account


class JournalRow(Model):
    """One act. ``actor`` is a person's e-mail or the name of a command, ``before`` and ``after`` are what changed.

    ``line`` is the actor's place in the account's tree at that moment (see ``users.hierarchy.tree``), null where they
    had none: it says who stood above them, also once they are removed.
    """

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
    line = fields.TextField(null=True)

    class Meta:
        app = "kabinet"
        table = "journal"
        indexes = (("account_id", "at"),)


class JournalSeal(Model):
    """One link of the chain that shows a change to the journal: its hash covers the row and the hash before it.

    Append-only. ``chain`` is the account's id, 0 for the operator's own rows (no account, staff, imports);
    ``number`` counts from 1 within the chain, in the order in which rows were sealed.
    """

    id = fields.BigIntField(primary_key=True)
    chain = fields.BigIntField()
    number = fields.BigIntField()
    row: fields.OneToOneRelation[JournalRow] = fields.OneToOneField(
        "kabinet.JournalRow", related_name="seal", on_delete=fields.RESTRICT
    )
    hash = fields.CharField(max_length=64)
    sealed_at = fields.DatetimeField()

    class Meta:
        app = "kabinet"
        table = "journal_seal"
        unique_together = (("chain", "number"),)
