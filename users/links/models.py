"""Links that go out in letters: one purpose, one use, an end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.models import Model

if TYPE_CHECKING:
    from users.hierarchy.models import Membership, User


class Link(Model):
    """What a letter's link stands for. Only the SHA-256 of its token is kept; the token itself is in the letter.

    ``purpose`` is ``invitation``, ``password`` (forgotten) or ``letters`` (an address for letters); a link of one
    purpose opens nothing of another. ``data`` holds what the purpose needs, such as an invitation's password hash.
    """

    id = fields.BigIntField(primary_key=True)
    purpose = fields.CharField(max_length=32)
    token_hash = fields.CharField(max_length=64, unique=True)
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "kabinet.User", related_name="links", null=True, on_delete=fields.CASCADE
    )
    membership: fields.ForeignKeyNullableRelation[Membership] = fields.ForeignKeyField(
        "kabinet.Membership", related_name="links", null=True, on_delete=fields.CASCADE
    )
    email = fields.CharField(max_length=254)
    data: dict[str, Any] | None = fields.JSONField(null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        app = "kabinet"
        table = "link"
