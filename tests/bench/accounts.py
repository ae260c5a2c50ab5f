"""The same account among few others and among very many."""

from __future__ import annotations

from contextlib import ExitStack

from tests.bench.bench import Bench
from tests.bench.cabinets import TOKEN, Cabinet
from tests.bench.crowd import accounts, kept_cabinet
from tests.bench.figures import Goal, Line, Ratio
from tests.bench.load import get
from tests.bench.pages import PAGES, WORDS, check_pages, database_pid
from tests.bench.pressure import sign_ins
from tests.bench.processes import Server, serving
from tests.bench.rounds import Middle, Variant, interleave

LATENCY_GOAL = Goal("≤", 1.15)
CPU_GOALS = {"postgres": Goal("≤", 1.10), "sqlite": Goal("≤", 1.15)}


def measure_accounts(bench: Bench) -> None:
    """Growth of the median latency on one connection, and of CPU time, from the small to the large database; two
    servers side by side, asked in turn."""
    few, many = bench.sizes.accounts
    for dialect in bench.dialects:
        with ExitStack() as stack:
            variants: list[Variant] = []
            for size in (few, many):
                cabinet = kept_cabinet(bench, dialect, "accounts", size, accounts)
                server = stack.enter_context(serving(cabinet, bench.folder))
                check_pages(cabinet, server)
                variants += _variants(cabinet, server, size)
            variants.sort(key=lambda each: each.name.partition(" ")[0])  # the same page of both, one after the other
            samples = interleave(bench.load, variants, bench.sizes.rounds, bench.sizes.seconds)
        part = f"The same account among {few:,} and among {many:,}, one connection"
        for name in (*PAGES, "sign-in"):
            small, large = samples[f"{name} {few}"], samples[f"{name} {many}"]
            words = WORDS.get(name, name)
            for size, found in ((few, small), (many, large)):
                middle = Middle.of(found)
                database_cpu = middle.database_cpu if dialect == "postgres" else None
                bench.report.add(
                    Line(part, cabinet.name, f"{words}, among {size:,}", middle.rate, "/s", middle.cpu, database_cpu,
                         middle.p50)
                )  # fmt: skip
            for what, ratio, goal in (
                ("p50", Ratio.of([each.p50 for each in large], [each.p50 for each in small]), LATENCY_GOAL),
                ("CPU", Ratio.of([each.cpu for each in large], [each.cpu for each in small]), CPU_GOALS[dialect]),
            ):
                bench.report.add(
                    Line(part, cabinet.name, f"{words}, growth of {what}", ratio.median, "×", ratio=ratio, goal=goal,
                         judged=ratio.median)
                )  # fmt: skip


def _variants(cabinet: Cabinet, server: Server, size: int) -> list[Variant]:
    postgres = database_pid(cabinet)

    def variant(name: str, requests: tuple[str, ...], status: str) -> Variant:
        return Variant(f"{name} {size}", server.port, server.pid, requests, 1, postgres, frozenset({status}))

    pages = [variant(name, (get(path, TOKEN),), "200") for name, path in PAGES.items()]
    return [*pages, variant("sign-in", sign_ins(server, 1), "303")]
