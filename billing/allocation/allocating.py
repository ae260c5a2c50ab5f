"""What is paid: one account's money set off against its documents. Pure: no database, no clock.

The rule, in the order in which it is applied:

1. A correction in the customer's favour lowers what is open on the document that it corrects; then the
   payments naming a document lower it, less those naming it that were taken back (the latest money goes back
   first).
2. Everything else in the customer's favour makes a pool: a positive opening balance, payments on account,
   what is paid or corrected beyond a document, documents that owe the customer.
3. What is against the customer without a document (a negative opening balance, money on account taken back)
   is set off against the pool; what remains is brought forward.
4. What remains of the pool, oldest money first, goes to the open documents, earliest due day first, then by
   number.

So the open sums and what is brought forward equal the debt, and an account with a balance of 0 or more owes
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

NOTICE = "payment_notice"


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the account. ``corrects`` is the id of the corrected document."""

    id: int
    number: str
    kind: str
    issued_on: date
    total: int
    due_on: date | None = None
    contract: int | None = None
    period: tuple[date, date] | None = None
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """A payment of the account, negative when taken back. ``document`` is the id of the one that it names."""

    id: int
    number: str
    paid_on: date
    amount: int
    document: int | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening balance, positive in the customer's favour."""

    amount: int
    on: date


@dataclass(frozen=True, slots=True)
class Share:
    """``amount`` of a source lowered what was open on ``document``.

    The source is a payment, a document in the customer's favour (``correction``), or neither: the opening
    balance. ``direct``: the source named the document.
    """

    document: int
    payment: int | None
    correction: int | None
    amount: int
    on: date
    direct: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one document stands. ``paid_on`` is the day from which nothing was open on it."""

    open: int = 0
    corrected: int = 0
    paid_on: date | None = None
    answered_by: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where the account stands. ``due_on`` is the earliest due day among its open documents."""

    documents: dict[int, Standing]
    shares: tuple[Share, ...]
    balance: int
    brought_forward: int
    due: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class _Credit:
    """Money in the customer's favour. The oldest is spent first."""

    on: date
    number: str
    amount: int
    payment: int | None = None
    correction: int | None = None

    @property
    def age(self) -> tuple[date, bool, str]:
        return self.on, self.payment is not None, self.number


def allocate(documents: Iterable[Document], payments: Iterable[Money], opening: Opening) -> Outcome:
    """Works out what pays what. The order in which documents and payments are given doesn't matter."""
    ordered = sorted(documents, key=lambda each: (each.issued_on, each.number))
    return _Account(ordered, sorted(payments, key=lambda each: (each.paid_on, each.number)), opening).outcome()


