"""A double-entry, append-only ledger. A balance is the sum of entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

if TYPE_CHECKING:
    from billing.invoices.models import Invoice
    from billing.payments.models import Payment
    from users.parties.models import Account


class LedgerTransaction(Model):
    """One posting: two or more entries that sum to zero.

    ``source_key`` is unique for ever: ``opening:4445``, ``invoice:СФ-2026-000158:1``, ``payment:P0000001:1``,
    the last number being the revision of the source; a reversal adds ``:reversed``.
    """

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "kabinet.Account", related_name="ledger_transactions", on_delete=fields.RESTRICT
    )
    source_key = fields.CharField(max_length=200, unique=True)
    kind = fields.CharField(max_length=16)  # opening, invoice, one_off, correction, payment
    reverses: fields.ForeignKeyNullableRelation[LedgerTransaction] = fields.ForeignKeyField(
        "kabinet.LedgerTransaction", related_name="reversals", null=True, on_delete=fields.RESTRICT
    )
    invoice: fields.ForeignKeyNullableRelation[Invoice] = fields.ForeignKeyField(
        "kabinet.Invoice", related_name="ledger_transactions", null=True, on_delete=fields.RESTRICT
    )
    payment: fields.ForeignKeyNullableRelation[Payment] = fields.ForeignKeyField(
        "kabinet.Payment", related_name="ledger_transactions", null=True, on_delete=fields.RESTRICT
    )
    occurred_on = fields.DateField()  # issued_on of a document, the operator's day of a payment
    recorded_at = fields.DatetimeField()

    class Meta:
        app = "kabinet"
        table = "ledger_transaction"
        indexes = (("account_id", "occurred_on", "id"),)


class LedgerEntry(Model):
    """One side of a posting, in minor units of the account's currency.

    ``book`` is ``customer`` (positive: in the customer's favour), ``revenue``, ``vat``, ``cash`` or ``opening``.
    """

    id = fields.BigIntField(primary_key=True)
    transaction: fields.ForeignKeyRelation[LedgerTransaction] = fields.ForeignKeyField(
        "kabinet.LedgerTransaction", related_name="entries", on_delete=fields.RESTRICT
    )
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "kabinet.Account", related_name="ledger_entries", on_delete=fields.RESTRICT
    )
    book = fields.CharField(max_length=16)
    amount = fields.BigIntField()

    class Meta:
        app = "kabinet"
        table = "ledger_entry"
        indexes = (("account_id", "book"),)


class AccountPosition(Model):
    """Where an account stands, worked out from its ledger in the transaction that posts to it.

    A projection: ``balance`` equals the sum of the customer entries (the doctor and the tests compare),
    ``due`` equals ``brought_forward`` plus the open sums of its documents. Minor units.
    """

    id = fields.BigIntField(primary_key=True)
    account: fields.OneToOneRelation[Account] = fields.OneToOneField(
        "kabinet.Account", related_name="position", on_delete=fields.RESTRICT
    )
    balance = fields.BigIntField(default=0)
    brought_forward = fields.BigIntField(default=0)
    due = fields.BigIntField(default=0)
    due_on = fields.DateField(null=True)  # the earliest due day of what is open; null: at once or nothing
    updated_at = fields.DatetimeField()

    class Meta:
        app = "kabinet"
        table = "account_position"
