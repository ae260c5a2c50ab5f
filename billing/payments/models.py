"""Money received, and money taken back (negative)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

from users.permissions.permission import Permission
from users.permissions.viewer import Clause, Viewer, contract_clause, documents_clause

if TYPE_CHECKING:
    from billing.invoices.models import Invoice
    from users.parties.models import Account


class Payment(Model):
    """``invoice`` is null for money on account. ``amount`` is in minor units. ``paid_at`` is UTC,
    ``paid_on`` is its day in the operator's time zone, kept because lists and periods go by it."""

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=64, unique=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "kabinet.Account", related_name="payments", on_delete=fields.RESTRICT
    )
    paid_at = fields.DatetimeField()
    paid_on = fields.DateField()
    amount = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    method = fields.CharField(max_length=32, null=True)
    payer = fields.CharField(max_length=400, null=True)
    reference = fields.CharField(max_length=200, null=True)
    invoice: fields.ForeignKeyNullableRelation[Invoice] = fields.ForeignKeyField(
        "kabinet.Invoice", related_name="payments", null=True, on_delete=fields.RESTRICT
    )
    revision = fields.IntField(default=1, db_default=1)

    class Meta:
        app = "kabinet"
        table = "payment"
        indexes = (("account_id", "paid_at", "number"),)


def visible_to(viewer: Viewer, alias: str = "y", document: str = "i") -> Clause:
    """The payments a viewer may see: those applied to a document within reach, and, for who may see the
    balance, those on account. ``document`` is the alias of the payment's invoice, joined from the left."""
    paid = documents_clause(viewer, f"{alias}.paid_on")
    applied = f"({alias}.invoice_id IS NOT NULL AND {contract_clause(viewer, f'{document}.contract_id')})"
    if viewer.may(Permission.BALANCE_VIEW):
        applied = f"({applied} OR {alias}.invoice_id IS NULL)"
    return Clause(
        f"{alias}.account_id = :account_id AND {applied} AND {paid.sql}",
        {"account_id": viewer.account_id, **paid.values},
    )
