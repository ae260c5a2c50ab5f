"""Backups of the cabinet: what is in them, what is compared, which backup fits which database."""

from __future__ import annotations

import json
from pathlib import Path

from billing.ledger.proofs import SUMS
from components.data import clock
from components.data.backing_up import back_up
from components.data.backup_file import Backup, BackupRefused, End, examine
from components.data.bulk import Bulk, open_bulk
from components.data.migrating import migrate, only_migration, shipped
from components.data.restoring import is_filled, restore
from components.data.tables import applied_migrations
from dashboard.imports.locking import only_import
from dashboard.schema import APP, config

# A sign-in that was ended after the backup must not come back to life; tries are forgotten within the hour anyhow;
# workers say themselves that they are there.
LEFT_OUT = ("attempt", "session", "worker")


async def make_backup(path: Path, url: str) -> End:
    """Backs up the database at ``url`` while it is in use."""
    async with open_bulk(config(url)) as bulk:
        return await back_up(bulk, path, LEFT_OUT, SUMS)


async def restore_backup(path: Path, url: str, *, replace: bool) -> Backup:
    """Puts the backup into the database at ``url``, which is empty unless ``replace``.

    The file is read to its end and found whole before the database is touched. A database without a schema gets the
    schema that the backup was made with and, once the rows are in, every later migration.
    """
    backup, database = examine(path), config(url)
    wanted, known = backup.beginning.migrations, shipped(config(url), APP)
    if not set(wanted) <= set(known):
        raise BackupRefused(
            f"the backup was made by Kabinet {backup.beginning.kabinet}, which is newer than this one; install that"
        )
    async with open_bulk(database) as bulk:
        present = await applied_migrations(bulk)
        if present and present != wanted:
            raise BackupRefused(_other_schema(backup, present, wanted))
        if present and not replace and await is_filled(bulk, LEFT_OUT):
            raise BackupRefused("the database is not empty; to lose what is in it, say --replace")
    if not present:
        await migrate(database, upto=f"{APP}.{wanted[-1]}")
    async with only_migration(database), open_bulk(database) as bulk, only_import(bulk, database, str(path)):
        await restore(bulk, backup, SUMS)
        await _note(bulk, backup)
    if wanted != known:
        await migrate(database)
    return backup


def _other_schema(backup: Backup, present: list[str], wanted: list[str]) -> str:
    made = f"the backup was made by Kabinet {backup.beginning.kabinet}"
    if set(present) < set(wanted):
        return f"{made}, the database lacks migrations; run: kabinet migrate"
    return (
        f"{made} and lacks {len(set(present) - set(wanted))} of the migrations that the database has; restore it into"
        " a new, empty database: there it is migrated after the restore"
    )


async def _note(bulk: Bulk, backup: Backup) -> None:
    told = {"created_at": backup.beginning.created_at, "rows": sum(backup.end.rows.values())}
    await bulk.execute(
        'INSERT INTO journal (at, actor, act, target, "after") '
        f"SELECT :at, 'kabinet restore', 'database.restored', :target, {bulk.json(':told')}",
        at=clock.now(),
        target=backup.path.name[-254:],
        told=json.dumps(told),
    )
