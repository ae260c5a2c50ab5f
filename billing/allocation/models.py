"""What pays what: a projection, rebuilt for an account whenever its documents or payments change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

if TYPE_CHECKING:
    from billing.invoices.models import Invoice
    from billing.payments.models import Payment
    from users.parties.models import Account


class Allocation(Model):
    """``amount`` (minor units, positive) of a source lowered what was open on ``invoice``.

    The source is a ``payment``, a ``correction`` (a document), or neither: the opening balance.
    ``direct`` tells money that named the document from money in the customer's favour set off by due day.
    """

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "kabinet.Account", related_name="allocations", on_delete=fields.RESTRICT
    )
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "kabinet.Invoice", related_name="allocations", on_delete=fields.RESTRICT
    )
    payment: fields.ForeignKeyNullableRelation[Payment] = fields.ForeignKeyField(
        "kabinet.Payment", related_name="allocations", null=True, on_delete=fields.RESTRICT
    )
    correction: fields.ForeignKeyNullableRelation[Invoice] = fields.ForeignKeyField(
        "kabinet.Invoice", related_name="allocated", null=True, on_delete=fields.RESTRICT
    )
    amount = fields.BigIntField()
    on = fields.DateField(source_field="allocated_on")
    direct = fields.BooleanField()

    class Meta:
        app = "kabinet"
        table = "allocation"
