"""People and their memberships of accounts: a tree per account (design: Delegation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

if TYPE_CHECKING:
    from users.parties.models import Account, Contract


class User(Model):
    """A person who signs in. ``email`` is kept in lower case and is the login of everybody but an owner."""

    id = fields.BigIntField(primary_key=True)
    email = fields.CharField(max_length=254, unique=True)
    password_hash = fields.CharField(max_length=255, null=True)
    first_name = fields.CharField(max_length=100, default="", db_default="")
    last_name = fields.CharField(max_length=100, default="", db_default="")
    language = fields.CharField(max_length=8, null=True)  # null: as the browser asks
    theme = fields.CharField(max_length=8, null=True)  # null: as the system shows
    active = fields.BooleanField(default=True, db_default=True)
    created_at = fields.DatetimeField()

    class Meta:
        app = "kabinet"
        table = "person"  # "user" is a reserved word in SQL


class Membership(Model):
    """What one person may do on one account.

    ``permissions`` are names joined by a space, sorted; an owner's are not stored, an owner has them all.
    ``parent`` is null for owners and for those who hang under the owners together, the root.
    ``reach`` is ``all`` or ``chosen`` (then MembershipContract lists the contracts).
    Periods are whole days of the operator's time zone, both ends included.
    """

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "kabinet.User", related_name="memberships", on_delete=fields.RESTRICT
    )
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "kabinet.Account", related_name="memberships", on_delete=fields.RESTRICT
    )
    parent: fields.ForeignKeyNullableRelation[Membership] = fields.ForeignKeyField(
        "kabinet.Membership", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    owner = fields.BooleanField(default=False, db_default=False)
    position = fields.CharField(max_length=100, default="", db_default="")
    permissions = fields.TextField(default="", db_default="")
    reach = fields.CharField(max_length=8, default="all", db_default="all")
    suspended = fields.BooleanField(default=False, db_default=False)
    valid_from = fields.DateField(null=True)
    valid_until = fields.DateField(null=True)
    documents_from = fields.DateField(null=True)
    documents_until = fields.DateField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        app = "kabinet"
        table = "membership"
        unique_together = (("user", "account"),)


class MembershipContract(Model):
    """One contract within the reach of a membership with ``reach`` = chosen."""

    id = fields.BigIntField(primary_key=True)
    membership: fields.ForeignKeyRelation[Membership] = fields.ForeignKeyField(
        "kabinet.Membership", related_name="chosen", on_delete=fields.CASCADE
    )
    contract: fields.ForeignKeyRelation[Contract] = fields.ForeignKeyField(
        "kabinet.Contract", related_name="memberships", on_delete=fields.RESTRICT
    )

    class Meta:
        app = "kabinet"
        table = "membership_contract"
        unique_together = (("membership", "contract"),)
