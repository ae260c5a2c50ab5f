"""A migration that is still to come: a copy of the migrations and one more, for a test's own configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboard.schema import config

ALTER = (
    "ops.AlterField('Account', 'currency', fields.CharField(max_length=4)),"
    "ops.AlterField('Customer', 'name', fields.CharField(max_length=500))"
)


def with_next_migration(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Puts a copy of the migrations and one more where the configuration will look for them."""
    package = folder / "next_migrations"
    package.mkdir()
    source = Path(__file__).parents[2] / "dashboard" / "migrations"
    for path in source.glob("*.py"):
        (package / path.name).write_text(path.read_text())
    latest = max(path.stem for path in source.glob("[0-9]*.py"))
    (package / "9999_next.py").write_text(
        "from tortoise import fields, migrations\n"
        "from tortoise.migrations import operations as ops\n"
        "async def fail(apps, schema_editor):\n"
        "    raise RuntimeError('half way')\n"
        "class Migration(migrations.Migration):\n"
        f"    dependencies = [('kabinet', '{latest}')]\n"
        f"    operations = [{body}]\n"
    )
    monkeypatch.syspath_prepend(str(folder))


def next_config(url: str) -> dict[str, Any]:
    chosen = config(url)
    chosen["apps"]["kabinet"]["migrations"] = "next_migrations"
    return chosen
