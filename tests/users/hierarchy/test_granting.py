"""What somebody may give: the change is compared, nothing is cut off in silence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from users.hierarchy.granting import granted
from users.hierarchy.refusing import Refused
from users.permissions.permission import Permission as P
from users.permissions.rights import EVERYTHING, Rights, meet

TODAY = date(2026, 11, 20)
KNOWN = frozenset({1, 2, 3})
BOOKS = frozenset({P.INVOICES_VIEW, P.PAYMENTS_VIEW})


def _refused(wanted: Rights, giver: Rights, before: Rights | None = None) -> str:
    with pytest.raises(Refused) as caught:
        granted(wanted, giver, TODAY, KNOWN, before)
    return caught.value.field


def test_a_right_one_lacks_is_not_given() -> None:
    """Abuse case D01."""
    giver = Rights(BOOKS | {P.USERS_MANAGE})
    assert _refused(Rights(frozenset({P.DNS_EDIT})), giver) == "permissions"
    assert _refused(Rights(BOOKS | {P.DNS_EDIT}), giver, Rights(BOOKS)) == "permissions"


def test_may_add_users_is_a_right_of_its_own() -> None:
    assert _refused(Rights(frozenset({P.USERS_MANAGE})), Rights(BOOKS)) == "may_add_users"


def test_what_the_giver_lacks_stays_as_it_was() -> None:
    before = Rights(frozenset({P.DNS_EDIT, P.INVOICES_VIEW}))
    for asked in (frozenset({P.PAYMENTS_VIEW}), frozenset({P.PAYMENTS_VIEW, P.DNS_EDIT})):
        after = granted(Rights(asked), Rights(BOOKS), TODAY, KNOWN, before)
        assert after.permissions == {P.PAYMENTS_VIEW, P.DNS_EDIT}


def test_all_contracts_are_given_by_who_has_all() -> None:
    """Abuse case D01."""
    some = Rights(BOOKS, frozenset({1}))
    assert _refused(Rights(BOOKS), some) == "reach"
    assert _refused(Rights(BOOKS), some, Rights(BOOKS, frozenset({1}))) == "reach"
    assert granted(Rights(BOOKS), some, TODAY, KNOWN, Rights(BOOKS)).contracts is None, "it was so before"
    assert granted(Rights(BOOKS, frozenset({1})), some, TODAY, KNOWN, Rights(BOOKS)).contracts == {1}


def test_contracts_one_lacks_are_neither_given_nor_taken() -> None:
    """Abuse cases A03 and D01."""
    some = Rights(BOOKS, frozenset({1, 2}))
    assert _refused(Rights(BOOKS, frozenset({3})), some) == "contracts"
    after = granted(Rights(BOOKS, frozenset({2})), some, TODAY, KNOWN, Rights(BOOKS, frozenset({1, 3})))
    assert after.contracts == {2, 3}


def test_a_contract_of_another_account_is_none_of_ones_own() -> None:
    """Abuse case A03."""
    assert _refused(Rights(BOOKS, frozenset({9})), EVERYTHING) == "contracts"


@pytest.mark.parametrize("name", ["valid_from", "valid_until", "documents_from", "documents_until"])
def test_a_period_lies_within_the_givers(name: str) -> None:
    """Abuse case D01."""
    limit = TODAY + timedelta(days=30)
    giver = Rights(BOOKS, **{name: limit})
    wider = limit - timedelta(days=1) if name.endswith("from") else limit + timedelta(days=1)
    for day in (None, wider):
        assert _refused(Rights(BOOKS, **{name: day}), giver) == name
        assert (
            getattr(granted(Rights(BOOKS, **{name: day}), giver, TODAY, KNOWN, Rights(BOOKS, **{name: day})), name)
            == day
        )
    assert getattr(granted(Rights(BOOKS, **{name: limit}), giver, TODAY, KNOWN), name) == limit


def test_the_refusal_says_the_givers_own_limit() -> None:
    with pytest.raises(Refused, match="2026-12-31"):
        granted(Rights(BOOKS), Rights(BOOKS, valid_until=date(2026, 12, 31)), TODAY, KNOWN)


def test_a_day_that_is_over_is_not_given_but_may_stay() -> None:
    yesterday = Rights(BOOKS, valid_until=TODAY - timedelta(days=1))
    assert _refused(yesterday, EVERYTHING) == "valid_until"
    assert _refused(yesterday, EVERYTHING, Rights(BOOKS)) == "valid_until"
    assert granted(yesterday, EVERYTHING, TODAY, KNOWN, yesterday) == yesterday
    assert granted(Rights(BOOKS, valid_until=TODAY), EVERYTHING, TODAY, KNOWN).valid_until == TODAY


def test_a_period_begins_before_it_ends() -> None:
    for name in ("valid", "documents"):
        backwards = Rights(BOOKS, **{f"{name}_from": TODAY + timedelta(days=2), f"{name}_until": TODAY})
        assert _refused(backwards, EVERYTHING) == f"{name}_until"


def test_a_suspension_is_not_lifted_by_an_edit() -> None:
    assert granted(Rights(BOOKS), EVERYTHING, TODAY, KNOWN, Rights(BOOKS, suspended=True)).suspended


_DAYS = st.none() | st.dates(TODAY, TODAY + timedelta(days=9))
_RIGHTS = st.builds(
    Rights,
    permissions=st.frozensets(st.sampled_from(P), max_size=6),
    contracts=st.none() | st.frozensets(st.sampled_from(sorted(KNOWN))),
    valid_from=_DAYS,
    valid_until=_DAYS,
    documents_from=_DAYS,
    documents_until=_DAYS,
)


@given(_RIGHTS, _RIGHTS, st.none() | _RIGHTS)
def test_nobody_ends_up_with_more_than_the_giver_has_or_they_had(
    wanted: Rights, giver: Rights, before: Rights | None
) -> None:
    try:
        after = granted(wanted, giver, TODAY, KNOWN, before)
    except Refused:
        return
    had = before.permissions if before else frozenset()
    assert after.permissions <= giver.permissions | had
    assert after.permissions - giver.permissions == had - giver.permissions, "what the giver lacks stays"
    if before is None:
        assert meet(giver, after) == after, "a new grant lies within the giver's"
