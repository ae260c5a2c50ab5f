"""Documents: payment notices, invoices, one-off invoices and corrections, with their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

from users.permissions.viewer import Clause, Viewer, contract_clause, documents_clause

if TYPE_CHECKING:
    from users.parties.models import Account, Contract


class Invoice(Model):
    """A document as the billing system issued it. Sums are minor units, days are included days.

    ``open``, ``corrected`` and ``paid_on`` are worked out by ``billing.allocation`` from the ledger's sources:
    what is still to be paid, the sum of its corrections, the day on which nothing was open any more.
    ``answered_by`` is, on a payment notice, the invoice of the same contract and period.
    """

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=64, unique=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "kabinet.Account", related_name="invoices", on_delete=fields.RESTRICT
    )
    contract: fields.ForeignKeyNullableRelation[Contract] = fields.ForeignKeyField(
        "kabinet.Contract", related_name="invoices", null=True, on_delete=fields.RESTRICT
    )
    kind = fields.CharField(max_length=16)  # payment_notice, invoice, one_off, correction
    issued_on = fields.DateField()
    period_start = fields.DateField(null=True)
    period_end = fields.DateField(null=True)
    due_on = fields.DateField(null=True)
    net = fields.BigIntField()
    vat = fields.BigIntField()
    total = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    corrects: fields.ForeignKeyNullableRelation[Invoice] = fields.ForeignKeyField(
        "kabinet.Invoice", related_name="corrections", null=True, on_delete=fields.RESTRICT
    )
    file = fields.CharField(max_length=255, null=True)
    revision = fields.IntField(default=1, db_default=1)
    open = fields.BigIntField(default=0, db_default=0)
    corrected = fields.BigIntField(default=0, db_default=0)
    paid_on = fields.DateField(null=True)
    answered_by: fields.ForeignKeyNullableRelation[Invoice] = fields.ForeignKeyField(
        "kabinet.Invoice", related_name="answers", null=True, on_delete=fields.RESTRICT
    )

    class Meta:
        app = "kabinet"
        table = "invoice"
        indexes = (("account_id", "issued_on", "number"),)


class InvoiceLine(Model):
    """One line. ``service_number`` and ``description`` stay as printed: no reference to the inventory.

    ``quantity``, ``unit_price`` and ``vat_rate`` are decimals as text, exactly as printed.
    """

    id = fields.BigIntField(primary_key=True)
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "kabinet.Invoice", related_name="lines", on_delete=fields.RESTRICT
    )
    line = fields.IntField()
    service_number = fields.CharField(max_length=64, null=True)
    description = fields.CharField(max_length=1000)
    quantity = fields.CharField(max_length=32, null=True)
    unit = fields.CharField(max_length=64, null=True)
    unit_price = fields.CharField(max_length=32, null=True)
    net = fields.BigIntField()
    vat_rate = fields.CharField(max_length=16, null=True)
    vat = fields.BigIntField()
    total = fields.BigIntField()

    class Meta:
        app = "kabinet"
        table = "invoice_line"
        unique_together = (("invoice", "line"),)


class InvoiceFile(Model):
    """A document as a PDF, kept for each revision: the billing system's own, or ours in one language.

    ``language`` is empty for the billing system's own, of which the last one counts. Ours is made once a revision
    and language (the index ``invoice_file_ours`` holds it), so a document once handed out stays as it was.
    """

    id = fields.BigIntField(primary_key=True)
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "kabinet.Invoice", related_name="files", on_delete=fields.RESTRICT
    )
    revision = fields.IntField()
    language = fields.CharField(max_length=8)
    sha256 = fields.CharField(max_length=64)
    size = fields.IntField()
    content = fields.BinaryField()
    created_at = fields.DatetimeField()

    class Meta:
        app = "kabinet"
        table = "invoice_file"
        indexes = (("invoice_id", "revision", "language"),)


def visible_to(viewer: Viewer, alias: str = "i") -> Clause:
    """The documents of the viewer's account, within reach and within the days a membership is limited to."""
    days = documents_clause(viewer, f"{alias}.issued_on")
    return Clause(
        f"{alias}.account_id = :account_id AND {contract_clause(viewer, f'{alias}.contract_id')} AND {days.sql}",
        {"account_id": viewer.account_id, **days.values},
    )
