from __future__ import annotations

from users.permissions.permission import ALL, Permission, read, stored

NAMES = [
    "account.edit",
    "balance.auto_top_up",
    "balance.top_up",
    "balance.view",
    "cards.manage",
    "claims.file",
    "contracts.view",
    "dns.edit",
    "dns.view",
    "invoices.view",
    "journal.view",
    "payments.view",
    "readings.submit",
    "requests.approve",
    "services.disconnect",
    "services.order",
    "services.view",
    "usage.request",
    "usage.view",
    "users.manage",
]


def test_their_names_are_a_contract_and_stand_in_alphabetical_order() -> None:
    assert [str(each) for each in Permission] == NAMES


def test_what_is_stored_reads_back() -> None:
    assert read(stored(ALL)) == ALL
    assert stored(frozenset({Permission.USERS_MANAGE, Permission.BALANCE_VIEW})) == "balance.view users.manage"
    assert read(stored(frozenset())) == frozenset()


def test_a_name_nobody_knows_grants_nothing() -> None:
    assert read("balance.view owner * admin BALANCE.TOP_UP") == {Permission.BALANCE_VIEW}
