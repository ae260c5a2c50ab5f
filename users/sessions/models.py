"""Sign-ins, kept on the server so that they can be listed and ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

if TYPE_CHECKING:
    from users.hierarchy.models import Membership, User
    from users.parties.models import Contract


class Session(Model):
    """One sign-in. Only the SHA-256 of its token is kept, the token itself lives in the person's cookie."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "kabinet.User", related_name="sessions", on_delete=fields.CASCADE
    )
    # What the person looks at: the account of this membership, and one contract of it or (null) all.
    membership: fields.ForeignKeyNullableRelation[Membership] = fields.ForeignKeyField(
        "kabinet.Membership", related_name="sessions", null=True, on_delete=fields.SET_NULL
    )
    contract: fields.ForeignKeyNullableRelation[Contract] = fields.ForeignKeyField(
        "kabinet.Contract", related_name="sessions", null=True, on_delete=fields.SET_NULL
    )
    remember = fields.BooleanField(default=False, db_default=False)
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    address = fields.CharField(max_length=64, default="", db_default="")
    agent = fields.CharField(max_length=300, default="", db_default="")
    device_hash = fields.CharField(max_length=64, default="", db_default="")  # of the browser's own cookie

    class Meta:
        app = "kabinet"
        table = "session"
