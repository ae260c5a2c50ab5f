"""What somebody did who was removed since: who stood above them when they did it goes on seeing it, nobody else."""

from __future__ import annotations

import asyncio
import csv
import io
import sys
from pathlib import Path

import pytest

from components.data.database import transaction
from dashboard.backups import make_backup, restore_backup
from tests.support.cast import AIGERIM, ANNA, DIAS, GULNAR, IRINA, MARAT, TIMUR, VIKTOR
from tests.support.client import Cabinet, Client, open_cabinet
from tests.support.databases import Databases
from tests.support.fresh import fresh_url
from tests.support.grants import grant, seat
from tests.users.journal.rows import act_of, seal_all
from users.hierarchy.models import Membership
from users.hierarchy.placing import enter, move
from users.journal.models import JournalRow
from users.journal.verifying import verify
from users.permissions.permission import ALL, Permission
from users.permissions.rights import Rights


async def may_see(*emails: str) -> None:
    for email in emails:
        await grant(email, permissions=(await seat(email)).own.permissions | {Permission.JOURNAL_VIEW})


async def put_under(email: str, above: str | None) -> None:
    async with transaction():
        await move(await seat(email), await seat(above) if above else None)


async def does(email: str, mark: str) -> None:
    """Something by somebody who stands where they stand now; ``mark`` is the address."""
    await act_of(email, target="", address=mark, line=(await seat(email)).line)


async def removed(owner: Client, email: str, way: str = "branch") -> None:
    answer = await owner.post(f"/users/{(await seat(email)).id}/removal", {"way": way})
    assert answer.status == 303, answer.text


async def seen(browser: Client, query: str = "") -> set[str]:
    """The addresses in the sheet, which are those on the page."""
    sheet = await browser.get(f"/journal.csv{query}")
    page = await browser.get(f"/journal{query}")
    found = [each["address"] for each in csv.DictReader(io.StringIO(sheet.text))]
    assert found == [each.text for each in page.page.all("tbody .j-where")]
    return set(found)


async def test_each_act_keeps_the_place_of_who_did_it(own_cabinet: Cabinet) -> None:
    """Whatever writes it: pages by a viewer, a sign-in, a page out of reach; nobody's acts have none."""
    browser = await own_cabinet.sign_in(IRINA)
    assert (await browser.post("/profile", {"first_name": "Irina", "last_name": "Novikova"})).status == 303
    assert (await browser.get("/contracts/nothing")).status == 404
    stranger = own_cabinet.visitor()
    assert (await stranger.post("/sign-in", {"login": IRINA, "password": "wrong"})).status == 422
    line = (await seat(IRINA)).line
    assert line == f"{(await seat(GULNAR)).id}.{(await seat(IRINA)).id}."
    kept = await JournalRow.all().order_by("id").values_list("act", "line")
    assert kept == [("profile.changed", line), ("access.refused", line), ("session.refused", None)]


async def test_a_dismissed_employees_acts_stay_with_who_stood_above_them(own_cabinet: Cabinet) -> None:
    await may_see(GULNAR, VIKTOR)
    await does(IRINA, "irina")
    await does(TIMUR, "timur")
    gulnar, viktor = await own_cabinet.sign_in(GULNAR), await own_cabinet.sign_in(VIKTOR)
    owner = await own_cabinet.sign_in(AIGERIM)
    assert await seen(gulnar) == {"irina", "timur"}
    await removed(owner, IRINA)
    assert "irina" in await seen(gulnar)
    assert await seen(gulnar, f"?person={IRINA}") == await seen(gulnar, "?q=irina") == {"irina"}
    page = await gulnar.get("/journal?q=irina")
    assert IRINA in page.main.one("tbody .j-who").text, "and it is said who it was"
    assert "irina" not in await seen(viktor), "who stands beside does not see them"
    assert "irina" in await seen(owner)


