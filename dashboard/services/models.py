"""Services: the products in use under a contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

from users.permissions.viewer import Clause, Viewer, contract_clause

if TYPE_CHECKING:
    from users.parties.models import Contract


class Service(Model):
    """``quota`` (a month) and ``commitment`` (a second) are in the unit's smallest parts, like usage."""

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=64, unique=True)
    contract: fields.ForeignKeyRelation[Contract] = fields.ForeignKeyField(
        "kabinet.Contract", related_name="services", on_delete=fields.RESTRICT
    )
    kind = fields.CharField(max_length=32)
    name = fields.CharField(max_length=400)
    tariff = fields.CharField(max_length=200, null=True)
    monthly_fee = fields.BigIntField(null=True)  # minor units of the account's currency
    unit = fields.CharField(max_length=16, null=True)  # bytes, seconds, kWh, m3, m2
    status = fields.CharField(max_length=16)  # active, suspended, ended
    status_since = fields.DateField(null=True)
    activated_on = fields.DateField(null=True)
    ended_on = fields.DateField(null=True)
    address = fields.CharField(max_length=400, null=True)
    resource = fields.CharField(max_length=1000, null=True)
    quota = fields.BigIntField(null=True)
    commitment = fields.BigIntField(null=True)
    depends_on: fields.ForeignKeyNullableRelation[Service] = fields.ForeignKeyField(
        "kabinet.Service", related_name="dependants", null=True, on_delete=fields.RESTRICT
    )

    class Meta:
        app = "kabinet"
        table = "service"


def visible_to(viewer: Viewer, alias: str = "s", contract: str = "c") -> Clause:
    """The services under contracts of the viewer's account within reach. ``contract`` is the joined contract."""
    return Clause(
        f"{contract}.account_id = :account_id AND {contract_clause(viewer, f'{alias}.contract_id')}",
        {"account_id": viewer.account_id},
    )
