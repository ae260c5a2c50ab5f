"""One's own profile: name, language, theme, and nothing else."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from tests.support.cast import GULNAR, SAULE
from tests.support.client import Cabinet
from tests.support.pages import error_beside
from users.hierarchy.models import Membership, User
from users.journal.models import JournalRow


async def test_gulnar_changes_name_language_and_theme(own_cabinet: Cabinet) -> None:
    gulnar = await own_cabinet.sign_in(GULNAR)
    answer = await gulnar.post(
        "/profile", {"first_name": "Гүлнар", "last_name": "Ахметова", "language": "kk", "theme": "dark"}
    )
    assert (answer.status, answer.header("location")) == (303, "/profile?saved=1")
    page = (await gulnar.get("/profile?saved=1")).page
    assert page.one("#f-first_name")["value"] == "Гүлнар"
    assert page.one("html")["lang"] == "kk", "the profile's language counts before the browser's"
    assert page.one("html")["data-theme"] == "dark"
    assert page.has(".form-saved[role=status]")
    assert page.one(".bar .person-name").text == "Гүлнар Ахметова"


async def test_every_change_is_journalled_with_before_and_after(own_cabinet: Cabinet) -> None:
    gulnar = await own_cabinet.sign_in(GULNAR)
    await gulnar.post("/profile", {"first_name": "Gulnara", "last_name": "Akhmetova", "language": "", "theme": ""})
    row = await JournalRow.get(act="profile.changed")
    assert (row.actor, row.target) == (GULNAR, GULNAR)
    assert (row.before, row.after) == ({"first_name": "Gulnar"}, {"first_name": "Gulnara"})


async def test_saving_what_stands_there_already_is_no_change(own_cabinet: Cabinet) -> None:
    gulnar = await own_cabinet.sign_in(GULNAR)
    await gulnar.post("/profile", {"first_name": "Gulnar", "last_name": "Akhmetova"})
    assert not await JournalRow.filter(act="profile.changed").exists()


@pytest.mark.parametrize("fragment", [False, True], ids=["page", "fragment"])
@pytest.mark.parametrize("field", ["first_name", "last_name"])
async def test_a_name_too_long_is_said_beside_its_field_and_kept(
    own_cabinet: Cabinet, field: str, fragment: bool
) -> None:
    saule = await own_cabinet.sign_in(SAULE)
    long = "ы" * 101
    typed = {"first_name": "Saule", "last_name": "Bekova", "theme": "dark", field: long}
    answer = await saule.post("/profile", typed, fragment=fragment)
    assert answer.status == 422
    assert error_beside(answer.page, field) == "At most 100 characters, please."
    assert answer.page.one(f"#f-{field}")["value"] == long
    assert "checked" in answer.page.one("input[name=theme][value=dark]").attributes
    assert (await User.get(email=SAULE)).first_name == "Saule"


@pytest.mark.parametrize("typed", [{"language": "xx"}, {"theme": "neon"}], ids=["language", "theme"])
async def test_a_choice_there_is_not_changes_nothing(own_cabinet: Cabinet, typed: dict[str, str]) -> None:
    saule = await own_cabinet.sign_in(SAULE)
    answer = await saule.post("/profile", {"first_name": "Other", "last_name": "Name", **typed})
    assert answer.status == 422
    assert (await User.get(email=SAULE)).first_name == "Saule"


async def test_fields_of_other_names_are_not_looked_at(own_cabinet: Cabinet) -> None:
    """Abuse case M01: every column of the person's rows, sent along, changes nothing but the two names."""
    saule = await own_cabinet.sign_in(SAULE)
    person, seat = await User.get(email=SAULE), await Membership.get(user__email=SAULE)
    columns = {*User._meta.db_fields, *Membership._meta.db_fields}
    smuggled = dict.fromkeys(columns, "1") | {
        "email": "mallory@evil.example",
        "owner": "true",
        "is_admin": "true",
        "permissions": "users.manage balance.view",
        "balance": "1000000",
        "role": "owner",
        "user_id": "1",
        "account_id": "2",
        "verified": "1",
        "first_name": "Saule",
        "last_name": "Changed",
        "language": "",
        "theme": "",
        "phone": "",
        "time_zone": "",
    }
    with capture_logs() as logged:
        assert (await saule.post("/profile", smuggled)).status == 303
    (line,) = [line for line in logged if line["event"] == "fields nobody asked for"]
    assert {"owner", "permissions", "balance", "account_id"} & {*line["names"]}, "what was tried is logged by name"
    assert "evil.example" not in str(line), "and never its value"
    before, after = dict(person), dict(await User.get(email=SAULE))
    assert {name for name in after if after[name] != before[name]} == {"last_name"}
    (now,) = await Membership.filter(id=seat.id).values()
    assert "changed saule" in now.pop("words"), "a search finds them by it"
    expected = {**dict(seat), "last_name": "Changed"}
    del expected["words"]
    assert now == expected, "their own name goes to their accounts; nothing else does"


async def test_the_same_field_twice_counts_once(own_cabinet: Cabinet) -> None:
    """Abuse case M05."""
    saule = await own_cabinet.sign_in(SAULE)
    await saule.post("/profile", [("first_name", "One"), ("first_name", "Two"), ("last_name", "Name")])
    assert (await User.get(email=SAULE)).first_name == "One"


async def test_control_characters_are_dropped_from_a_name(own_cabinet: Cabinet) -> None:
    saule = await own_cabinet.sign_in(SAULE)
    await saule.post("/profile", {"first_name": "Sau\r\n\x00le\x7f ", "last_name": "B"})
    assert (await User.get(email=SAULE)).first_name == "Saule"


async def test_who_one_is_stands_above_the_form(cabinet: Cabinet) -> None:
    gulnar = await cabinet.sign_in(GULNAR)
    facts = {each.one("dt").text: each.one("dd").text for each in (await gulnar.get("/profile")).main.all(".fact")}
    assert facts["E-mail"] == GULNAR
    assert facts["Position"] == "Chief accountant"
    assert facts["Account"].startswith("4445")
