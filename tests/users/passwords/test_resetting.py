"""A forgotten password: what a stranger learns (nothing), what the link opens, and how often."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from structlog.testing import capture_logs

from components.data import clock
from components.jobs.models import Job
from components.messages.models import Message
from tests.support.cast import AIGERIM, DIAS, GULNAR, IRINA, PASSWORD, SAULE
from tests.support.client import Answer, Cabinet, Client
from tests.support.pages import error_beside
from tests.users.passwords.letters import letters, link_in, newest_token, send_links
from tests.users.passwords.test_changing import NEW
from tests.users.sessions.test_sign_in import sign_in
from users.hierarchy.models import User
from users.journal.models import JournalRow
from users.links import links
from users.links.models import Link
from users.passwords.resetting import PER_RECEIVER, PER_SOURCE, PER_SOURCE_AND_LOGIN, TRIES_PER_SOURCE
from users.sessions.tokens import hashed

OWNER = "office1@customer1.example"
MINUTE = 60


async def ask(browser: Client, login: str) -> Answer:
    return await browser.post("/password-reset", {"login": login})


async def token_for(cabinet: Cabinet, login: str = GULNAR, source: str = "192.0.2.1") -> str:
    await ask(cabinet.visitor(source), login)
    await send_links(cabinet)
    return await newest_token()


async def set_password(browser: Client, token: str, password: str = NEW, again: str | None = None) -> Answer:
    fields = {"password": password, "password_again": password if again is None else again}
    return await browser.post(f"/password-reset/{token}", fields)


async def test_the_sign_in_page_leads_there(cabinet: Cabinet) -> None:
    page = (await cabinet.visitor().get("/sign-in")).main
    assert [each["href"] for each in page.all("a") if each.text == "Forgot password?"] == ["/password-reset"]


async def test_gulnar_forgot_hers_and_chooses_a_new_one(own_cabinet: Cabinet) -> None:
    """Abuse case L13."""
    browser, elsewhere = own_cabinet.visitor(), await own_cabinet.sign_in(GULNAR)
    answer = await ask(browser, GULNAR)
    assert (answer.status, answer.header("location")) == (303, "/password-reset?sent=1")
    await send_links(own_cabinet)
    (letter,) = await letters("password_reset")
    assert letter.receiver == GULNAR
    assert letter.secret, "its texts go when it has left"
    token = await newest_token()
    page = (await browser.get(f"/password-reset/{token}")).main
    assert GULNAR in page.text
    done = await set_password(browser, token)
    assert (done.status, done.header("location")) == (303, "/sign-in?changed=1")
    assert (
        (await browser.get("/sign-in?changed=1")).main.one("[role=status]").text.startswith("Your new password is set")
    )
    assert (await elsewhere.get("/profile")).status == 303, "every sign-in has ended"
    assert (await browser.get("/profile")).status == 303, "and nobody is signed in by the link itself"
    assert (await sign_in(browser, GULNAR, NEW)).status == 303
    assert (await sign_in(own_cabinet.visitor(), GULNAR, PASSWORD)).status == 422
    assert [each.receiver for each in await letters("password_changed")] == [GULNAR]


async def test_by_the_account_number_its_owner_gets_the_letter(own_cabinet: Cabinet) -> None:
    await token_for(own_cabinet, AIGERIM)
    (letter,) = await letters("password_reset")
    assert letter.receiver == OWNER


@pytest.mark.parametrize(
    "login", [GULNAR, "nobody@nowhere.example", AIGERIM, "9999", "4465", "not a login", "' OR 1=1 --", "x" * 5000]
)
async def test_known_and_unknown_get_the_same_answer(own_cabinet: Cabinet, login: str) -> None:
    browser = own_cabinet.visitor()
    answer = await ask(browser, login)
    assert (answer.status, answer.header("location")) == (303, "/password-reset?sent=1")
    assert answer.body == b""
    page = await browser.get("/password-reset?sent=1")
    assert page.main.one("h1").text == "Look into your mailbox"
    assert login not in page.main.text


async def test_known_and_unknown_are_the_same_work(own_cabinet: Cabinet) -> None:
    """Statement by statement: the page looks nobody up; that is the worker's part, and nobody waits for it."""
    from components.data.database import counting

    browser = own_cabinet.visitor()
    token = await browser.token()
    sent = {}
    for login in (GULNAR, "nobody@nowhere.example"):
        async with counting() as counter:
            await browser.post("/password-reset", {"login": login}, token=token)
        sent[login] = counter.statements
    assert sent[GULNAR] == sent["nobody@nowhere.example"]
    assert not any("person" in statement for statement in sent[GULNAR])


