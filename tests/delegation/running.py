"""Running the machines: so many examples, a seed that repeats them, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.delegation.machine import machine
from tests.delegation.product import Product, Stage

KINDS = ("uniform", "nine", "chain")
STEPS = {"uniform": 20, "nine": 14, "chain": 20}


@dataclass
class Run:
    examples: int = 0
    acts: int = 0
    refused: int = 0
    failure: str = ""


def run(
    stage: Stage,
    kind: str,
    examples: int,
    number: int,
    product: Callable[[Stage], Product] = Product,
    *,
    shrink: bool = False,
) -> Run:
    """``examples`` of one kind; the first disagreement ends it and is told, with what led there."""
    result = Run()
    made = machine(stage, kind, product)
    made.result = result
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    chosen = settings(
        max_examples=examples,
        stateful_step_count=STEPS[kind],
        deadline=None,
        database=None,
        phases=phases,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(number)(made), settings=chosen)
    except AssertionError as disagreement:
        result.failure = str(disagreement)
    return result
