"""The outbox: letters and short messages, written in the transaction of what they speak of."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Message(Model):
    """One message to one receiver. ``key`` is unique, so that the same thing is never said twice.

    ``state`` is waiting, sent, failed (given up) or expired; nothing leaves after ``expires_at``. The texts of a
    ``secret`` message (a link, a password) are emptied once it has left or will not leave any more.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=200, unique=True)
    channel = fields.CharField(max_length=8)  # email, sms
    kind = fields.CharField(max_length=64)  # invitation, password_reset, …
    receiver = fields.CharField(max_length=254)
    language = fields.CharField(max_length=8)
    subject = fields.CharField(max_length=400, default="", db_default="")
    text = fields.TextField()
    html = fields.TextField(default="", db_default="")
    secret = fields.BooleanField(default=False, db_default=False)
    state = fields.CharField(max_length=8, default="waiting", db_default="waiting")
    tries = fields.IntField(default=0, db_default=0)
    error = fields.CharField(max_length=400, default="", db_default="")
    request_id = fields.CharField(max_length=64, default="", db_default="")
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True)
    sent_at = fields.DatetimeField(null=True)

    class Meta:
        app = "kabinet"
        table = "message"
        indexes = (("state", "id"),)