async def test_nobody_unknown_gets_a_letter(own_cabinet: Cabinet) -> None:
    await User.filter(email=DIAS).update(active=False)
    for login in ("nobody@nowhere.example", "9999", "4465", DIAS):
        await ask(own_cabinet.visitor(), login)
    await send_links(own_cabinet)
    assert not await letters("password_reset")
    assert not await Link.exists()
    assert not await Job.filter(name="password.reset_asked").exists(), "and the wish is not tried for ever"


async def test_nothing_typed_is_said_beside_the_field(cabinet: Cabinet) -> None:
    answer = await ask(cabinet.visitor(), "  ")
    assert answer.status == 422
    assert error_beside(answer.page, "login") == "Type your account number or e-mail."


async def test_an_array_of_addresses_is_no_address(own_cabinet: Cabinet) -> None:
    """Abuse case M05 (GitLab CVE-2023-7028): the letter goes to the person of the first login, and to nobody else."""
    browser = own_cabinet.visitor()
    attempts = [
        [("login", GULNAR), ("login", "me@evil.example")],
        [("login", GULNAR), ("login", SAULE)],
        [("email[]", GULNAR), ("email[]", "me@evil.example"), ("login", IRINA)],
        [("login[]", GULNAR), ("login[]", "me@evil.example")],
        [("login", f"{GULNAR},me@evil.example")],
        [("login", f"{GULNAR} me@evil.example")],
        [("login", GULNAR + "\r\nBcc: me@evil.example")],
    ]
    with capture_logs() as logged:
        statuses = [(await browser.post("/password-reset", fields)).status for fields in attempts]
    assert statuses == [303, 303, 303, 422, 303, 303, 303]
    assert [line["names"] for line in logged if line["event"] == "fields nobody asked for"] == [
        ["email[]"],
        ["login[]"],
    ]
    await send_links(own_cabinet)
    assert {each.receiver for each in await letters("password_reset")} == {GULNAR, IRINA}


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-host": "evil.example"},
        {"x-forwarded-proto": "https", "forwarded": "host=evil.example"},
        {"x-original-url": "http://evil.example/", "x-host": "evil.example"},
        {"host": "localhost:8000"},
        {"referer": "http://evil.example/"},
    ],
)
async def test_the_link_begins_with_the_configured_address(own_cabinet: Cabinet, headers: dict[str, str]) -> None:
    """Abuse case L07: no header of a request's gets into a letter."""
    browser = own_cabinet.visitor()
    fields = {"login": GULNAR}
    answer = await browser.post("/password-reset", fields, headers=headers)
    assert answer.status == 303
    await send_links(own_cabinet)
    (letter,) = await letters("password_reset")
    assert link_in(letter)[0] == own_cabinet.base
    assert "evil" not in letter.text + letter.html + letter.subject
    assert "localhost" not in letter.text + letter.html


async def test_a_request_under_another_name_is_not_answered(own_cabinet: Cabinet) -> None:
    """Abuse case L07: a wrong Host never gets as far as a letter."""
    browser = own_cabinet.visitor()
    answer = await browser.post("/password-reset", {"login": GULNAR}, headers={"host": "evil.example"})
    assert answer.status == 400
    await send_links(own_cabinet)
    assert not await letters("password_reset")


# The link: once, for half an hour, for this, for this person


async def test_a_link_works_once(own_cabinet: Cabinet) -> None:
    """Abuse case L05."""
    token, browser = await token_for(own_cabinet), own_cabinet.visitor()
    assert (await set_password(browser, token)).status == 303
    assert (await browser.get(f"/password-reset/{token}")).status == 410, "nor does it say any more whose it was"
    again = await set_password(browser, token, "nine swans on the lake")
    assert again.status == 410
    assert again.main.one("h1").text == "This link does not work any more"
    assert [each["href"] for each in again.main.all("a.button")] == ["/password-reset", "/sign-in"]
    assert (await sign_in(browser, GULNAR, NEW)).status == 303


async def test_two_at_once_use_it_once(own_cabinet: Cabinet) -> None:
    """Abuse case L05, under a race: one password is set, one letter goes out."""
    import anyio

    token, browsers = await token_for(own_cabinet), [own_cabinet.visitor() for _ in range(4)]
    forms = [await each.token() for each in browsers]
    statuses: list[int] = []

    async def go(browser: Client, form: str, password: str) -> None:
        fields = {"password": password, "password_again": password}
        statuses.append((await browser.post(f"/password-reset/{token}", fields, token=form)).status)

    async with anyio.create_task_group() as group:
        for number, (browser, form) in enumerate(zip(browsers, forms, strict=True)):
            group.start_soon(go, browser, form, f"{number} geese on the roof")
    assert sorted(statuses) == [303, 410, 410, 410]
    assert len(await letters("password_changed")) == 1


