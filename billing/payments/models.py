"""Money received, and money taken back (negative)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Payment(Model):
    """``invoice`` is null for money on account. ``amount`` is in minor units. ``paid_at`` is UTC,
    ``paid_on`` is its day in the operator's time zone, kept because lists and periods go by it."""

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=64, unique=True)
    account = fields.ForeignKeyField("kabinet.Account", related_name="payments", on_delete=fields.RESTRICT)
    paid_at = fields.DatetimeField()
    paid_on = fields.DateField()
    amount = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    method = fields.CharField(max_length=32, null=True)
    payer = fields.CharField(max_length=400, null=True)
    reference = fields.CharField(max_length=200, null=True)
    invoice = fields.ForeignKeyField(
        "kabinet.Invoice", related_name="payments", null=True, on_delete=fields.RESTRICT
    )
    revision = fields.IntField(default=1, db_default=1)

    class Meta:
        app = "kabinet"
        table = "payment"
        indexes = (("account_id", "paid_at", "number"),)
