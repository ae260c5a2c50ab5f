"""Ten years of one service among very many hours of others: its page by day for a year, and its CSV by hour."""

from __future__ import annotations

from contextlib import ExitStack
from statistics import median
from time import perf_counter

from tests.bench.bench import Bench
from tests.bench.cabinets import TOKEN, Cabinet
from tests.bench.crowd import MEASURED, kept_cabinet, usage
from tests.bench.figures import Goal, Line, Ratio
from tests.bench.load import get
from tests.bench.pages import database_pid
from tests.bench.processes import ask, memory_mb, serving
from tests.bench.rounds import Middle, Variant, WrongAnswer, interleave

GROWTH_GOAL, MEMORY_GOAL = Goal("≤", 1.15), Goal("≤", 10)
YEAR = f"/services/{MEASURED}?from=2020-01-02&to=2020-12-31&step=day"
HOURS = f"/services/{MEASURED}/usage.csv?step=hour&from=2020-01-01"
PART = "Usage"


def measure_usage(bench: Bench) -> None:
    few, many = bench.sizes.hours
    for dialect in bench.dialects:
        with ExitStack() as stack:
            variants = []
            for size in (few, many):
                cabinet = kept_cabinet(bench, dialect, "usage", size, usage)
                server = stack.enter_context(serving(cabinet, bench.folder))
                status, text = ask(server.port, YEAR, f"kabinet_session={TOKEN}")
                if status != 200 or "Ten years" not in text:
                    raise WrongAnswer(f"{YEAR}: status {status}")
                variants.append(
                    Variant(str(size), server.port, server.pid, (get(YEAR, TOKEN),), 1, database_pid(cabinet))
                )
            samples = interleave(bench.load, variants, bench.sizes.rounds, bench.sizes.seconds)
            for each in variants:
                middle = Middle.of(samples[each.name])
                bench.report.add(
                    Line(PART, cabinet.name, f"a year by day, among {int(each.name):,} hours", middle.rate, "/s",
                         middle.cpu, middle.database_cpu if each.database_pid else None, middle.p50)
                )  # fmt: skip
            small, large = samples[str(few)], samples[str(many)]
            ratio = Ratio.of([each.p50 for each in large], [each.p50 for each in small])
            bench.report.add(
                Line(PART, cabinet.name, "a year by day, growth of p50", ratio.median, "×", ratio=ratio,
                     goal=GROWTH_GOAL, judged=ratio.median)
            )  # fmt: skip
            _stream(bench, cabinet, variants[-1])


def _stream(bench: Bench, cabinet: Cabinet, variant: Variant) -> None:
    """Memory while a file of ten years by hour is sent, against one of a day."""
    ask(variant.port, f"{HOURS}&to=2020-01-01", f"kabinet_session={TOKEN}")
    before = memory_mb(variant.pid, "VmHWM")
    rates = []
    for _ in range(bench.sizes.rounds):
        began = perf_counter()
        status, text = ask(variant.port, f"{HOURS}&to=2030-01-07", f"kabinet_session={TOKEN}")
        rates.append((text.count("\n")) / (perf_counter() - began))
        if status != 200:
            raise WrongAnswer(f"{HOURS}: status {status}")
    grown = memory_mb(variant.pid, "VmHWM") - before
    bench.report.add(Line(PART, cabinet.name, "CSV of ten years by hour", median(rates), "lines/s"))
    bench.report.add(
        Line(PART, cabinet.name, "its memory above that of one day's", grown, "MB", goal=MEMORY_GOAL, judged=grown)
    )
