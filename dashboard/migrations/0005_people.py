"""People: places in the tree and what they come to, links in letters, the outbox, removals, the journal's seals.

Every membership that is there already gets its line, its e-mail and its standing. Tortoise knows neither partial
indexes nor collations nor triggers, so those are SQL, for both databases.
"""

import json
from typing import Any

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

INDEXES = (
    "CREATE UNIQUE INDEX membership_email ON membership (account_id, email) WHERE email <> ''",
    "CREATE INDEX membership_line ON membership (account_id, line)",
    "CREATE INDEX membership_number ON membership (account_id, id)",
    "CREATE INDEX membership_first_name ON membership (account_id, first_name, last_name, id)",
    "CREATE INDEX membership_position ON membership (account_id, position, id)",
    "CREATE INDEX membership_name ON membership (account_id, last_name, first_name, id)",
    "CREATE INDEX membership_level ON membership (account_id, parent_id, last_name, first_name, id)",
    "CREATE INDEX membership_search ON membership (account_id, line, words, id)",
    "CREATE INDEX membership_owner ON membership (account_id, id) WHERE owner",
    "CREATE INDEX membership_added_by ON membership (added_by_id)",
    "CREATE INDEX link_membership ON link (membership_id)",
    "CREATE INDEX link_user ON link (user_id)",
    "CREATE INDEX ownership_offer_account ON ownership_offer (account_id)",
    "CREATE INDEX ownership_offer_receiver ON ownership_offer (receiver_id)",
    "CREATE INDEX removal_account ON removal (account_id, until)",
    "CREATE INDEX session_device ON session (device_hash) WHERE device_hash <> ''",
    "CREATE INDEX removal_removed_by ON removal (removed_by_id)",
)
LINES = """
WITH RECURSIVE down AS (
  SELECT id, CAST(id AS TEXT) || '.' AS line FROM membership WHERE parent_id IS NULL
  UNION ALL
  SELECT m.id, down.line || CAST(m.id AS TEXT) || '.' FROM membership m JOIN down ON m.parent_id = down.id)
UPDATE membership SET line = (SELECT d.line FROM down d WHERE d.id = membership.id)
"""
PEOPLE = """
UPDATE membership SET email = (SELECT u.email FROM person u WHERE u.id = membership.user_id),
  first_name = (SELECT u.first_name FROM person u WHERE u.id = membership.user_id),
  last_name = (SELECT u.last_name FROM person u WHERE u.id = membership.user_id)
"""
AT_ONCE = 1_000  # rows read, and on PostgreSQL written, at once
EVERYTHING = (
    "account.edit balance.auto_top_up balance.top_up balance.view cards.manage claims.file contracts.view dns.edit "
    "dns.view invoices.view journal.view payments.view readings.submit requests.approve services.disconnect "
    "services.order services.view usage.request usage.view users.manage"
)


