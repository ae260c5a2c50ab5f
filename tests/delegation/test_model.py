"""The model itself: that it stands alone, and that it says what the design says, rule by rule."""

from __future__ import annotations

import ast
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.delegation.model import BOUNDS, LOST, MANAGE, NOT_THERE, PERMISSIONS, REFUSED, Model, No

MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MONEY = {"invoices.view", "payments.view"}
DAY = date(2026, 3, 1)


def wish(email: str, permissions: set[str], **others: Any) -> dict[str, Any]:
    return {"email": email, "permissions": permissions, "contracts": None, **dict.fromkeys(BOUNDS), **others}


@pytest.fixture
def tree() -> Model:
    """An owner, Gulnar under her with money and users, Irina under Gulnar with invoices of one contract."""
    model = Model(MORNING, "aigerim", {"4445/10", "4445/11"})
    comes(model, "m1", "gulnar", MONEY | {MANAGE})
    comes(model, "m2", "irina", {"invoices.view"}, contracts={"4445/10"})
    return model


def comes(model: Model, actor: str, email: str, permissions: set[str], **others: Any) -> str:
    model.add(actor, wish(email, permissions, **others), f"to {email}")
    return model.accept(f"to {email}", None)


def test_the_model_takes_nothing_from_the_product() -> None:
    tree = ast.parse(Path(__file__).with_name("model.py").read_text())
    roots: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            roots |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            roots.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Name):
            assert node.id not in {"__import__", "exec", "eval", "import_module"}
    assert roots <= sys.stdlib_module_names


def test_a_right_is_ones_own_within_every_ancestors_at_the_moment_of_asking(tree: Model) -> None:
    assert tree.may("m3", "invoices.view", "4445/10", DAY)
    assert not tree.may("m3", "invoices.view", "4445/11", DAY)
    tree.edit("m1", "m2", wish("gulnar", {MANAGE}))
    assert not tree.may("m3", "invoices.view", "4445/10", DAY)
    tree.edit("m1", "m2", wish("gulnar", {MANAGE, "invoices.view"}, documents_until=date(2025, 12, 31)))
    assert tree.may("m3", "invoices.view", "4445/10", date(2025, 12, 31))
    assert not tree.may("m3", "invoices.view", "4445/10", DAY)


@pytest.mark.parametrize(
    "beyond",
    [
        {"permissions": {"dns.edit"}},
        {"permissions": {"no such permission"}},
        {"contracts": None},
        {"contracts": {"4445/11"}},
        {"valid_until": date(2027, 1, 1)},
        {"valid_until": None},
        {"valid_until": date(2026, 11, 19)},
        {"valid_from": date(2026, 12, 3), "valid_until": date(2026, 12, 2)},
        {"documents_from": date(2024, 12, 31)},
        {"documents_until": date(2026, 1, 1)},
    ],
)
def test_nobody_gives_what_they_lack(tree: Model, beyond: dict[str, Any]) -> None:
    limits = {
        "contracts": {"4445/10"},
        "valid_until": date(2026, 12, 31),
        "documents_from": date(2025, 1, 1),
        "documents_until": date(2025, 12, 31),
    }
    tree.edit("m1", "m2", wish("gulnar", MONEY | {MANAGE}, **limits))
    asked = {**wish("dias", {"payments.view"}, **limits), **beyond}
    with pytest.raises(No) as refused:
        tree.add("m2", asked, "to dias")
    assert refused.value.reasons == {REFUSED}
    comes(tree, "m2", "dias", {"payments.view"}, **limits)
    with pytest.raises(No):
        tree.edit("m2", "m4", {**asked, "email": "dias"})


def test_an_edit_leaves_alone_what_the_editor_lacks(tree: Model) -> None:
    tree.edit("m1", "m3", wish("irina", {"invoices.view", "dns.edit"}, contracts={"4445/10", "4445/11"}))
    tree.edit("m1", "m2", wish("gulnar", MONEY | {MANAGE}, contracts={"4445/10"}))
    tree.edit("m2", "m3", wish("irina", {"payments.view"}, contracts=set()))
    assert tree.members["m3"]["permissions"] == {"payments.view", "dns.edit"}
    assert tree.members["m3"]["contracts"] == {"4445/11"}
    tree.edit("m2", "m3", wish("irina", {"payments.view", "dns.edit"}, contracts={"4445/11"}))
    with pytest.raises(No):
        tree.edit("m2", "m3", wish("irina", {"payments.view", "dns.edit", "dns.view"}, contracts={"4445/11"}))


def test_acts_reach_strict_descendants_only(tree: Model) -> None:
    second = comes(tree, "m1", "viktor", set(PERMISSIONS))
    tree.offer("m1", second, "second")
    tree.take_offer("m1", second)
    can = {(a, b) for a in tree.members for b in tree.members if tree.may_act(a, b)}
    assert can == {("m1", "m2"), ("m1", "m3"), (second, "m2"), (second, "m3"), ("m2", "m3")}
    for actor, target in [("m2", "m2"), ("m3", "m2"), ("m2", second), ("m1", second), ("m2", "nobody")]:
        with pytest.raises(No) as refused:
            tree.suspend(actor, target, True)
        assert NOT_THERE in refused.value.reasons


