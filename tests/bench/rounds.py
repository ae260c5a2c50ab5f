"""Interleaved rounds: A B C A B C …, and what each of them cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.load import Load, Order, Outcome
from tests.bench.processes import cpu_seconds, family_cpu_seconds


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    rounds: int = 5
    seconds: float = 1.2  # a round of one variant
    import_rows: int = 100_000
    import_rounds: int = 5
    pressure_rows: int = 50_000
    accounts: tuple[int, int] = (1_000, 1_000_000)
    hours: tuple[int, int] = (100_000, 10_000_000)
    people: tuple[int, int] = (1_000, 40_000)  # on the account, for its table
    checked: tuple[int, int] = (10, 100_000)  # for a permission check
    pages: int = 2_000
    starts: int = 5


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the things that are compared: requests to a server."""

    name: str
    port: int
    pid: int
    requests: tuple[str, ...]
    connections: int = 8
    database_pid: int = 0  # PostgreSQL's first process, 0 for SQLite
    statuses: frozenset[str] = frozenset({"200"})

    def order(self, seconds: float) -> Order:
        return Order(self.port, self.requests, self.connections, seconds)


@dataclass(frozen=True, slots=True)
class Sample:
    """One round of one variant. ``cpu`` and ``database_cpu`` are ms a request, ``load`` is the share of a core that
    the load generator took."""

    rate: float
    cpu: float
    database_cpu: float
    p50: float
    load: float


class WrongAnswer(RuntimeError):
    """A page came that isn't the one to measure."""


def sample(load: Load, variant: Variant, seconds: float) -> Sample:
    before, database_before = _cost(variant)
    outcome = load.run(variant.order(seconds))
    after, database_after = _cost(variant)
    check(outcome, variant)
    return Sample(
        outcome.rate,
        (after - before) * 1000 / outcome.answers,
        (database_after - database_before) * 1000 / outcome.answers,
        outcome.p50,
        outcome.cpu / outcome.seconds,
    )


def _cost(variant: Variant) -> tuple[float, float]:
    return cpu_seconds(variant.pid), family_cpu_seconds(variant.database_pid) if variant.database_pid else 0.0


def check(outcome: Outcome, variant: Variant) -> None:
    """Raises WrongAnswer unless every answer has a status that is right."""
    if not outcome.answers or set(outcome.statuses) - variant.statuses:
        raise WrongAnswer(f"{variant.name}: answers by status: {outcome.statuses}")


def interleave(load: Load, variants: Sequence[Variant], rounds: int, seconds: float) -> dict[str, list[Sample]]:
    """Every variant in turn, ``rounds`` times, after a short run of each to warm up."""
    for each in variants:
        load.run(each.order(min(seconds, 0.5)))
    samples: dict[str, list[Sample]] = {each.name: [] for each in variants}
    for _ in range(rounds):
        for each in variants:
            samples[each.name].append(sample(load, each, seconds))
    return samples


@dataclass(frozen=True, slots=True)
class Middle:
    """The medians of a variant's rounds."""

    rate: float
    cpu: float
    database_cpu: float
    p50: float
    load: float

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> Middle:
        return cls(
            median(each.rate for each in samples),
            median(each.cpu for each in samples),
            median(each.database_cpu for each in samples),
            median(each.p50 for each in samples),
            median(each.load for each in samples),
        )


def rates(samples: Sequence[Sample]) -> list[float]:
    return [each.rate for each in samples]