def guards(sqlite: bool) -> list[str]:
    """The seals only grow, as the journal does."""
    if sqlite:
        return [
            f"CREATE TRIGGER journal_seal_no_{act.lower()} BEFORE {act} ON journal_seal "
            "BEGIN SELECT RAISE(ABORT, 'journal_seal is append-only'); END"
            for act in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE TRIGGER journal_seal_append_only BEFORE UPDATE OR DELETE ON journal_seal "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    ]


async def places(apps: Any, schema_editor: Any) -> None:
    """Lines and e-mails of the memberships that are there; what the new tables need besides."""
    client = schema_editor.client
    sqlite = client.capabilities.dialect == "sqlite"
    if not sqlite:  # a line's beginning is found by its index, and a word compared byte by byte, whatever the order
        await client.execute_query('ALTER TABLE membership ALTER COLUMN line TYPE TEXT COLLATE "C"')
        await client.execute_query('ALTER TABLE membership ALTER COLUMN words TYPE VARCHAR(400) COLLATE "C"')
    for statement in (LINES, PEOPLE):
        await client.execute_query(statement)
    await words(client)
    for statement in (*INDEXES, *guards(sqlite)):
        await client.execute_query(statement)


async def words(client: Any) -> None:
    """What a search looks at, in small letters. SQLite, and PostgreSQL in the locale C, know those of Latin only: the
    others are made here.
    """
    said = "last_name || ' ' || first_name || ' ' || email || ' ' || position"
    await client.execute_query(f"UPDATE membership SET words = SUBSTR(LOWER({said}), 1, 400)")
    sqlite, last = client.capabilities.dialect == "sqlite", 0
    others = "words GLOB '*[^ -~]*'" if sqlite else "words ~ '[^ -~]'"
    while True:
        found = await client.execute_query_dict(
            f"SELECT id, words FROM membership WHERE id > {last} AND {others} ORDER BY id LIMIT {AT_ONCE}"
        )
        made = [(row["words"].lower(), row["id"]) for row in found if row["words"] != row["words"].lower()]
        if sqlite:
            for text, id in made:
                await client.execute_query("UPDATE membership SET words = ? WHERE id = ?", [text, id])
        elif made:
            await client.execute_query(
                "UPDATE membership SET words = n.words FROM unnest($1::text[], $2::bigint[]) AS n (words, id) "
                "WHERE membership.id = n.id",
                [[text for text, _ in made], [id for _, id in made]],
            )
        if len(found) < AT_ONCE:
            return
        last = found[-1]["id"]


async def standings(apps: Any, schema_editor: Any) -> None:
    """What each membership comes to: worked out once here, afterwards in the transaction of each change.

    An owner has everything, whoever else there is; there are as many as accounts, so they go in one statement.
    """
    client = schema_editor.client
    await client.execute_query(
        "INSERT INTO standing (membership_id, permissions, suspended, valid_from, valid_until, documents_from,"
        f" documents_until) SELECT id, '{EVERYTHING}', suspended, valid_from, valid_until, documents_from,"
        " documents_until FROM membership WHERE owner AND reach = 'all'"
    )
    chosen: dict[int, set[int]] = {}
    for row in await client.execute_query_dict("SELECT membership_id, contract_id FROM membership_contract"):
        chosen.setdefault(row["membership_id"], set()).add(row["contract_id"])
    done: dict[int | None, dict[str, Any]] = {None: {"permissions": set(EVERYTHING.split()), "contracts": None}}
    found = await client.execute_query_dict(
        "SELECT * FROM membership WHERE NOT (owner AND reach = 'all') ORDER BY LENGTH(line), id"
    )
    waiting = {row["id"]: row for row in found}
    while waiting:
        ready = [row for row in waiting.values() if row["parent_id"] not in waiting]
        for row in ready:
            del waiting[row["id"]]
            done[row["id"]] = _meet(done.get(row["parent_id"], done[None]), row, chosen.get(row["id"], set()))
            await _store(client, row["id"], done[row["id"]])


def _meet(above: dict[str, Any], row: dict[str, Any], chosen: set[int]) -> dict[str, Any]:
    own = set(EVERYTHING.split()) if row["owner"] else set(row["permissions"].split())
    contracts = above["contracts"]
    if row["reach"] != "all":
        contracts = chosen if contracts is None else contracts & chosen
    result = {
        "permissions": above["permissions"] & own,
        "contracts": contracts,
        "suspended": bool(above.get("suspended") or row["suspended"]),
    }
    for name, pick in (("valid_from", max), ("valid_until", min), ("documents_from", max), ("documents_until", min)):
        result[name] = pick((each for each in (above.get(name), row[name]) if each), default=None)
    return result


async def _store(client: Any, membership_id: int, standing: dict[str, Any]) -> None:
    contracts = standing["contracts"]
    values = [
        membership_id,
        " ".join(sorted(standing["permissions"])),
        None if contracts is None else json.dumps(sorted(contracts)),
        standing["suspended"],
        *(standing[name] for name in ("valid_from", "valid_until", "documents_from", "documents_until")),
    ]
    postgres = client.capabilities.dialect == "postgres"
    marks = ", ".join(f"${place}" if postgres else "?" for place in range(1, len(values) + 1))
    await client.execute_query(
        "INSERT INTO standing (membership_id, permissions, contracts, suspended, valid_from, valid_until,"
        f" documents_from, documents_until) VALUES ({marks})",
        values,
    )


class Migration(migrations.Migration):
    dependencies = [("kabinet", "0004_invoice_files")]

    operations = [
        ops.CreateModel(
            name="JournalSeal",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("chain", fields.BigIntField()),
                ("number", fields.BigIntField()),
                (
                    "row",
                    fields.OneToOneField(
                        "kabinet.JournalRow",
                        source_field="row_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="seal",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("hash", fields.CharField(max_length=64)),
                ("sealed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "journal_seal",
                "app": "kabinet",
                "unique_together": (("chain", "number"),),
                "pk_attr": "id",
                "table_description": "One link of the chain that shows a change to the journal: its hash covers the row and the hash before it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Link",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("purpose", fields.CharField(max_length=32)),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "kabinet.User",
                        source_field="user_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="links",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "membership",
                    fields.ForeignKeyField(
                        "kabinet.Membership",
                        source_field="membership_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="links",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("email", fields.CharField(max_length=254)),
                ("data", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "link",
                "app": "kabinet",
                "pk_attr": "id",
                "table_description": "What a letter's link stands for. Only the SHA-256 of its token is kept; the token itself is in the letter.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Message",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("key", fields.CharField(unique=True, max_length=200)),
                ("channel", fields.CharField(max_length=8)),
                ("kind", fields.CharField(max_length=64)),
                ("receiver", fields.CharField(max_length=254)),
                ("language", fields.CharField(max_length=8)),
                ("subject", fields.CharField(default="", db_default="", max_length=400)),
                ("text", fields.TextField(unique=False)),
                ("html", fields.TextField(default="", db_default="", unique=False)),
                ("secret", fields.BooleanField(default=False, db_default=False)),
                ("state", fields.CharField(default="waiting", db_default="waiting", max_length=8)),
                ("tries", fields.IntField(default=0, db_default=0)),
                ("error", fields.CharField(default="", db_default="", max_length=400)),
                ("request_id", fields.CharField(default="", db_default="", max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "message",
                "app": "kabinet",
                "indexes": [Index(fields=["state", "id"])],
                "pk_attr": "id",
                "table_description": "One message to one receiver. ``key`` is unique, so that the same thing is never said twice.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OwnershipOffer",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "kabinet.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="ownership_offers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "giver",
                    fields.ForeignKeyField(
                        "kabinet.Membership",
                        source_field="giver_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="offers_given",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "receiver",
                    fields.ForeignKeyField(
                        "kabinet.Membership",
                        source_field="receiver_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="offers_received",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=8)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "ownership_offer",
                "app": "kabinet",
                "unique_together": (("giver", "receiver"),),
                "pk_attr": "id",
                "table_description": "An owner offers ownership to a member of the account, who has to accept: beside themself, or in their place.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Removal",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "kabinet.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="removals",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "removed_by",
                    fields.ForeignKeyField(
                        "kabinet.User",
                        source_field="removed_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="removals",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=254)),
                ("way", fields.CharField(max_length=8)),
                ("rows", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("rights", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("removed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "removal",
                "app": "kabinet",
                "pk_attr": "id",
                "table_description": "A removal that can still be undone until ``until``: ``rows`` is what was there, ``rights`` what was clipped.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Standing",
            fields=[
                (
                    "membership",
                    fields.OneToOneField(
                        "kabinet.Membership",
                        source_field="membership_id",
                        primary_key=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="standing",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("permissions", fields.TextField(default="", db_default="", unique=False)),
                ("contracts", fields.TextField(null=True, unique=False)),
                ("suspended", fields.BooleanField(default=False, db_default=False)),
                ("valid_from", fields.DateField(null=True)),
                ("valid_until", fields.DateField(null=True)),
                ("documents_from", fields.DateField(null=True)),
                ("documents_until", fields.DateField(null=True)),
            ],
            options={
                "table": "standing",
                "app": "kabinet",
                "pk_attr": "membership_id",
                "table_description": "What a membership comes to after its whole line: the meet of every grant from the root down to it.",
            },
            bases=["Model"],
        ),
        ops.AlterModelOptions(
            name="Membership",
            options={
                "table": "membership",
                "app": "kabinet",
                "unique_together": (("user", "account"),),
                "pk_attr": "id",
                "table_description": "What one person may do on one account: their own grant and their place in its tree.",
            },
        ),
        ops.AlterField(
            model_name="Membership",
            name="user",
            field=fields.ForeignKeyField(
                "kabinet.User",
                source_field="user_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="memberships",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Membership",
            name="added_by",
            field=fields.ForeignKeyField(
                "kabinet.User",
                source_field="added_by_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="added",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Membership",
            name="email",
            field=fields.CharField(default="", db_default="", max_length=254),
        ),
        ops.AddField(
            model_name="Membership",
            name="first_name",
            field=fields.CharField(default="", db_default="", max_length=100),
        ),
        ops.AddField(
            model_name="Membership",
            name="last_name",
            field=fields.CharField(default="", db_default="", max_length=100),
        ),
        ops.AddField(
            model_name="Membership",
            name="line",
            field=fields.TextField(default="", db_default="", unique=False),
        ),
        ops.AddField(
            model_name="Membership",
            name="words",
            field=fields.CharField(default="", db_default="", max_length=400),
        ),
        ops.AddField(
            model_name="Session",
            name="device_hash",
            field=fields.CharField(default="", db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="JournalRow",
            name="line",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="User",
            name="letters_email",
            field=fields.CharField(null=True, max_length=254),
        ),
        ops.AddField(
            model_name="User",
            name="notifications",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="User",
            name="password_changed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="User",
            name="password_expires_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="User",
            name="password_temporary",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="User",
            name="phone",
            field=fields.CharField(null=True, max_length=32),
        ),
        ops.AddField(
            model_name="User",
            name="time_zone",
            field=fields.CharField(null=True, max_length=64),
        ),
        # Tortoise's own state takes the key's field for its column otherwise.
        ops.AlterModelOptions(
            name="Standing",
            options={
                "table": "standing",
                "app": "kabinet",
                "pk_attr": "membership_id",
                "table_description": "What a membership comes to after its whole line: the meet of every grant from the root down to it.",
            },
        ),
        ops.RunPython(places),
        ops.RunPython(standings),
    ]
