"""Why: each answer is what the cabinet does, and the link that is named is the one that decides."""

from __future__ import annotations

from datetime import date, timedelta

from tests.support.cast import AIGERIM, ANNA, DIAS, GULNAR, IRINA, SAULE, TIMUR, VIKTOR
from tests.support.grants import grant, seat
from tests.users.hierarchy.acts import DANA, LOOKS, Acts, contract, not_there
from users.hierarchy.explaining import WITHIN_REACH, why
from users.hierarchy.models import Membership
from users.permissions.permission import Permission as P

TODAY = date(2026, 11, 20)


async def test_it_says_what_the_cabinet_does(acts: Acts) -> None:
    """Every person × permission of the cast, in several states of the tree."""
    aigerim = await acts.viewer(AIGERIM)
    for change in (
        {},
        {"permissions": LOOKS},
        {"contracts": frozenset({await contract("4445/11")})},
        {"valid_from": TODAY + timedelta(days=1)},
        {"suspended": True},
    ):
        if change:
            await grant(GULNAR, **change)
        for email in (GULNAR, IRINA, TIMUR, VIKTOR, DIAS, ANNA, SAULE):
            told = await why(aigerim, (await seat(email)).id, TODAY)
            open_now = await acts.gets_in(email)
            may = (await acts.viewer(email)).permissions if open_now else frozenset()
            assert {each.permission for each in told.decisions if each.allowed} == may
            assert (told.shut is None) == open_now
            reach = {each.number for each in (await acts.viewer(email)).contracts} if open_now else None
            if reach is not None:
                assert {each.number for each in told.contracts if each.reached} == reach


async def test_the_link_that_decides(acts: Acts) -> None:
    aigerim = await acts.viewer(AIGERIM)
    await grant(GULNAR, permissions=frozenset({P.CONTRACTS_VIEW, P.USERS_MANAGE}))
    told = await why(aigerim, (await seat(IRINA)).id, TODAY)
    assert [(each.who, each.name) for each in told.chain] == [
        ("owners", ""),
        ("member", "Gulnar Akhmetova"),
        ("person", "Irina Belova"),
    ]
    said = {each.permission: (each.allowed, each.reason, each.link.name) for each in told.decisions}
    assert said[P.CONTRACTS_VIEW] == (True, "granted", "Irina Belova")
    assert said[P.INVOICES_VIEW] == (False, "above", "Gulnar Akhmetova")
    assert said[P.DNS_EDIT] == (False, "own", "Irina Belova")
    assert told.reach is not None
    assert told.reach.name == "Irina Belova"
    assert [(each.number, each.reached) for each in told.contracts] == [("4445/10", True), ("4445/11", False)]


async def test_suspensions_and_days_by_the_link_that_has_them(acts: Acts) -> None:
    aigerim = await acts.viewer(AIGERIM)
    await grant(VIKTOR, valid_until=date(2026, 11, 19))
    told = await why(aigerim, (await seat(DIAS)).id, TODAY)
    decision = told.decision(P.DNS_VIEW)
    assert (decision.allowed, decision.reason, decision.link.name) == (False, "over", "Viktor Kim")
    assert decision.day == date(2026, 11, 19)
    assert told.valid_until is not None
    assert told.valid_until.link.name == "Viktor Kim"
    anna = (await why(aigerim, (await seat(ANNA)).id, TODAY)).decision(P.SERVICES_VIEW)
    assert (anna.reason, anna.link.name) == ("suspended", "Anna Weber"), "a suspension comes before a day"


async def test_reach_that_comes_to_nothing(acts: Acts) -> None:
    await grant(VIKTOR, contracts=frozenset({await contract("4445/11")}))
    told = await why(await acts.viewer(AIGERIM), (await seat(DIAS)).id, TODAY)
    decision = told.decision(P.SERVICES_VIEW)
    assert (decision.allowed, decision.reason, decision.link.name) == (True, "reach", "Viktor Kim")
    assert not any(each.reached for each in told.contracts)
    assert P.BALANCE_VIEW not in WITHIN_REACH


