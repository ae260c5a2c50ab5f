"""People and their memberships of accounts: a tree per account (design: Delegation)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.models import Model

if TYPE_CHECKING:
    from users.parties.models import Account, Contract


class User(Model):
    """A person who signs in. ``email`` is kept in lower case and is the login of everybody but an owner.

    ``letters_email`` is where letters go if not to the login's address; it counts once it is confirmed.
    A temporary password opens nothing but the page that replaces it, until ``password_expires_at``.
    """

    id = fields.BigIntField(primary_key=True)
    email = fields.CharField(max_length=254, unique=True)
    password_hash = fields.CharField(max_length=255, null=True)
    first_name = fields.CharField(max_length=100, default="", db_default="")
    last_name = fields.CharField(max_length=100, default="", db_default="")
    language = fields.CharField(max_length=8, null=True)  # null: as the browser asks
    theme = fields.CharField(max_length=8, null=True)  # null: as the system shows
    time_zone = fields.CharField(max_length=64, null=True)  # null: the operator's
    phone = fields.CharField(max_length=32, null=True)
    letters_email = fields.CharField(max_length=254, null=True)
    notifications: dict[str, Any] | None = fields.JSONField(null=True)  # null: what each kind begins with
    password_temporary = fields.BooleanField(default=False, db_default=False)
    password_expires_at = fields.DatetimeField(null=True)
    password_changed_at = fields.DatetimeField(null=True)
    active = fields.BooleanField(default=True, db_default=True)
    created_at = fields.DatetimeField()

    class Meta:
        app = "kabinet"
        table = "person"  # "user" is a reserved word in SQL


class Membership(Model):
    """What one person may do on one account: their own grant and their place in its tree.

    ``permissions`` are names joined by a space, sorted; an owner's are not stored, an owner has them all.
    ``parent`` is null for owners and for those who hang under the owners together, the root. ``line`` is the ids
    from the root down to this one, each followed by a dot: whoever's begins with mine stands below me.
    ``user`` is null while the person has not accepted yet; ``email`` is known from the beginning, and names are
    what this account calls the person; a search looks at ``words``, these in small letters. ``reach`` is ``all`` or
    ``chosen`` (then MembershipContract lists them).
    Periods are whole days of the operator's time zone, both ends included.
    """

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "kabinet.User", related_name="memberships", null=True, on_delete=fields.RESTRICT
    )
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "kabinet.Account", related_name="memberships", on_delete=fields.RESTRICT
    )
    parent: fields.ForeignKeyNullableRelation[Membership] = fields.ForeignKeyField(
        "kabinet.Membership", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    added_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "kabinet.User", related_name="added", null=True, on_delete=fields.RESTRICT
    )
    line = fields.TextField(default="", db_default="")
    email = fields.CharField(max_length=254, default="", db_default="")
    first_name = fields.CharField(max_length=100, default="", db_default="")
    last_name = fields.CharField(max_length=100, default="", db_default="")
    owner = fields.BooleanField(default=False, db_default=False)
    position = fields.CharField(max_length=100, default="", db_default="")
    words = fields.CharField(max_length=400, default="", db_default="")
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


class Standing(Model):
    """What a membership comes to after its whole line: the meet of every grant from the root down to it.

    Worked out and stored by ``users.hierarchy.standing`` in the transaction of each change, so that asking what
    somebody may do costs two key lookups, however deep they stand. ``contracts`` is null for all, else the ids as
    a JSON list. A day outside ``valid_from`` to ``valid_until``, or ``suspended``, and the person may nothing.
    """

    membership: fields.OneToOneRelation[Membership] = fields.OneToOneField(
        "kabinet.Membership", related_name="standing", on_delete=fields.CASCADE, primary_key=True
    )
    permissions = fields.TextField(default="", db_default="")
    contracts = fields.TextField(null=True)
    suspended = fields.BooleanField(default=False, db_default=False)
    valid_from = fields.DateField(null=True)
    valid_until = fields.DateField(null=True)
    documents_from = fields.DateField(null=True)
    documents_until = fields.DateField(null=True)

    class Meta:
        app = "kabinet"
        table = "standing"


class Removal(Model):
    """A removal that can still be undone until ``until``: ``rows`` is what was there, ``rights`` what was clipped."""

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "kabinet.Account", related_name="removals", on_delete=fields.RESTRICT
    )
    removed_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "kabinet.User", related_name="removals", null=True, on_delete=fields.RESTRICT
    )
    name = fields.CharField(max_length=254)  # who was removed, as a person reads it
    way = fields.CharField(max_length=8)  # branch, children
    rows: list[dict[str, Any]] = fields.JSONField()
    rights: list[dict[str, Any]] = fields.JSONField()
    removed_at = fields.DatetimeField()
    until = fields.DatetimeField()

    class Meta:
        app = "kabinet"
        table = "removal"


class OwnershipOffer(Model):
    """An owner offers ownership to a member of the account, who has to accept: beside themself, or in their place."""

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "kabinet.Account", related_name="ownership_offers", on_delete=fields.RESTRICT
    )
    giver: fields.ForeignKeyRelation[Membership] = fields.ForeignKeyField(
        "kabinet.Membership", related_name="offers_given", on_delete=fields.CASCADE
    )
    receiver: fields.ForeignKeyRelation[Membership] = fields.ForeignKeyField(
        "kabinet.Membership", related_name="offers_received", on_delete=fields.CASCADE
    )
    kind = fields.CharField(max_length=8)  # second, instead
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()

    class Meta:
        app = "kabinet"
        table = "ownership_offer"
        unique_together = (("giver", "receiver"),)
