"""From the start of a process to its first answer, and the memory it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from urllib.parse import quote

from tests.bench.bench import Bench
from tests.bench.cabinets import SERVICE, TOKEN, Cabinet, cabinet_of
from tests.bench.figures import Goal, Line
from tests.bench.load import Order, get
from tests.bench.processes import memory_mb, serving
from tests.bench.rounds import Variant, check

READY_GOAL, MEMORY_GOAL = Goal("≤", 2.0), Goal("≤", 160)
PART = "A server process, as deployed"
LANGUAGES = ("en", "ru", "kk", "hu")


def measure_startup(bench: Bench) -> None:
    for dialect in bench.dialects:
        cabinet = cabinet_of(bench.databases(dialect))
        waits = []
        for _ in range(bench.sizes.starts):
            with serving(cabinet, bench.folder, product=True) as server:
                waits.append(server.ready_after)
        _add(bench, cabinet, "from its start to /readyz", waits, "s", READY_GOAL)
        with serving(cabinet, bench.folder, product=True) as server:
            pages = Variant("pages", server.port, server.pid, tuple(every_page(cabinet)))
            fresh = memory_mb(server.pid)
            outcome = bench.load.run(Order(pages.port, pages.requests, 8, 600, bench.sizes.pages))
            check(outcome, pages)
            used = memory_mb(server.pid)
        _add(bench, cabinet, "memory, before the first page", [fresh], "MB")
        _add(bench, cabinet, f"memory, after {outcome.answers:,} pages of every kind", [used], "MB", MEMORY_GOAL)


def every_page(cabinet: Cabinet) -> Iterator[str]:
    """All pages an owner has, in all languages."""
    number = quote(cabinet.marks["invoices"])
    for code in LANGUAGES:
        for path in (
            "/",
            "/invoices",
            "/invoices?state=paid&sort=-total",
            "/invoices?kind=invoice&from=2025-01-01&to=2026-12-31",
            f"/invoices/{number}",
            "/payments",
            "/contracts",
            "/contracts/4445/10",
            "/services",
            f"/services/{SERVICE}",
            f"/services/{SERVICE}?from=2025-10-01&to=2026-09-30&step=day",
            f"/services/{SERVICE}?from=2025-11-01&to=2025-12-10&step=hour",
            "/profile",
        ):
            yield get(path, TOKEN, code)


def _add(bench: Bench, cabinet: Cabinet, what: str, values: list[float], unit: str, goal: Goal | None = None) -> None:
    middle = median(values)
    bench.report.add(Line(PART, cabinet.name, what, middle, unit, goal=goal, judged=middle))