async def test_the_documents_period(acts: Acts) -> None:
    await grant(GULNAR, documents_until=date(2025, 6, 30))
    told = await why(await acts.viewer(AIGERIM), (await seat(TIMUR)).id, TODAY)
    assert told.documents_from is not None
    assert told.documents_until is not None
    assert (told.documents_from.day, told.documents_from.link.name) == (date(2025, 1, 1), "Timur Ospanov")
    assert (told.documents_until.day, told.documents_until.link.name) == (date(2025, 6, 30), "Gulnar Akhmetova")


async def test_who_waits(acts: Acts) -> None:
    made = await acts.add(GULNAR, DANA, *LOOKS)
    told = await why(await acts.viewer(GULNAR), made.id, TODAY)
    assert told.decision(P.INVOICES_VIEW).reason == "waiting"


async def test_what_stands_above_the_viewer_is_theirs_and_not_named(acts: Acts) -> None:
    await grant(IRINA, permissions=LOOKS | {P.USERS_MANAGE, P.PAYMENTS_VIEW})
    await acts.join(IRINA, DANA, *LOOKS, P.PAYMENTS_VIEW, contracts=frozenset({await contract("4445/10")}))
    await grant(GULNAR, permissions=LOOKS | {P.USERS_MANAGE})
    irina = await acts.viewer(IRINA)
    told = await why(irina, (await seat(DANA)).id, TODAY)
    assert [(each.who, each.name) for each in told.chain] == [("you", "Irina Belova"), ("person", DANA)]
    decision = told.decision(P.PAYMENTS_VIEW)
    assert (decision.allowed, decision.reason, decision.link.who) == (False, "above", "you")
    assert [each.number for each in told.contracts] == ["4445/10"], "4445/11 is nowhere"


async def test_about_nobody_else(acts: Acts) -> None:
    gulnar = await acts.viewer(GULNAR)
    owner = (await Membership.get(account__number=AIGERIM, owner=True)).id
    for one in (owner, (await seat(DIAS)).id, (await seat(VIKTOR)).id, 10**9):
        await not_there(why(gulnar, one, TODAY))
    aigerim = await acts.viewer(AIGERIM)
    await not_there(why(aigerim, aigerim.membership_id, TODAY))


async def test_about_oneself_without_a_word_of_who_stands_above(acts: Acts) -> None:
    await grant(IRINA, permissions=LOOKS | {P.USERS_MANAGE, P.PAYMENTS_VIEW}, contracts=None)
    await grant(
        GULNAR,
        permissions=LOOKS | {P.USERS_MANAGE},
        contracts=frozenset({await contract("4445/10")}),
        valid_until=date(2026, 12, 31),
    )
    irina = await acts.viewer(IRINA)
    told = await why(irina, irina.membership_id, TODAY)
    assert [(each.who, each.id, each.name) for each in told.chain] == [
        ("above", None, ""),
        ("person", irina.membership_id, "Irina Belova"),
    ]
    assert {each.permission for each in told.decisions if each.allowed} == irina.permissions
    payments = told.decision(P.PAYMENTS_VIEW)
    assert (payments.reason, payments.link.who) == ("above", "above")
    assert told.decision(P.DNS_EDIT).reason == "own"
    assert [each.number for each in told.contracts] == ["4445/10"], "4445/11 is nowhere"
    assert told.reach is not None
    assert told.reach.who == "above"
    assert told.valid_until is not None
    assert (told.valid_until.day, told.valid_until.link.name) == (date(2026, 12, 31), "")


async def test_about_oneself_no_contract_of_who_stands_above(acts: Acts) -> None:
    await grant(IRINA, permissions=LOOKS | {P.USERS_MANAGE})
    irina = await acts.viewer(IRINA)
    told = await why(irina, irina.membership_id, TODAY)
    assert [each.number for each in told.contracts] == ["4445/10"]
