"""Products: what can be ordered, an option a row."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class ProductOption(Model):
    """Rows of one ``product_code`` and ``option_group`` are alternatives. Fees are minor units."""

    id = fields.BigIntField(primary_key=True)
    product_code = fields.CharField(max_length=64)
    kind = fields.CharField(max_length=32)
    name = fields.CharField(max_length=400)
    option_group = fields.CharField(max_length=200)
    option = fields.CharField(max_length=200)
    monthly_fee = fields.BigIntField()
    setup_fee = fields.BigIntField()
    currency = fields.CharField(max_length=3)

    class Meta:
        app = "kabinet"
        table = "product_option"
        unique_together = (("product_code", "option_group", "option"),)
