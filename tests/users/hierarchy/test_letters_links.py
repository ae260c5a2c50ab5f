"""Abuse case L07: whatever a request says of where it was sent, its letters lead to the configured address."""

from __future__ import annotations

import re

import pytest

from components.messages.models import Message
from tests.support.cast import AIGERIM, GULNAR, PASSWORD, SAULE
from tests.support.grants import seat
from tests.users.hierarchy.acts import DANA, Acts
from tests.users.hierarchy.forms import fields
from users.hierarchy.models import Membership, OwnershipOffer, User
from users.sessions.passwords import hash_password

POISONED = {
    "x-forwarded-host": {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "x-forwarded-port": "444"},
    "forwarded": {"forwarded": "for=192.0.2.1;host=evil.example;proto=https"},
    "others": {"x-host": "evil.example", "x-original-url": "http://evil.example/", "x-rewrite-url": "//evil.example"},
    "referer": {"referer": "http://evil.example/users/new"},
    "a name of ours": {"host": "localhost:8000", "origin": "http://localhost:8000"},
}
KINDS = {
    "invitation",
    "letters_address_confirm",
    "membership_suspended",
    "membership_resumed",
    "new_device",
    "ownership_offered",
    "ownership_accepted",
    "password_changed",
    "rights",
}


@pytest.mark.parametrize("way", POISONED)
async def test_no_letter_leads_where_a_request_says(acts: Acts, way: str) -> None:
    headers = POISONED[way]
    await User.all().update(password_hash=await hash_password(PASSWORD))
    aigerim, gulnar = await acts.cabinet.sign_in(AIGERIM), await acts.cabinet.sign_in(GULNAR)
    known = (await Membership.get(account__number="4485", owner=True)).email
    made = f"/users/{(await seat(SAULE)).id}"
    proof = {"current_password": PASSWORD}

    async def post(browser: object, address: str, sent: object = None) -> None:
        answer = await browser.post(address, sent, headers=headers)  # type: ignore[attr-defined]
        assert answer.status == 303, (address, answer.text)
        assert answer.header("location").startswith("/"), "nor does the answer"

    await post(aigerim, "/users/new", fields("invoices.view"))
    await post(aigerim, "/users/new", fields("invoices.view", email=known))
    await post(aigerim, f"/users/{(await seat(DANA)).id}/invitation")
    await post(aigerim, made, [("first_name", "Saule"), ("role", "viewer")])
    await post(aigerim, f"{made}/suspension")
    await post(aigerim, f"{made}/resumption")
    await post(aigerim, "/users/12/ownership", {"kind": "second", **proof})
    await post(gulnar, f"/ownership/{(await OwnershipOffer.get()).id}", {"answer": "accept", **proof})
    await post(gulnar, "/profile/letters", {"letters_email": "gulnar@home.example"})
    await post(acts.cabinet.visitor(), "/sign-in", {"login": GULNAR, "password": PASSWORD})
    new = "seven geese on the roof"
    await post(gulnar, "/profile/security", {**proof, "password": new, "password_again": new})
    letters = await Message.all()
    assert {each.kind for each in letters} == KINDS
    for each in letters:
        text = f"{each.subject} {each.text} {each.html}"
        assert "evil" not in text
        found = re.findall(r"https?://[^\s\"'<>]+", text)
        assert all(link == acts.cabinet.base or link.startswith(f"{acts.cabinet.base}/") for link in found), found
    assert f"{acts.cabinet.base}/invitations/{await acts.token(DANA)}" in letters[-1].text + "".join(
        each.text for each in letters
    )
