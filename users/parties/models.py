"""Customers, their accounts and contracts, as the billing system knows them.

The keys people know (``number``) are the billing system's own; the integer ``id`` is ours and never shown.
"""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from users.permissions.viewer import Clause, Viewer, contract_clause


class Customer(Model):
    """A party: a person or an organisation."""

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=64, unique=True)
    kind = fields.CharField(max_length=16)  # person, organisation
    name = fields.CharField(max_length=400)
    tax_id = fields.CharField(max_length=32, null=True, db_index=True)
    language = fields.CharField(max_length=8, null=True)
    email = fields.CharField(max_length=254, null=True, db_index=True)
    phone = fields.CharField(max_length=32, null=True, db_index=True)
    mother_name = fields.CharField(max_length=200, null=True)
    birth_date = fields.DateField(null=True)
    document_type = fields.CharField(max_length=32, null=True)
    document_number = fields.CharField(max_length=64, null=True)
    card_number = fields.CharField(max_length=64, null=True)
    country = fields.CharField(max_length=2, null=True)
    postcode = fields.CharField(max_length=16, null=True)
    city = fields.CharField(max_length=200, null=True)
    street = fields.CharField(max_length=200, null=True)
    house = fields.CharField(max_length=64, null=True)
    floor_door = fields.CharField(max_length=64, null=True)
    declaration = fields.BooleanField(null=True)
    region = fields.CharField(max_length=200, null=True)

    class Meta:
        app = "kabinet"
        table = "customer"


class Account(Model):
    """A billing account (лицевой счёт, ügyfélszámla) in one currency.

    ``opening_balance`` is in minor units, as first seen, and is posted to the ledger once.
    """

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=64, unique=True)
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "kabinet.Customer", related_name="accounts", on_delete=fields.RESTRICT
    )
    currency = fields.CharField(max_length=3)
    opened_on = fields.DateField(null=True)
    closed_on = fields.DateField(null=True)
    opening_balance = fields.BigIntField()

    class Meta:
        app = "kabinet"
        table = "account"


class Contract(Model):
    """An agreement on an account. The printed number may hold spaces, slashes and Cyrillic."""

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=128, unique=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "kabinet.Account", related_name="contracts", on_delete=fields.RESTRICT
    )
    product_class = fields.CharField(max_length=32, null=True)  # telecom, life, non_life, housing
    product = fields.CharField(max_length=400, null=True)
    signed_on = fields.DateField(null=True)
    starts_on = fields.DateField(null=True)
    ends_on = fields.DateField(null=True)  # the last day included
    status = fields.CharField(max_length=16)  # active, ended, …
    channel = fields.CharField(max_length=16, null=True)  # online, office
    subject = fields.CharField(max_length=400, null=True)
    notice_days = fields.IntField(null=True)
    book = fields.CharField(max_length=16, null=True)  # current, older
    own_care = fields.BooleanField(null=True)

    class Meta:
        app = "kabinet"
        table = "contract"


def visible_contracts(viewer: Viewer, alias: str = "c") -> Clause:
    """The contracts of the viewer's account within reach."""
    return Clause(
        f"{alias}.account_id = :account_id AND {contract_clause(viewer, f'{alias}.id')}",
        {"account_id": viewer.account_id},
    )