async def test_a_newer_link_ends_the_one_before(own_cabinet: Cabinet) -> None:
    """Abuse case L05: the old one is dead as soon as there is a new one."""
    old = await token_for(own_cabinet)
    new = await token_for(own_cabinet)
    browser = own_cabinet.visitor()
    assert (await browser.get(f"/password-reset/{old}")).status == 410
    assert (await set_password(browser, old)).status == 410
    assert (await set_password(browser, new)).status == 303


async def test_changing_the_password_ends_the_link(own_cabinet: Cabinet) -> None:
    """Abuse case L05: who has remembered theirs, or fears for it, leaves no link behind."""
    from tests.users.passwords.test_changing import change

    token = await token_for(own_cabinet)
    assert (await change(await own_cabinet.sign_in(GULNAR))).status == 303
    assert (await set_password(own_cabinet.visitor(), token, "nine swans on the lake")).status == 410


async def test_a_link_is_dead_after_half_an_hour(own_cabinet: Cabinet, at_noon: time_machine.Traveller) -> None:
    """Abuse case L05."""
    token, browser = await token_for(own_cabinet), own_cabinet.visitor()
    at_noon.shift(29 * MINUTE)
    assert (await browser.get(f"/password-reset/{token}")).status == 200
    at_noon.shift(1 * MINUTE)
    assert (await browser.get(f"/password-reset/{token}")).status == 410
    assert (await set_password(browser, token)).status == 410
    (letter,) = await letters("password_reset")
    assert letter.expires_at is not None
    assert letter.expires_at <= clock.now(), "and its letter leaves no more"


@pytest.mark.parametrize("purpose", ["invitation", "letters"])
async def test_a_link_of_another_purpose_opens_nothing_here(own_cabinet: Cabinet, purpose: links.Purpose) -> None:
    """Abuse case D11."""
    gulnar = await User.get(email=GULNAR)
    token = await links.issue(purpose, GULNAR, timedelta(days=7), user_id=gulnar.id)
    browser = own_cabinet.visitor()
    assert (await browser.get(f"/password-reset/{token}")).status == 410
    assert (await set_password(browser, token)).status == 410
    assert await links.find(purpose, token), "and stays what it was"
    password = await token_for(own_cabinet)
    assert await links.find(purpose, password) is None


async def test_a_link_is_bound_to_the_address_it_went_to(own_cabinet: Cabinet) -> None:
    token = await token_for(own_cabinet)
    await User.filter(email=GULNAR).update(email="gulnar@elsewhere.example")
    assert (await own_cabinet.visitor().get(f"/password-reset/{token}")).status == 410


async def test_a_link_is_kept_as_a_hash_and_told_nowhere(own_cabinet: Cabinet) -> None:
    """Abuse case D09: neither table, journal, job, log nor a Referer has the token; only the letter."""
    with capture_logs() as logged:
        token, browser = await token_for(own_cabinet), own_cabinet.visitor()
        shown = await browser.get(f"/password-reset/{token}")
        await set_password(browser, token, "short")
        await browser.get(f"/password-reset/{token}x")
        await set_password(browser, token)
    assert (await Link.get()).token_hash == hashed(token)
    assert (await Message.get(kind="password_reset")).secret, "the letter is emptied once it has left"
    kept = [*await Link.all().values(), *await JournalRow.all().values(), *await Job.all().values()]
    assert token not in repr(kept)
    assert token not in repr(logged)
    assert {line["route"] for line in logged if line["event"] == "request"} >= {"/password-reset/{token}"}
    assert shown.header("referrer-policy") == "strict-origin", "what the page loads is told our origin, not its path"
    assert shown.header("cache-control") == "no-store"
    assert not [each for each in shown.page.all("a") if each.get("href").startswith("http")]


async def test_the_rules_hold_behind_the_link_too(own_cabinet: Cabinet) -> None:
    token, browser = await token_for(own_cabinet), own_cabinet.visitor()
    for fields, field, said in (
        ({"password": "short"}, "password", "At least 8 characters"),
        ({"password": "password1"}, "password", "This is among"),
        ({"password": "Akhmetova1"}, "password", "This is made of your name"),
        ({"password": ""}, "password", "Type the new password."),
        ({"again": "another"}, "password_again", "The two passwords differ."),
    ):
        answer = await set_password(browser, token, **fields)
        assert answer.status == 422
        assert error_beside(answer.page, field).startswith(said)
    assert (await set_password(browser, token)).status == 303, "a slip does not use the link up"


# How often