class _Account:
    """The work in progress on one account."""

    def __init__(self, documents: Sequence[Document], payments: Sequence[Money], opening: Opening) -> None:
        self._documents = documents
        self._payments = payments
        self._opening = opening
        self._debts = {each.id: each for each in documents if each.kind != NOTICE and each.total > 0}
        self._open = {key: each.total for key, each in self._debts.items()}
        self._shares: list[Share] = []
        self._pool: list[_Credit] = []
        # What would have covered a document by itself, whether or not it was needed: it tells the day.
        self._cover: dict[int, list[tuple[date, int]]] = defaultdict(list)

    def outcome(self) -> Outcome:
        self._apply_documents_in_favour()
        taken_back = self._apply_payments()
        brought_forward = self._set_off(taken_back)
        self._spend_pool()
        return self._summed_up(brought_forward)

    def _apply_documents_in_favour(self) -> None:
        for each in self._documents:
            if each.kind == NOTICE or each.total >= 0:
                continue
            credit = _Credit(each.issued_on, each.number, -each.total, correction=each.id)
            self._direct(credit, each.corrects)

    def _apply_payments(self) -> int:
        """Applies the payments; returns what was taken back beyond what had been paid."""
        named: dict[int | None, list[Money]] = defaultdict(list)
        for each in self._payments:
            named[each.document if each.document in self._debts else None].append(each)
        taken_back = 0
        for document, payments in named.items():
            if document is None:
                taken_back += sum(-each.amount for each in payments if each.amount < 0)
                kept = [_credit_of(each) for each in payments if each.amount > 0]
            else:
                kept, missing = _net(payments)
                taken_back += missing
            for credit in kept:
                self._direct(credit, document)
        return taken_back

    def _direct(self, credit: _Credit, document: int | None) -> None:
        """Applies a credit to the document that it names; what is beyond goes to the pool."""
        rest = credit
        if document in self._debts and document is not None:
            self._cover[document].append((credit.on, credit.amount))
            rest = self._apply(credit, document, direct=True)
        if rest.amount:
            self._pool.append(rest)

    def _apply(self, credit: _Credit, document: int, *, direct: bool) -> _Credit:
        amount = min(credit.amount, self._open[document])
        if amount:
            self._open[document] -= amount
            on = max(credit.on, self._debts[document].issued_on)
            self._shares.append(Share(document, credit.payment, credit.correction, amount, on, direct))
            if not direct:
                self._cover[document].append((on, amount))
        return replace(credit, amount=credit.amount - amount)

    def _set_off(self, taken_back: int) -> int:
        """Sets what is against the customer off against the pool; returns what remains of it.

        An opening debt takes the oldest money; money taken back is the latest that came.
        """
        if self._opening.amount > 0:
            self._pool.append(_Credit(self._opening.on, "", self._opening.amount))
        self._pool.sort(key=lambda each: each.age)
        self._pool, debt = _take(self._pool, max(0, -self._opening.amount))
        reverse, rest = _take(self._pool[::-1], taken_back)
        self._pool = reverse[::-1]
        return debt + rest

    def _spend_pool(self) -> None:
        waiting = sorted(
            (self._debts[key] for key, left in self._open.items() if left),
            key=lambda each: (each.due_on or date.max, each.number),
        )
        credits = iter(self._pool)
        credit = next(credits, None)
        for document in waiting:
            while credit is not None and self._open[document.id]:
                credit = self._apply(credit, document.id, direct=False)
                if not credit.amount:
                    credit = next(credits, None)

    def _summed_up(self, brought_forward: int) -> Outcome:
        posted = sum(each.total for each in self._documents if each.kind != NOTICE)
        open_debts = [self._debts[key] for key, left in self._open.items() if left]
        return Outcome(
            documents=self._standings(),
            shares=tuple(self._shares),
            balance=self._opening.amount + sum(each.amount for each in self._payments) - posted,
            brought_forward=brought_forward,
            due=brought_forward + sum(self._open.values()),
            due_on=min((each.due_on for each in open_debts if each.due_on), default=None),
        )

    def _standings(self) -> dict[int, Standing]:
        corrected: dict[int, int] = defaultdict(int)
        for each in self._documents:
            if each.corrects is not None and each.kind != NOTICE:
                corrected[each.corrects] += each.total
        answers = self._answers()
        return {
            each.id: Standing(
                self._open.get(each.id, 0),
                corrected[each.id],
                self._paid_on(each.id),
                answers.get((each.contract, each.period)) if each.kind == NOTICE else None,
            )
            for each in self._documents
        }

    def _answers(self) -> dict[tuple[int | None, tuple[date, date] | None], int]:
        """The first invoice of each contract and period."""
        found: dict[tuple[int | None, tuple[date, date] | None], int] = {}
        for each in self._documents:
            if each.kind == "invoice" and each.contract is not None and each.period is not None:
                found.setdefault((each.contract, each.period), each.id)
        return found

    def _paid_on(self, document: int) -> date | None:
        """The day on which what came for the document had reached its total."""
        if self._open.get(document, 1):
            return None
        left = self._debts[document].total
        for on, amount in sorted(self._cover[document]):
            left -= amount
            if left <= 0:
                return max(on, self._debts[document].issued_on)
        return None


def _credit_of(payment: Money) -> _Credit:
    return _Credit(payment.paid_on, payment.number, payment.amount, payment=payment.id)


def _net(payments: Sequence[Money]) -> tuple[list[_Credit], int]:
    """One document's payments less what was taken back, the latest first; and what is missing for that."""
    taken_back = sum(-each.amount for each in payments if each.amount < 0)
    latest_first = [_credit_of(each) for each in reversed(payments) if each.amount > 0]
    kept, missing = _take(latest_first, taken_back)
    return kept[::-1], missing


def _take(credits: Sequence[_Credit], amount: int) -> tuple[list[_Credit], int]:
    """Takes ``amount`` off the credits from the first on; what is left of them and of the amount."""
    left: list[_Credit] = []
    for each in credits:
        taken = min(each.amount, amount)
        amount -= taken
        if each.amount > taken:
            left.append(replace(each, amount=each.amount - taken))
    return left, amount