def test_suspension_goes_down_the_whole_branch_and_so_does_the_calendar(tree: Model) -> None:
    tree.suspend("m1", "m2", True)
    assert not tree.present("m2")
    assert not tree.present("m3")
    with pytest.raises(No) as refused:
        tree.suspend("m2", "m3", True)
    assert LOST in refused.value.reasons
    tree.suspend("m1", "m2", False)
    tree.edit("m1", "m2", wish("gulnar", MONEY | {MANAGE}, valid_until=date(2026, 11, 20)))
    assert tree.present("m3")
    tree.now += timedelta(days=1)
    assert not tree.present("m3")


def test_nobody_moves_into_their_own_branch_or_beside_the_one_who_moves_them(tree: Model) -> None:
    other = comes(tree, "m1", "viktor", {MANAGE})
    for actor, target, parent in [("m1", "m2", "m3"), ("m1", "m2", "m2"), ("m2", "m3", other), ("m2", "m3", None)]:
        with pytest.raises(No):
            tree.move(actor, target, parent)
    tree.move("m1", "m3", other)
    assert not tree.holds("m3", "invoices.view")
    tree.move("m1", "m3", "m1")
    assert tree.members["m3"]["parent"] is None
    assert tree.holds("m3", "invoices.view")


def test_children_who_move_up_keep_what_they_had_and_undo_gives_it_back(tree: Model) -> None:
    tree.edit("m1", "m3", wish("irina", {"invoices.view", "dns.edit"}))
    tree.suspend("m1", "m2", True)
    before = {label: dict(facts) for label, facts in tree.members.items()}
    tree.remove("m1", "m2", "children", "r1")
    assert tree.members["m3"]["parent"] is None
    assert tree.members["m3"]["permissions"] == {"invoices.view"}
    assert tree.members["m3"]["suspended"]
    tree.undo("m1", "r1")
    assert tree.members == before


def test_a_branch_that_was_removed_comes_back_for_ten_minutes_without_its_links(tree: Model) -> None:
    tree.add("m2", wish("dias", {"payments.view"}), "to dias")
    tree.remove("m1", "m2", "branch", "r1")
    assert list(tree.members) == ["m1"]
    tree.now += timedelta(minutes=9)
    tree.undo("m1", "r1")
    assert set(tree.members) == {"m1", "m2", "m3", "m4"}
    with pytest.raises(No):
        tree.accept("to dias", None)
    tree.remove("m1", "m2", "branch", "r2")
    tree.now += timedelta(minutes=10)
    with pytest.raises(No):
        tree.undo("m1", "r2")


def test_an_invitation_is_worked_out_again_when_it_is_accepted(tree: Model) -> None:
    tree.add("m2", wish("dias", MONEY), "to dias")
    tree.edit("m1", "m2", wish("gulnar", {MANAGE, "payments.view"}, contracts={"4445/10"}))
    tree.accept("to dias", None)
    assert tree.members["m4"]["permissions"] == {"payments.view"}
    assert tree.members["m4"]["contracts"] == {"4445/10"}
    with pytest.raises(No):
        tree.accept("to dias", None)


@pytest.mark.parametrize("what", ["suspended", "no more users", "gone", "too late", "sent again", "somebody else"])
def test_a_stale_invitation_opens_nothing(tree: Model, what: str) -> None:
    tree.add("m2", wish("dias", MONEY), "to dias")
    person = None
    if what == "suspended":
        tree.suspend("m1", "m2", True)
    elif what == "no more users":
        tree.edit("m1", "m2", wish("gulnar", MONEY))
    elif what == "gone":
        tree.remove("m1", "m2", "branch", "r1")
    elif what == "too late":
        tree.now += timedelta(days=7)
    elif what == "sent again":
        tree.send_again("m2", "m4", "again")
    else:
        tree.logins.add("dias")
        person = "timur"
    with pytest.raises(No):
        tree.accept("to dias", person)


def test_there_is_always_an_owner(tree: Model) -> None:
    with pytest.raises(No):
        tree.step_down("m1")
    with pytest.raises(No):
        tree.operator_removes("m1")
    tree.offer("m1", "m2", "second")
    tree.take_offer("m1", "m2")
    assert tree.members["m3"]["parent"] is None, "whoever stood under an owner stands under the root"
    tree.step_down("m1")
    assert tree.owners() == ["m2"]
    assert tree.may_act("m2", "m1")
    assert tree.holds("m1", "dns.edit")


def test_a_hand_over_changes_both_at_once(tree: Model) -> None:
    tree.offer("m1", "m2", "instead")
    tree.now += timedelta(days=6)
    tree.take_offer("m1", "m2")
    assert tree.owners() == ["m2"]
    assert tree.members["m1"]["permissions"] == PERMISSIONS
