"""Running the machines: so many examples, a seed that repeats them, and what came of it."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.delegation.machine import machine
from tests.delegation.mistakes import MISTAKES, SOONEST
from tests.delegation.over_http import Pages
from tests.delegation.product import Product, Stage, stage
from tests.support.databases import Databases

MEMORY = Path("/dev/shm")  # noqa: S108 our own folder is made in it
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


def seen(stage: Stage, mistake: str, number: int = 1, rounds: int = 12) -> tuple[bool, int]:
    """Whether a planted mistake shows as a disagreement, and in how many examples: of the soonest kind, then of all."""
    first = SOONEST.get(mistake, "chain")
    tried = 0
    with pytest.MonkeyPatch.context() as patch:
        MISTAKES[mistake](patch)
        for kind in (first, first, *KINDS * rounds):
            done = run(stage, kind, 50, number)
            tried += done.examples
            number += 1
            if done.failure:
                return True, tried + 1
    return False, tried


def part(door: str, kind: str, examples: int, seed: int) -> tuple[str, str, int, Run, float]:
    """Some examples on a database of their own; here, since another process finds nothing in what was started."""
    quiet()
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as folder:
        url, began = Databases("sqlite", folder).empty(), time.monotonic()
        with stage(url, pages=door == "pages") as made:
            result = run(made, kind, examples, seed, Pages if door == "pages" else Product)
    return door, kind, seed, result, time.monotonic() - began


def quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
