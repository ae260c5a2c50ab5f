"""Who is told that their rights were changed: the person, by the ways they want, and nobody else."""

from __future__ import annotations

import pytest

from components.messages.models import Message
from tests.support.cast import AIGERIM, GULNAR, IRINA
from tests.support.client import Cabinet
from tests.support.grants import seat
from users.hierarchy.models import User

FORM = {"first_name": "Irina", "last_name": "Belova", "position": "Accountant", "reach": "chosen", "role": "custom"}
LESS = [("permissions", "invoices.view"), ("permissions", "contracts.view"), ("contracts", "4445/10")]


async def _take_payments(cabinet: Cabinet) -> None:
    gulnar = await cabinet.sign_in(GULNAR)
    answer = await gulnar.post(f"/users/{(await seat(IRINA)).id}", [*FORM.items(), *LESS])
    assert answer.status == 303


async def test_irina_is_told_what_she_may_no_more(own_cabinet: Cabinet) -> None:
    await User.filter(email=IRINA).update(language="en")
    await _take_payments(own_cabinet)
    letter = await Message.get(kind="rights")
    assert letter.receiver == IRINA
    assert "- See payments" in letter.text
    assert "Gulnar Akhmetova" in letter.text
    assert "See payments" in letter.html


async def test_who_does_not_want_to_be_told_is_not(own_cabinet: Cabinet) -> None:
    await User.filter(email=IRINA).update(notifications={"rights": []})
    await _take_payments(own_cabinet)
    assert not await Message.filter(kind="rights").exists()


@pytest.mark.parametrize("who", [AIGERIM, GULNAR])
async def test_another_name_is_no_other_right(own_cabinet: Cabinet, who: str) -> None:
    browser = await own_cabinet.sign_in(who)
    rights = [("permissions", "payments.view"), *LESS]
    named = FORM | {"position": "Senior accountant"}
    assert (await browser.post(f"/users/{(await seat(IRINA)).id}", [*named.items(), *rights])).status == 303
    assert not await Message.filter(kind="rights").exists()
