"""``kabinet user ACCOUNT --remove EMAIL`` and what ``kabinet migrate`` puts right."""

from __future__ import annotations

import asyncio

import pytest

from components.data.database import database, execute
from dashboard.cli import main
from dashboard.schema import config
from tests.support.databases import SAMPLES
from users.hierarchy.models import Membership

OWNER = "office1@customer1.example"


@pytest.fixture
def seated_url(own_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("KABINET_DATABASE_URL", own_url)
    monkeypatch.setenv("KABINET_SECRET_KEY", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("KABINET_BASE_URL", "http://127.0.0.1:8000")
    monkeypatch.setenv("KABINET_OPERATOR_FILE", str(SAMPLES / "telecom" / "operator.toml"))
    return own_url


def test_the_last_owner_goes_by_force_only(seated_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "4445", "--remove", OWNER]) == 1
    assert "--force" in capsys.readouterr().err
    assert main(["user", "4445", "--remove", "nobody@x.example"]) == 1
    assert "is no owner" in capsys.readouterr().err
    assert main(["user", "4445", "--force"]) == 1
    assert main(["user", "4445", "--remove", OWNER, "--force"]) == 0
    assert f"{OWNER} owns account 4445 no more" in capsys.readouterr().out

    async def left() -> bool:
        async with database(config(seated_url)):
            return await Membership.exists(email=OWNER, account__number="4445")

    assert not asyncio.run(left())


def test_migrating_works_rights_out_anew(seated_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    async def harm() -> None:
        async with database(config(seated_url)):
            await execute("UPDATE standing SET permissions = 'balance.view'")

    asyncio.run(harm())
    assert main(["migrate"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("nothing to do\nput right what ")
    assert main(["migrate"]) == 0
    assert "put right" not in capsys.readouterr().out