async def test_an_undone_removal_changes_nothing(own_cabinet: Cabinet) -> None:
    await may_see(GULNAR)
    await does(IRINA, "irina")
    gulnar, owner = await own_cabinet.sign_in(GULNAR), await own_cabinet.sign_in(AIGERIM)
    await removed(owner, IRINA)
    listed = await owner.get("/users")
    undo = next(each["action"] for each in listed.page.all("form") if "/restoration" in each.get("action"))
    assert (await owner.post(undo)).status == 303
    assert await seen(gulnar, "?q=irina") == {"irina"}
    async with transaction():
        await move(await seat(IRINA), await seat(VIKTOR))
    assert await seen(gulnar, "?q=irina") == set(), "who is there again is judged by where they are"


async def test_the_place_at_that_moment_counts_not_where_they_were_at_the_end(own_cabinet: Cabinet) -> None:
    """What they did elsewhere is for who was above them there; and what they did here stays here."""
    await may_see(GULNAR, VIKTOR)
    await does(IRINA, "under gulnar")
    await put_under(IRINA, VIKTOR)
    await does(IRINA, "under viktor")
    gulnar, viktor = await own_cabinet.sign_in(GULNAR), await own_cabinet.sign_in(VIKTOR)
    await removed(await own_cabinet.sign_in(AIGERIM), IRINA)
    assert await seen(gulnar) == {"under gulnar"}
    assert await seen(viktor) == {"under viktor"}


async def test_who_was_moved_since_still_stands_above_what_was_done_below_them(own_cabinet: Cabinet) -> None:
    await may_see(GULNAR, VIKTOR)
    await does(IRINA, "irina")
    await removed(await own_cabinet.sign_in(AIGERIM), IRINA)
    await put_under(GULNAR, VIKTOR)
    assert "irina" in await seen(await own_cabinet.sign_in(GULNAR))
    assert await seen(await own_cabinet.sign_in(VIKTOR)) == set(), "he came above her afterwards"


async def test_a_whole_branch_that_went(own_cabinet: Cabinet) -> None:
    await may_see(GULNAR)
    await put_under(VIKTOR, GULNAR)
    for email in (VIKTOR, DIAS, ANNA):
        await does(email, email)
    gulnar = await own_cabinet.sign_in(GULNAR)
    await removed(await own_cabinet.sign_in(AIGERIM), VIKTOR)
    assert {VIKTOR, DIAS, ANNA} <= await seen(gulnar)


async def test_who_has_a_place_elsewhere_again_is_theirs_who_are_above_them_there(own_cabinet: Cabinet) -> None:
    await may_see(GULNAR, VIKTOR)
    await does(IRINA, "irina")
    before = await seat(IRINA)
    gulnar, viktor = await own_cabinet.sign_in(GULNAR), await own_cabinet.sign_in(VIKTOR)
    await removed(await own_cabinet.sign_in(AIGERIM), IRINA)
    async with transaction():
        await enter(before.account_id, IRINA, Rights(), user_id=before.user_id, parent=await seat(VIKTOR))
    assert "irina" not in await seen(gulnar)
    assert "irina" in await seen(viktor)


async def test_nobody_is_named_who_is_elsewhere_now(own_cabinet: Cabinet) -> None:
    """What the removed one did to somebody who has moved away does not tell of them."""
    await may_see(GULNAR)
    await put_under(TIMUR, IRINA)
    await act_of(IRINA, "user.changed", target=TIMUR, address="on timur", line=(await seat(IRINA)).line)
    await put_under(TIMUR, VIKTOR)
    gulnar = await own_cabinet.sign_in(GULNAR)
    await removed(await own_cabinet.sign_in(AIGERIM), IRINA)
    assert "on timur" not in await seen(gulnar)
    for address in ("/journal", "/journal.csv", f"/journal?person={TIMUR}"):
        assert TIMUR not in (await gulnar.get(address)).text.replace(f'value="{TIMUR}"', "").replace(address, "")


