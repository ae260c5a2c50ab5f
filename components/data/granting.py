"""On PostgreSQL: what the role that serves may do with the tables of another role.

It reads and writes rows, and makes nothing and changes no table. To the tables that only grow it may add: that nobody
changes them is then held by who it is and not only by triggers, which an owner of the tables could take away.
"""

from __future__ import annotations

from components.data.bulk import Bulk
from components.data.tables import MIGRATIONS

GUARD = "refuse_change"  # the function of the triggers of tables that only grow


async def append_only(bulk: Bulk) -> list[str]:
    """The tables that only grow, by their triggers."""
    found = await bulk.fetch(
        "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = :guard AND NOT t.tgisinternal "
        "AND c.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY 1",
        guard=GUARD,
    )
    return [str(name) for (name,) in found]


async def grant(bulk: Bulk, role: str) -> list[str]:
    """Gives ``role`` what it needs and takes from it what it must not have; the tables that it may only add to.

    For the owner of the tables, all or nothing, and as often as wanted. Raises asyncpg's errors.
    """
    ((quoted, schema),) = await bulk.fetch(
        "SELECT quote_ident(:role), quote_ident(CAST(current_schema() AS text))", role=role
    )
    async with bulk.transaction():
        only_added = await append_only(bulk)
        listed = ", ".join(only_added)
        for statement in (
            f"GRANT USAGE ON SCHEMA {schema} TO {quoted}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {quoted}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {quoted}",
            f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {MIGRATIONS} FROM {quoted}",
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {listed} FROM {quoted}, PUBLIC",
        ):
            await bulk.execute(statement)
    return only_added


async def may_change(bulk: Bulk) -> list[str]:
    """The tables that only grow and that the role of this connection could change all the same."""
    found = []
    for table in await append_only(bulk):
        ((may,),) = await bulk.fetch(
            "SELECT has_table_privilege(:table, 'UPDATE') OR has_table_privilege(:table, 'DELETE')"
            " OR has_table_privilege(:table, 'TRUNCATE')",
            table=table,
        )
        if may:
            found.append(table)
    return found