async def test_one_source_asks_so_often_for_one_login(own_cabinet: Cabinet, at_noon: time_machine.Traveller) -> None:
    """Abuse case L09."""
    browser = own_cabinet.visitor()
    for login in (GULNAR, "nobody@nowhere.example"):
        for _ in range(PER_SOURCE_AND_LOGIN.tries):
            assert (await ask(browser, login)).status == 303
        answer = await ask(browser, login)
        assert answer.status == 429, "known or not"
        assert 0 < int(answer.header("retry-after")) <= PER_SOURCE_AND_LOGIN.seconds
        assert answer.page.one("#f-login")["value"] == login
    assert (await ask(own_cabinet.visitor("198.51.100.7"), GULNAR)).status == 303


async def test_one_source_asks_so_often_in_all(own_cabinet: Cabinet) -> None:
    """Abuse case L09."""
    browser = own_cabinet.visitor()
    statuses = [(await ask(browser, f"someone{n}@nowhere.example")).status for n in range(PER_SOURCE.tries + 1)]
    assert statuses == [303] * PER_SOURCE.tries + [429]


async def test_a_flood_from_everywhere_locks_nobody_out(own_cabinet: Cabinet) -> None:
    """Abuse case L09: strangers ask for Gulnar's link from many places. She gets three letters in half an hour and not
    a thousand, each gets the same answer, and the newest of her links works."""
    strangers = [own_cabinet.visitor(f"203.0.113.{n}") for n in range(12)]
    for stranger in strangers:
        assert (await ask(stranger, GULNAR)).status == 303
        await send_links(own_cabinet)
    assert len(await letters("password_reset")) == PER_RECEIVER.tries
    await ask(own_cabinet.visitor("192.0.2.10"), SAULE)
    await send_links(own_cabinet)
    assert [each.receiver for each in await letters("password_reset")][-1] == SAULE, "nor does it stop anybody else's"
    assert await Link.filter(email=SAULE).delete()
    await Message.filter(receiver=SAULE).delete()
    hers = await ask(own_cabinet.visitor("192.0.2.9"), GULNAR)
    assert (hers.status, hers.header("location")) == (303, "/password-reset?sent=1")
    assert (await set_password(own_cabinet.visitor("192.0.2.9"), await newest_token())).status == 303
    assert (await sign_in(own_cabinet.visitor("192.0.2.9"), GULNAR, NEW)).status == 303


async def test_no_letter_more_only_while_a_link_lives(own_cabinet: Cabinet, at_noon: time_machine.Traveller) -> None:
    """Abuse case L09: whenever the limit keeps a letter back, an earlier one's link still works."""
    for minute in range(90):
        before = len(await letters("password_reset"))
        await ask(own_cabinet.visitor(f"203.0.113.{minute}"), GULNAR)
        await send_links(own_cabinet)
        if len(await letters("password_reset")) == before:
            assert await links.find("password", await newest_token())
        at_noon.shift(MINUTE)


async def test_asking_does_not_end_anybodys_sign_in_or_password(own_cabinet: Cabinet) -> None:
    """Abuse case L09: until the link is used nothing has changed."""
    gulnar = await own_cabinet.sign_in(GULNAR)
    await token_for(own_cabinet)
    assert (await gulnar.get("/profile")).status == 200
    assert (await sign_in(own_cabinet.visitor(), GULNAR, PASSWORD)).status == 303


async def test_links_are_not_guessed(own_cabinet: Cabinet) -> None:
    """Abuse case L09."""
    token, browser = await token_for(own_cabinet), own_cabinet.visitor("198.51.100.7")
    for n in range(TRIES_PER_SOURCE.tries):
        assert (await browser.get(f"/password-reset/guess-{n}")).status == 410
    answer = await browser.get(f"/password-reset/{token}")
    assert answer.status == 429
    assert answer.header("retry-after")
    assert (await own_cabinet.visitor().get(f"/password-reset/{token}")).status == 200, "elsewhere it works"


@pytest.mark.parametrize("token", ["x", "a" * 5000, "%00", "%2e%2e", "' OR 1=1 --", "жол"])
async def test_any_other_text_is_a_dead_link(own_cabinet: Cabinet, token: str) -> None:
    assert (await own_cabinet.visitor().get(f"/password-reset/{token}")).status == 410


async def test_the_journal_has_who_asked_for_whom_and_from_where(own_cabinet: Cabinet) -> None:
    token = await token_for(own_cabinet, source="203.0.113.77")
    await set_password(own_cabinet.visitor("203.0.113.77"), token)
    gulnar = await User.get(email=GULNAR)
    found = await JournalRow.filter(act__startswith="password.").order_by("id").values()
    assert [(each["act"], each["actor"], each["user_id"]) for each in found] == [
        ("password.reset_asked", GULNAR, None),
        ("password.reset_sent", GULNAR, gulnar.id),
        ("password.reset", GULNAR, gulnar.id),
    ]
    assert {each["address"] for each in found} == {"203.0.113.77"}
    assert all(each["request_id"] for each in found)
    assert NEW not in repr(found)