async def test_who_comes_brings_nothing_of_those_removed_where_they_came_from(own_cabinet: Cabinet) -> None:
    """Nor whom else an act there names, though it was done to somebody who has come along."""
    await may_see(GULNAR)
    await put_under(IRINA, VIKTOR)
    there = {"line": (await seat(IRINA)).line}
    gone = "gone@customer1.example"
    await act_of(IRINA, "user.removed", target=gone, address="on who is gone", before={"with": [gone]}, **there)
    await act_of(IRINA, "user.moved", target=TIMUR, address="on who came", before={"under": gone}, **there)
    await put_under(IRINA, GULNAR)
    await act_of(IRINA, "user.removed", target="here@customer1.example", address="here", line=(await seat(IRINA)).line)
    gulnar = await own_cabinet.sign_in(GULNAR)
    assert await seen(gulnar) == {"on who came", "here"}
    assert await seen(gulnar, "?q=gone") == set()
    assert gone not in (await gulnar.get("/journal.csv")).text
    assert await seen(await own_cabinet.sign_in(AIGERIM), "?q=gone") == {"on who is gone", "on who came"}


@pytest.mark.parametrize("line", [None, "", "{other}.", "1{id}.", "{id}1.", "7.1{id}.{id}2.", "%", "{id}"])
async def test_a_line_that_is_not_below_ones_own_opens_nothing(own_cabinet: Cabinet, line: str | None) -> None:
    await may_see(GULNAR)
    id, other = (await seat(GULNAR)).id, (await seat(VIKTOR)).id
    await act_of(IRINA, address="irina", line=line and line.format(id=id, other=other))
    gulnar = await own_cabinet.sign_in(GULNAR)
    await removed(await own_cabinet.sign_in(AIGERIM), IRINA)
    assert await seen(gulnar) == set()


async def test_an_accounts_rows_are_never_anothers(own_cabinet: Cabinet) -> None:
    """The same line in another account, by somebody who has no place here."""
    await may_see(GULNAR)
    one = await seat(IRINA)
    other = await Membership.get(account__number=MARAT, owner=True)
    await act_of(IRINA, address="CANARY", line=one.line, account_id=other.account_id)  # type: ignore[attr-defined]
    gulnar = await own_cabinet.sign_in(GULNAR)
    await removed(await own_cabinet.sign_in(AIGERIM), IRINA)
    assert await seen(gulnar) == set()


async def test_the_line_survives_a_backup_with_its_seal(
    databases: Databases, own_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    async with open_cabinet(own_url) as cabinet:
        await may_see(GULNAR)
        await does(IRINA, "irina")
        await removed(await cabinet.sign_in(AIGERIM), IRINA)
        await seal_all()
        await make_backup(tmp_path / "backup", own_url)
    others: Databases = request.getfixturevalue(
        "postgres_databases" if databases.dialect == "sqlite" else "sqlite_databases"
    )
    other = fresh_url(others)
    await restore_backup(tmp_path / "backup", other, replace=False)
    code = (
        "import asyncio, sys; from tests.users.journal.test_removed import restored as r;"
        " sys.stdout.write(asyncio.run(r(sys.argv[1])))"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, other, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    out, _ = await process.communicate()
    assert out.decode().splitlines()[-1] == "['irina'] whole", out.decode()


async def restored(url: str) -> str:
    async with open_cabinet(url) as cabinet:
        found = await seen(await cabinet.sign_in(GULNAR), "?q=irina")
        await seal_all()
        return f"\n{sorted(found)} {'whole' if (await verify()).whole else 'broken'}"


async def test_who_holds_every_right_and_is_no_owner_sees_no_more(own_cabinet: Cabinet) -> None:
    await grant(VIKTOR, permissions=ALL)
    await does(IRINA, "irina")
    viktor = await own_cabinet.sign_in(VIKTOR)
    await removed(await own_cabinet.sign_in(AIGERIM), IRINA)
    assert await seen(viktor) == set()
