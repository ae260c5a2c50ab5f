"""Opening a cabinet from the command line."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from components.data.database import database
from dashboard.schema import config
from users.hierarchy.models import Membership, User
from users.hierarchy.opening import CabinetRefused, open_cabinet
from users.journal.models import JournalRow
from users.sessions.passwords import fits


@pytest.fixture
async def opened(own_url: str) -> AsyncIterator[None]:
    async with database(config(own_url)):
        yield


async def test_an_account_gets_its_owner_under_the_customers_e_mail(opened: None) -> None:
    assert await open_cabinet("4465", None, "a long enough one") == "office3@customer3.example"
    user = await User.get(email="office3@customer3.example")
    seat = await Membership.get(user=user)
    assert (seat.owner, seat.parent_id) == (True, None)  # type: ignore[attr-defined]
    assert await fits("a long enough one", user.password_hash)
    row = await JournalRow.get(act="cabinet.opened", target=user.email)
    assert row.actor == "kabinet user"


async def test_an_e_mail_given_counts_in_small_letters(opened: None) -> None:
    assert await open_cabinet("4465", " Boss@Customer3.Example ", "a long enough one") == "boss@customer3.example"


async def test_somebody_known_gets_the_account_besides_and_keeps_their_password(opened: None) -> None:
    before = (await User.get(email="office1@customer1.example")).password_hash
    await open_cabinet("4465", "office1@customer1.example", "another password")
    assert (await User.get(email="office1@customer1.example")).password_hash == before
    assert await Membership.filter(user__email="office1@customer1.example").count() == 3


@pytest.mark.parametrize(
    ("account", "email", "password", "why"),
    [
        ("9999", None, "a long enough one", "there is no account 9999"),
        ("4445", None, "a long enough one", "has its owner already"),
        ("4465", None, "short", "8 characters"),
        ("4465", "no address", "a long enough one", "has no e-mail"),
    ],
)
async def test_what_cannot_be_is_refused_with_the_reason(
    opened: None, account: str, email: str | None, password: str, why: str
) -> None:
    people, seats = await User.all().count(), await Membership.all().count()
    with pytest.raises(CabinetRefused, match=why):
        await open_cabinet(account, email, password)
    assert (await User.all().count(), await Membership.all().count()) == (people, seats)
