"""``make demo``: a real cabinet filled from a sample, kept between runs, on a loopback address only."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import sys
from pathlib import Path

from pydantic import SecretStr

from components.data.database import database
from components.data.migrating import migrate
from components.data.operator import Operator, load_operator
from components.data.settings import Settings
from dashboard.demo.cast import TELECOM, WITHOUT_CABINET, seat_the_cast
from dashboard.demo.mailroom import folder_beside
from dashboard.imports.importing import import_folder
from dashboard.imports.progress import shown_progress
from dashboard.schema import config
from dashboard.serving import serve
from users.parties.models import Account

SAMPLES = Path(__file__).resolve().parents[1] / "imports" / "samples"
DEFAULT_PASSWORD = "Kabinet-demo-2026"  # noqa: S105  # printed for everybody who tries the demo


def demo_password() -> str:
    return os.environ.get("KABINET_DEMO_PASSWORD") or DEFAULT_PASSWORD


def run_demo(operator_name: str, port: int, data: Path, fresh: bool) -> None:
    """Fills the database if need be, prints who can sign in, serves until stopped."""
    folder = data.resolve() / operator_name
    folder.mkdir(parents=True, exist_ok=True)
    database_file = folder / "kabinet.db"
    if fresh:
        for suffix in ("", "-wal", "-shm"):
            database_file.with_name(database_file.name + suffix).unlink(missing_ok=True)
        shutil.rmtree(folder_beside(database_file), ignore_errors=True)
    settings = demo_settings(operator_name, folder, port)
    operator = load_operator(settings.operator_file)
    logins = asyncio.run(_fill(settings, operator, operator_name))
    sys.stdout.write(_greeting(settings, logins, operator_name))
    sys.stdout.flush()
    serve(settings, operator, "127.0.0.1", port, working=True)


def demo_settings(operator_name: str, folder: Path, port: int) -> Settings:
    """The demo's settings; its secret is made once and kept beside its data."""
    secret = folder / "secret-key"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_hex(32))
    return Settings(
        database_url=SecretStr(f"sqlite://{folder / 'kabinet.db'}"),
        secret_key=SecretStr(secret.read_text().strip()),
        base_url=f"http://127.0.0.1:{port}",
        operator_file=SAMPLES / operator_name / "operator.toml",
        demo=True,
        log_format="console" if sys.stderr.isatty() else "json",
    )


async def _fill(settings: Settings, operator: Operator, name: str) -> list[str]:
    url = settings.database_url.get_secret_value()
    await migrate(config(url))
    async with database(config(url)):
        known = await Account.exists()
    if not known:
        with shown_progress() as progress:
            report = await import_folder(SAMPLES / name, url=url, operator=operator, progress=progress)
        sys.stdout.write(report.text() + "\n")
    async with database(config(url)):
        await seat_the_cast(name, demo_password())
        accounts = await Account.all().select_related("customer").order_by("number")
        return [
            f"  {account.number:<12} {account.customer.email or '':<30} {account.customer.name}"
            for account in accounts
            if account.number not in WITHOUT_CABINET
        ]


def _greeting(settings: Settings, logins: list[str], name: str) -> str:
    lines = [
        "",
        f"Kabinet runs at {settings.base_url}",
        "",
        "Sign in with an account number or an e-mail:",
        *logins,
    ]
    if name == "telecom":
        lines += ["", "Employees of account 4445, by e-mail:"]
        lines += [
            f"  {each.email:<32} {each.first_name} {each.last_name}, {each.position}"
            + (" (suspended)" if each.suspended else "")
            for each in TELECOM
        ]
    lines += [
        "",
        f"Everybody's password: {demo_password()}",
        f"Letters and SMS: {settings.base_url}/demo/inbox",
        "Stop with Ctrl-C; the data is kept.",
        "",
    ]
    return "\n".join(lines)
