"""Whether the journal is whole: the page with its button, the worker for a long chain, the commands, the doctor."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from components.data import clock
from components.data.bulk import open_bulk
from components.data.database import database, fetch
from components.jobs.worker import Worker
from dashboard.cli import main
from dashboard.doctor.journal import journal as examined
from dashboard.schema import config
from dashboard.working import work_meanwhile
from tests.support.cast import AIGERIM, GULNAR, IRINA, MARAT
from tests.support.client import SECRET, Cabinet, settings_for
from tests.support.databases import SAMPLES, elsewhere
from tests.support.grants import grant, seat
from tests.users.journal.rows import act_of, around_the_guards, operators_act, seal_all
from users.journal import checking
from users.journal.models import JournalRow, JournalSeal
from users.permissions.permission import Permission

PAGE = "/journal/verification"


async def some_sealed() -> list[JournalRow]:
    made = [await act_of(IRINA) for _ in range(5)]
    await operators_act()
    await seal_all()
    return made


# The page


async def test_before_anything_is_sealed_there_is_nothing_to_check(empty_cabinet: Cabinet) -> None:
    browser = await empty_cabinet.sign_in("5555")
    answer = await browser.get(PAGE)
    assert answer.status == 200
    assert "Nothing is sealed yet" in answer.main.text
    assert not answer.main.has("form")
    assert (await browser.get("/journal/seal.json")).status == 404


async def test_the_button_says_that_the_chain_is_whole(own_cabinet: Cabinet) -> None:
    await some_sealed()
    browser = await own_cabinet.sign_in(AIGERIM)
    assert (await browser.get(PAGE)).main.one("form")["action"] == PAGE
    answer = await browser.post(PAGE)
    assert (answer.status, answer.header("location")) == (303, PAGE)
    told = await browser.get(PAGE)
    assert told.main.one(".verdict .state").text == "The chain is whole"
    assert "5 entries are as they were sealed." in told.main.text
    row = await JournalRow.get(act=checking.ACT)
    assert row.after == {"rows": 5, "faults": 0}
    assert (await browser.get("/journal?act=journal.verified")).main.one("tbody .j-what").text == "Journal checked"


async def test_the_button_names_what_was_changed(own_cabinet: Cabinet, own_url: str) -> None:
    made = await some_sealed()
    await around_the_guards(own_url, f"UPDATE journal SET act = 'x' WHERE id = {made[2].id}")
    browser = await own_cabinet.sign_in(AIGERIM)
    await browser.post(PAGE)
    told = await browser.get(PAGE)
    assert told.main.one(".verdict .state").text == "The chain is broken"
    assert told.main.one(".faults li").text == f"Entry {made[2].id} was changed after it was sealed (seal 3)."
    await grant(GULNAR, permissions=(await seat(GULNAR)).own.permissions | {Permission.JOURNAL_VIEW})
    gulnar = await own_cabinet.sign_in(GULNAR)
    told = await gulnar.get(PAGE)
    assert told.main.one(".verdict .state").text == "The chain is broken"
    assert not told.main.has(".faults"), "which entries there are beyond her branch is not hers to know"
    assert (await gulnar.get("/journal/seal.json")).status == 403
    assert not told.main.has("[download]")


@pytest.mark.parametrize("path", ["/journal", "/journal?q=none", "/journal?from=x", PAGE])
async def test_the_fragment_is_in_the_page(own_cabinet: Cabinet, path: str) -> None:
    await some_sealed()
    browser = await own_cabinet.sign_in(AIGERIM)
    page, part = await browser.get(path), await browser.get(path, fragment=True)
    assert page.status == part.status
    assert part.text.strip() in page.text
    assert "<html" not in part.text


async def test_a_long_chain_is_checked_by_the_worker(
    own_cabinet: Cabinet, own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await some_sealed()
    monkeypatch.setattr(checking, "AT_ONCE", 4)
    browser = await own_cabinet.sign_in(AIGERIM)
    for _ in range(3):
        assert (await browser.post(PAGE)).status == 303
    assert (await fetch("SELECT count(*) AS n FROM job WHERE name = 'journal.verify'"))[0]["n"] == 1
    waits = await browser.get(PAGE)
    assert waits.main.one(".verdict .state").text == "Being checked"
    assert waits.main.one("#look-again")["href"] == waits.main.one("#look-again")["hx-get"] == PAGE
    assert not waits.main.has("form"), "once is enough"
    async with work_meanwhile(config(own_url), Worker(hands=1)):
        for _ in range(200):
            await asyncio.sleep(0.1)
            if (await browser.get(PAGE)).main.one(".verdict .state").text == "The chain is whole":
                break
    row = await JournalRow.get(act=checking.ACT)
    assert row.after is not None
    assert row.after["faults"] == 0


async def test_nobody_keeps_the_server_busy_with_checking(own_cabinet: Cabinet) -> None:
    browser = await own_cabinet.sign_in(AIGERIM)
    token = await browser.token()
    for _ in range(checking.LIMIT.tries):
        assert (await browser.post(PAGE, token=token)).status == 303
    answer = await browser.post(PAGE, token=token)
    assert answer.status == 429
    marat = await own_cabinet.sign_in(MARAT)
    assert (await marat.post(PAGE)).status == 303, "abuse case L09: each is counted alone"
    assert int(answer.header("retry-after")) > 0


async def test_the_last_seal_is_a_file(own_cabinet: Cabinet) -> None:
    await some_sealed()
    answer = await (await own_cabinet.sign_in(AIGERIM)).get("/journal/seal.json")
    assert answer.status == 200
    said = json.loads(answer.text)
    last = await JournalSeal.filter(chain=said["chain"]).order_by("-number").first()
    assert last is not None
    assert (said["account"], said["number"], said["hash"]) == ("4445", 5, last.hash)
    assert "journal-4445-seal-5.json" in answer.header("content-disposition")


# The commands


@pytest.fixture
def installed(own_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    for key, value in {
        "DATABASE_URL": own_url,
        "SECRET_KEY": SECRET,
        "BASE_URL": "http://127.0.0.1:8000",
        "OPERATOR_FILE": str(SAMPLES / "telecom" / "operator.toml"),
    }.items():
        monkeypatch.setenv(f"KABINET_{key}", value)
    return own_url


async def _fill(url: str) -> list[int]:
    async with database(config(url)):
        return [each.id for each in await some_sealed()]


def test_verify_says_that_all_is_well_and_what_is_not(
    installed: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ids = elsewhere(_fill(installed))
    assert main(["journal", "verify"]) == 0
    assert capsys.readouterr().out.startswith("The journal is as it was written: 6 entries in 2 chains, ")
    assert main(["journal", "seal"]) == 0
    seals = capsys.readouterr().out
    assert [json.loads(line)["number"] for line in seals.splitlines()] == [1, 5]
    (tmp_path / "seals").write_text(seals)
    for more in ([], ["--account", "4445"], ["--operator"]):
        assert main(["journal", "verify", "--seal", str(tmp_path / "seals"), *more]) == 0
    assert main(["journal", "seal", "--account", "4445"]) == 0
    elsewhere(around_the_guards(installed, f"UPDATE journal SET target = 'x' WHERE id = {ids[1]}"))
    capsys.readouterr()
    assert main(["journal", "verify"]) == 1
    error = capsys.readouterr().err
    assert "is not as it was written: 1 faults" in error
    assert f"Entry {ids[1]} was changed after it was sealed (seal 2). It says: " in error
    assert f"profile.changed by {IRINA}" in error
    assert main(["journal", "verify", "--operator"]) == 0
    gone = f"DELETE FROM journal_seal WHERE row_id >= {ids[1]}", f"DELETE FROM journal WHERE id >= {ids[1]}"
    elsewhere(around_the_guards(installed, *gone))
    assert main(["journal", "verify"]) == 0
    assert main(["journal", "verify", "--seal", str(tmp_path / "seals")]) == 1
    assert "its end was cut off" in capsys.readouterr().err


def test_verify_refuses_what_it_cannot_use(installed: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "none").write_text("{}")
    for arguments, told in (
        (["verify", "--account", "9999"], "there is no account 9999"),
        (["verify", "--seal", str(tmp_path / "missing")], "can't be read"),
        (["verify", "--seal", str(tmp_path / "none")], "line 1 is no seal"),
        (["seal", "--account", "4445"], "nothing is sealed yet"),
        (["seal"], "nothing is sealed yet"),
    ):
        assert main(["journal", *arguments]) == 1, arguments
        assert told in capsys.readouterr().err
    for wrong in (["journal"], ["journal", "verify", "--account", "1", "--operator"]):
        with pytest.raises(SystemExit) as stopped:
            main(wrong)
        assert stopped.value.code == 2


# The doctor


async def test_the_doctor_says_how_the_sealing_goes(own_url: str) -> None:
    async def said() -> str:
        async with open_bulk(config(own_url)) as bulk:
            (found,) = await examined(bulk, settings_for(own_url))
        return str(found)

    async with database(config(own_url)):
        assert "nothing is sealed yet" in await said()
        await act_of(IRINA)
        assert (await said()).startswith("ok ")
        assert "1 entries wait for theirs" in await said()
        await act_of(IRINA, at=clock.now() - timedelta(minutes=11))
        assert (await said()).startswith("notice ")
        assert "start a worker" in (await said()).lower()
        await seal_all()
        assert "every entry has one" in await said()
