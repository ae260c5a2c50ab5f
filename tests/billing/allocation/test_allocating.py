"""What is paid, told by cases, and held against a model that counts coin by coin."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from billing.allocation.allocating import Document, Money, Opening, Outcome, allocate

JANUARY = date(2026, 1, 1)


def day(number: int) -> date:
    return JANUARY + timedelta(days=number)


def invoice(key: int, total: int, due: int | None = 20, kind: str = "invoice", **more: object) -> Document:
    due_on = None if due is None else day(due)
    return Document(key, f"I{key:03}", kind, day(0), total, due_on, **more)  # type: ignore[arg-type]


def correction(key: int, total: int, corrects: int, on: int = 10) -> Document:
    return Document(key, f"K{key:03}", "correction", day(on), total, day(40), corrects=corrects)


def payment(key: int, amount: int, document: int | None = None, on: int = 5) -> Money:
    return Money(key, f"P{key:03}", day(on), amount, document)


def settle(documents: list[Document], payments: list[Money] | None = None, opening: int = 0) -> Outcome:
    return allocate(documents, payments or [], Opening(opening, day(0)))


def opened(outcome: Outcome) -> dict[int, int]:
    return {key: each.open for key, each in outcome.documents.items() if each.open}


def test_a_document_nobody_paid_is_open() -> None:
    outcome = settle([invoice(1, 100)])
    assert opened(outcome) == {1: 100}
    assert (outcome.balance, outcome.due, outcome.due_on) == (-100, 100, day(20))


def test_a_payment_pays_the_document_that_it_names() -> None:
    outcome = settle([invoice(1, 100, due=20), invoice(2, 100, due=10)], [payment(1, 100, 1)])
    assert opened(outcome) == {2: 100}
    assert outcome.documents[1].paid_on == day(5)
    assert [(each.payment, each.direct) for each in outcome.shares] == [(1, True)]


def test_part_of_the_money_leaves_part_open() -> None:
    outcome = settle([invoice(1, 100)], [payment(1, 30, 1), payment(2, 20, 1)])
    assert opened(outcome) == {1: 50}
    assert outcome.documents[1].paid_on is None


def test_money_on_account_goes_to_the_earliest_due_day_then_by_number() -> None:
    documents = [invoice(1, 100, due=None), invoice(3, 100, due=20), invoice(2, 100, due=20)]
    outcome = settle(documents, [payment(1, 150)])
    assert opened(outcome) == {3: 50, 1: 100}
    assert outcome.due_on == day(20)


def test_what_is_paid_beyond_a_document_pays_the_next() -> None:
    outcome = settle([invoice(1, 100), invoice(2, 100)], [payment(1, 160, 1)])
    assert opened(outcome) == {2: 40}
    assert [(each.document, each.amount, each.direct) for each in outcome.shares] == [
        (1, 100, True),
        (2, 60, False),
    ]


def test_a_correction_lowers_the_document_that_it_corrects() -> None:
    outcome = settle([invoice(1, 100), correction(2, -30, 1)], [payment(1, 70, 1)])
    assert opened(outcome) == {}
    assert outcome.documents[1].corrected == -30
    assert outcome.documents[1].paid_on == day(10)


def test_a_correction_of_a_paid_document_is_in_the_customer_s_favour() -> None:
    outcome = settle([invoice(1, 100), correction(2, -30, 1), invoice(3, 100)], [payment(1, 100, 1)])
    assert opened(outcome) == {3: 70}
    assert outcome.documents[1].paid_on == day(5)  # nothing was open before the correction came


def test_a_document_corrected_to_nothing_is_settled_by_its_correction() -> None:
    outcome = settle([invoice(1, 100), correction(2, -100, 1)])
    assert (outcome.due, outcome.documents[1].paid_on) == (0, day(10))


def test_a_correction_upwards_is_a_debt_of_its_own() -> None:
    outcome = settle([invoice(1, 100), correction(2, 30, 1)], [payment(1, 100, 1)])
    assert opened(outcome) == {2: 30}
    assert outcome.documents[1].corrected == 30


def test_a_document_paid_twice_and_returned_was_paid_the_first_time() -> None:
    twice = [payment(1, 100, 1, on=3), payment(2, 100, 1, on=6), payment(3, -100, 1, on=9)]
    outcome = settle([invoice(1, 100)], twice)
    assert (outcome.balance, outcome.due) == (0, 0)
    assert outcome.documents[1].paid_on == day(3)


def test_a_payment_taken_back_opens_its_document_again() -> None:
    outcome = settle([invoice(1, 100)], [payment(1, 100, 1), payment(2, -100, 1, on=9)])
    assert opened(outcome) == {1: 100}


def test_more_taken_back_than_paid_is_against_the_customer() -> None:
    outcome = settle([invoice(1, 100)], [payment(1, 50, 1), payment(2, -80, 1, on=9)])
    assert (opened(outcome), outcome.brought_forward, outcome.due) == ({1: 100}, 30, 130)


def test_an_opening_debt_is_brought_forward_and_due_at_once() -> None:
    outcome = settle([], opening=-500)
    assert (outcome.brought_forward, outcome.due, outcome.due_on) == (500, 500, None)


def test_an_opening_debt_is_paid_before_the_documents() -> None:
    outcome = settle([invoice(1, 100)], [payment(1, 550)], opening=-500)
    assert (outcome.brought_forward, opened(outcome)) == (0, {1: 50})


def test_an_opening_balance_pays_what_comes_on_the_day_it_comes() -> None:
    outcome = allocate([invoice(1, 100)], [], Opening(300, date(2020, 1, 1)))
    assert (outcome.balance, outcome.due) == (200, 0)
    assert outcome.documents[1].paid_on == JANUARY
    assert [(each.payment, each.correction) for each in outcome.shares] == [(None, None)]


def test_a_payment_notice_is_never_a_debt_and_money_for_it_is_on_account() -> None:
    period = (day(0), day(30))
    notice = invoice(1, 100, kind="payment_notice", contract=7, period=period)
    assert settle([notice]).due == 0
    answer = invoice(2, 90, contract=7, period=period)
    other = invoice(3, 90, contract=8, period=period)
    outcome = settle([notice, answer, other], [payment(1, 100, 1)])
    assert outcome.documents[1].answered_by == 2
    assert opened(outcome) == {3: 80}
    assert [each.direct for each in outcome.shares] == [False, False]


def test_an_account_in_credit_owes_nothing() -> None:
    outcome = settle([invoice(1, 100), invoice(2, 50)], [payment(1, 149), payment(2, 1)], opening=10)
    assert (outcome.balance, outcome.due, opened(outcome)) == (10, 0, {})


AMOUNTS = st.integers(1, 60)
DAYS = st.integers(0, 50)


@st.composite
def accounts(draw: st.DrawFn) -> tuple[list[Document], list[Money], int]:
    """Any account: every kind of document, corrections both ways, money in and back, named or not."""
    documents: list[Document] = []
    for key in range(draw(st.integers(0, 7))):
        kind = draw(st.sampled_from(["invoice", "one_off", "payment_notice", "correction"]))
        due = draw(st.none() | DAYS.map(day))
        total = draw(AMOUNTS) * draw(st.sampled_from([1, 1, 1, -1, 0]))
        corrects = draw(st.sampled_from(range(key))) if kind == "correction" and key else None
        documents.append(Document(key, f"I{key}", kind, day(draw(DAYS)), total, due, corrects=corrects))
    payments = [
        Money(
            100 + key,
            f"P{key}",
            day(draw(DAYS)),
            draw(AMOUNTS) * draw(st.sampled_from([1, 1, -1])),
            draw(st.none() | st.integers(0, 8)),
        )
        for key in range(draw(st.integers(0, 7)))
    ]
    return documents, payments, draw(st.integers(-60, 60))


@given(accounts())
def test_what_is_open_and_brought_forward_is_the_debt(
    account: tuple[list[Document], list[Money], int],
) -> None:
    outcome = settle(*account)
    open_sum = sum(each.open for each in outcome.documents.values())
    assert open_sum + outcome.brought_forward == outcome.due == max(0, -outcome.balance)
    assert all(each.open >= 0 for each in outcome.documents.values())
    if outcome.balance >= 0:
        assert not opened(outcome)
        assert not outcome.brought_forward


@given(accounts())
def test_shares_explain_every_coin(account: tuple[list[Document], list[Money], int]) -> None:
    documents, payments, _ = account
    outcome = settle(*account)
    for each in documents:
        shares = [share for share in outcome.shares if share.document == each.id]
        assert all(share.amount > 0 for share in shares)
        if each.kind != "payment_notice" and each.total > 0:
            standing = outcome.documents[each.id]
            assert sum(share.amount for share in shares) == each.total - standing.open
            assert (standing.paid_on is not None) == (standing.open == 0)
        else:
            assert not shares
    for money in payments:
        spent = sum(share.amount for share in outcome.shares if share.payment == money.id)
        assert spent <= max(0, money.amount)


@given(accounts(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_come_does_not_matter(
    account: tuple[list[Document], list[Money], int], random: object
) -> None:
    documents, payments, opening = account
    shuffled = (sorted(documents, key=lambda _: random.random()), sorted(payments, key=lambda _: random.random()))  # type: ignore[attr-defined]
    assert settle(*shuffled, opening) == settle(documents, payments, opening)


@given(accounts())
def test_it_agrees_with_the_rule_written_down_naively(
    account: tuple[list[Document], list[Money], int],
) -> None:
    outcome = settle(*account)
    assert (opened(outcome), outcome.brought_forward) == naive(*account)


def naive(documents: list[Document], payments: list[Money], opening: int) -> tuple[dict[int, int], int]:
    """The specification's paragraph, sentence by sentence, one coin at a time."""
    left = {each.id: each.total for each in documents if each.kind != "payment_notice" and each.total > 0}
    favour, against = max(0, opening), max(0, -opening)
    # A correction first lowers what is open on the document it corrects.
    for each in documents:
        if each.kind != "payment_notice" and each.total < 0:
            for _ in range(-each.total):
                if left.get(each.corrects, 0):  # type: ignore[arg-type]
                    left[each.corrects] -= 1  # type: ignore[index]
                else:
                    favour += 1
    # A payment with a number is applied to that document; all else is on account.
    for key in list(left):
        net = sum(each.amount for each in payments if each.document == key)
        applied = min(left[key], max(0, net))
        left[key] -= applied
        favour += max(0, net) - applied
        against += max(0, -net)
    for money in payments:
        if money.document not in left:
            favour += max(0, money.amount)
            against += max(0, -money.amount)
    # What is against the customer is set off first; the rest pays the earliest due.
    favour, against = favour - min(favour, against), against - min(favour, against)
    due = {each.id: (each.due_on or date.max, each.number) for each in documents}
    for key in sorted(left, key=lambda key: due[key]):
        applied = min(left[key], favour)
        left[key] -= applied
        favour -= applied
    return {key: amount for key, amount in left.items() if amount}, against
