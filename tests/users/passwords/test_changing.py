"""My profile, the password: the old one asked, everybody else signed out, a letter, a row in the journal."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from structlog.testing import capture_logs

from tests.support.cast import AIGERIM, GULNAR, IRINA, PASSWORD, SAULE
from tests.support.client import Answer, Cabinet, Client
from tests.support.pages import error_beside
from tests.users.passwords.letters import letters
from tests.users.sessions.test_sign_in import sign_in
from users.hierarchy.models import User
from users.journal.models import JournalRow
from users.passwords.changing import PER_PERSON
from users.sessions.models import Session

NEW = "seven geese on the roof"


async def change(browser: Client, current: str = PASSWORD, password: str = NEW, again: str | None = None) -> Answer:
    fields = {"current_password": current, "password": password, "password_again": password if again is None else again}
    return await browser.post("/profile/security", fields)


async def test_gulnar_changes_her_password(own_cabinet: Cabinet) -> None:
    gulnar = await own_cabinet.sign_in(GULNAR)
    answer = await change(gulnar)
    assert (answer.status, answer.header("location")) == (303, "/profile/security?saved=1")
    page = await gulnar.get("/profile/security?saved=1")
    assert page.status == 200, "she stays signed in"
    assert page.main.one("[role=status]").text.startswith("Your new password counts from now on.")
    assert (await sign_in(own_cabinet.visitor(), GULNAR, PASSWORD)).status == 422
    assert (await sign_in(own_cabinet.visitor(), GULNAR, NEW)).status == 303


async def test_every_other_sign_in_of_hers_ends(own_cabinet: Cabinet) -> None:
    """Abuse case L13: whoever had the old password is out, on the next request; nobody else is."""
    office, phone = await own_cabinet.sign_in(GULNAR), await own_cabinet.sign_in(GULNAR)
    irina = await own_cabinet.sign_in(IRINA)
    await change(office)
    assert (await phone.get("/profile")).status == 303
    assert (await office.get("/profile")).status == 200
    assert (await irina.get("/profile")).status == 200


async def test_every_other_one_wherever_it_stands(own_cabinet: Cabinet) -> None:
    """Abuse case L13: also those to another account of theirs, and those that are remembered for a month."""
    here, there, kept = [await own_cabinet.sign_in(each) for each in (AIGERIM, "4446", AIGERIM)]
    last = await Session.all().order_by("-id").first()
    assert last
    await Session.filter(id=last.id).update(remember=True)
    assert (await change(here)).status == 303
    assert [(await each.get("/profile")).status for each in (here, there, kept)] == [200, 303, 303]


async def test_her_own_sign_in_goes_on_under_a_new_token(own_cabinet: Cabinet) -> None:
    """ASVS 7.2.4: a copy of the old cookie opens nothing."""
    gulnar = await own_cabinet.sign_in(GULNAR)
    copy = Client(own_cabinet.app, cookies=dict(gulnar.cookies))
    before = await Session.get()
    await change(gulnar)
    assert (await copy.get("/profile")).status == 303
    assert (await gulnar.get("/profile")).status == 200
    assert (await Session.get()).expires_at == before.expires_at, "and no longer than before"


async def test_a_letter_and_the_journal_tell_of_it_without_the_password(own_cabinet: Cabinet) -> None:
    gulnar = await own_cabinet.sign_in(GULNAR)
    await own_cabinet.sign_in(GULNAR)
    await change(gulnar)
    (letter,) = await letters("password_changed")
    assert letter.receiver == GULNAR
    assert "192.0.2.1" in letter.text
    assert f"{own_cabinet.base}/password-reset" in letter.text
    row = await JournalRow.get(act="password.changed")
    assert (row.actor, row.target, row.address) == (GULNAR, GULNAR, "192.0.2.1")
    assert row.after == {"sign_ins_ended": 1}
    assert row.account_id is not None  # type: ignore[attr-defined]
    assert NEW not in repr([dict(letter), dict(row)])
    assert PASSWORD not in repr([dict(letter), dict(row)])


async def test_the_letter_goes_where_letters_go(own_cabinet: Cabinet) -> None:
    await User.filter(email=GULNAR).update(letters_email="gulnar@read.example", language="ru")
    await change(await own_cabinet.sign_in(GULNAR))
    (letter,) = await letters("password_changed")
    assert (letter.receiver, letter.language) == ("gulnar@read.example", "ru")


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"current": "not this"}, "current_password", "This is not your present password."),
        ({"current": ""}, "current_password", "Type the password you have now."),
        ({"current": PASSWORD + " "}, "current_password", "This is not your present password."),
        ({"password": ""}, "password", "Type the new password."),
        ({"again": NEW + " "}, "password_again", "The two passwords differ."),
        ({"again": ""}, "password_again", "The two passwords differ."),
        ({"password": "short"}, "password", "At least 8 characters"),
        ({"password": "password123"}, "password", "This is among the passwords that are tried first."),
        ({"password": "Akhmetova-4445"}, "password", "This is made of your name"),
        ({"password": GULNAR}, "password", "Your e-mail must not be your password."),
        ({"password": "kabinet-2026"}, "password", "This is made of our name"),
        ({"password": PASSWORD}, "password", "This is the password you have now."),
        ({"password": "xyzzy " * 30}, "password", "At most 128 characters"),
    ],
)
async def test_what_does_not_fit_is_said_beside_its_field(
    own_cabinet: Cabinet, typed: dict[str, str], field: str, said: str
) -> None:
    gulnar = await own_cabinet.sign_in(GULNAR)
    answer = await change(gulnar, **typed)
    assert answer.status == 422
    assert error_beside(answer.page, field).startswith(said)
    assert not any(each.get("value") for each in answer.main.all("input[type=password]")), "never shown again"
    assert (await sign_in(own_cabinet.visitor(), GULNAR, PASSWORD)).status == 303
    assert not await letters("password_changed")
    assert not await JournalRow.filter(act="password.changed").exists()


async def test_pasting_and_password_managers_work(cabinet: Cabinet) -> None:
    """ASVS 6.2.6, 6.2.7: hidden letters, fields that a password manager knows, nothing that hinders."""
    page = (await (await cabinet.sign_in(GULNAR)).get("/profile/security")).main
    kinds = {each["name"]: (each["type"], each["autocomplete"]) for each in page.all("input[type=password]")}
    assert kinds == {
        "current_password": ("password", "current-password"),
        "password": ("password", "new-password"),
        "password_again": ("password", "new-password"),
    }
    assert page.one("input[autocomplete=username]")["value"] == GULNAR
    assert not [each for each in page.all("input") if each.get("maxlength") or each.get("onpaste")]


async def test_whoever_sits_down_at_an_open_screen_can_not_guess_on(
    own_cabinet: Cabinet, at_noon: time_machine.Traveller
) -> None:
    """Abuse case L09."""
    gulnar = await own_cabinet.sign_in(GULNAR)
    for _ in range(PER_PERSON.tries):
        assert (await change(gulnar, "a guess")).status == 422
    answer = await change(gulnar)
    assert answer.status == 429
    assert 0 < int(answer.header("retry-after")) <= PER_PERSON.seconds
    assert answer.main.one(".form-error").text.startswith("Too many tries.")
    other = await own_cabinet.sign_in(IRINA)
    assert (await change(other)).status == 303, "each is counted alone"
    at_noon.shift(timedelta(seconds=PER_PERSON.seconds))
    assert (await change(gulnar)).status == 303


async def test_guesses_are_journalled(own_cabinet: Cabinet) -> None:
    await change(await own_cabinet.sign_in(SAULE), "a guess")
    row = await JournalRow.get(act="password.refused")
    assert row.target == SAULE
    assert "guess" not in repr(dict(row))


async def test_fields_of_other_names_change_nothing(own_cabinet: Cabinet) -> None:
    """Abuse cases M01 and M05: whose password it is comes from the sign-in, and a field sent twice counts once."""
    saule = await own_cabinet.sign_in(SAULE)
    owner = await User.get(email="office1@customer1.example")
    with capture_logs() as logged:
        await saule.post(
            "/profile/security",
            [
                ("current_password", PASSWORD),
                ("password", NEW),
                ("password", "another one entirely"),
                ("password_again", NEW),
                ("user_id", str(owner.id)),
                ("email", owner.email),
                ("password_temporary", "1"),
            ],
        )
    assert [line["names"] for line in logged if line["event"] == "fields nobody asked for"] == [
        ["email", "password_temporary", "user_id"]
    ]
    assert (await sign_in(own_cabinet.visitor(), SAULE, NEW)).status == 303
    assert (await sign_in(own_cabinet.visitor(), AIGERIM, PASSWORD)).status == 303


async def test_two_changes_at_once_are_one(own_cabinet: Cabinet) -> None:
    """The second one knew a password that is no longer the present one."""
    import anyio

    first, second = await own_cabinet.sign_in(GULNAR), await own_cabinet.sign_in(GULNAR)
    answers: dict[str, int] = {}

    async def go(name: str, browser: Client, password: str, token: str) -> None:
        fields = {"current_password": PASSWORD, "password": password, "password_again": password}
        answers[name] = (await browser.post("/profile/security", fields, token=token)).status

    tokens = [await first.token(), await second.token()]
    async with anyio.create_task_group() as group:
        group.start_soon(go, "first", first, NEW, tokens[0])
        group.start_soon(go, "second", second, "nine swans on the lake", tokens[1])
    assert sorted(answers.values()) in ([303, 422], [303, 303])
    assert await JournalRow.filter(act="password.changed").count() == 1


async def test_a_next_address_elsewhere_leads_home(own_cabinet: Cabinet) -> None:
    gulnar = await own_cabinet.sign_in(GULNAR)
    page = (await gulnar.get("/profile/security?saved=1&next=//evil.example/")).main
    assert page.one(".password-done a")["href"] == "/"
