"""Pages against the same page from memory (the limit) and against a few plain bytes; and what middleware costs."""

from __future__ import annotations

import asyncio
from statistics import median

import asyncpg

from tests.bench.bench import Bench
from tests.bench.cabinets import SERVICE, TOKEN, Cabinet, cabinet_of
from tests.bench.figures import Goal, Line, Ratio
from tests.bench.load import get
from tests.bench.processes import Server, ask, parent_of, serving
from tests.bench.rounds import Middle, Variant, WrongAnswer, interleave, rates

PAGES = {"invoices": "/invoices", "overview": "/", "service": f"/services/{SERVICE}"}
WORDS = {"invoices": "invoice list", "overview": "overview", "service": "service page"}
LIST_GOALS = {"sqlite": Goal("≥", 0.6), "postgres": Goal("≥", 0.5)}
PART = "Pages, eight connections"
MIDDLEWARE_GOAL = Goal("≤", 0.10)


def database_pid(cabinet: Cabinet) -> int:
    """The first process of PostgreSQL, whose children serve the connections; 0 for SQLite."""
    if cabinet.dialect == "sqlite":
        return 0

    async def backend() -> int:
        connection = await asyncpg.connect(cabinet.url)
        try:
            return parent_of(await connection.fetchval("SELECT pg_backend_pid()"))
        finally:
            await connection.close()

    return asyncio.run(backend())


def check_pages(cabinet: Cabinet, server: Server) -> None:
    """Raises WrongAnswer unless each page, from the database and from memory, says what it must."""
    for name, path in PAGES.items():
        lengths = []
        for address in (path, f"/limit/{name}"):
            status, text = ask(server.port, address, f"kabinet_session={TOKEN}")
            if status != 200 or cabinet.marks[name] not in text:
                raise WrongAnswer(f"{address}: status {status}, {cabinet.marks[name]!r} is not in it")
            lengths.append(len(text))
        if abs(lengths[0] - lengths[1]) > 200:  # addresses and what is current differ, nothing else
            raise WrongAnswer(f"{name}: {lengths[0]} letters from the database, {lengths[1]} from memory")


def measure_pages(bench: Bench) -> None:
    """The list's goal is held against (a), the limit."""
    for dialect in bench.dialects:
        cabinet = cabinet_of(bench.databases(dialect))
        with serving(cabinet, bench.folder) as server:
            check_pages(cabinet, server)
            _measure(bench, cabinet, server)


def _measure(bench: Bench, cabinet: Cabinet, server: Server) -> None:
    postgres = database_pid(cabinet)

    def variant(name: str, path: str) -> Variant:
        return Variant(name, server.port, server.pid, (get(path, TOKEN),), database_pid=postgres)

    variants = [variant("plain", "/plain")]
    for name, path in PAGES.items():
        variants += [variant(name, path), variant(f"limit {name}", f"/limit/{name}")]
    samples = interleave(bench.load, variants, bench.sizes.rounds, bench.sizes.seconds)

    def add(what: str, name: str, below: str = "", goal: Goal | None = None) -> None:
        middle = Middle.of(samples[name])
        ratio = Ratio.of(rates(samples[name]), rates(samples[below])) if below else None
        bench.report.add(
            Line(
                PART,
                cabinet.name,
                what,
                middle.rate,
                "/s",
                middle.cpu,
                middle.database_cpu if postgres else None,
                middle.p50,
                ratio,
                goal,
                ratio.median if ratio else 0,
            )
        )

    add("plain text", "plain")
    for name in PAGES:
        add(f"{WORDS[name]} from memory (the limit)", f"limit {name}")
        goal = LIST_GOALS[cabinet.dialect] if name == "invoices" else None
        add(f"{WORDS[name]}, to the limit", name, f"limit {name}", goal)
        add(f"{WORDS[name]}, to plain text", name, "plain")
    by_cpu = Ratio.of(*([each.cpu for each in samples[name]] for name in ("limit invoices", "invoices")))
    bench.report.add(
        Line(PART, cabinet.name, "invoice list, CPU time of the limit to its own", by_cpu.median, "×", ratio=by_cpu)
    )
    busiest = max(Middle.of(each).load for each in samples.values())
    bench.report.note(f"The load generator took at most {busiest:.0%} of a core.")


def measure_middleware(bench: Bench) -> None:
    """What all middleware together take of the list: by the plain answer (which is little else, so that the
    difference is clear) and by the list itself."""
    cabinet = cabinet_of(bench.databases("sqlite"))
    with serving(cabinet, bench.folder) as server:
        variants = [
            Variant(path, server.port, server.pid, (get(path, TOKEN),))
            for path in ("/invoices", "/bare/invoices", "/plain", "/bare/plain")
        ]
        samples = interleave(bench.load, variants, bench.sizes.rounds, bench.sizes.seconds)
    of_list = [each.cpu for each in samples["/invoices"]]
    plain = [one.cpu - other.cpu for one, other in zip(samples["/plain"], samples["/bare/plain"], strict=True)]
    bare = [each.cpu for each in samples["/bare/invoices"]]
    by_plain = Ratio.of(plain, of_list)
    by_list = Ratio.over([1 - one / whole for one, whole in zip(bare, of_list, strict=True)])
    part = "Middleware, share of the invoice list's CPU"
    cost = median(plain)
    bench.report.add(
        Line(
            part, cabinet.name, "all together, by the plain answer", cost * 1000, "µs", cost, ratio=by_plain,
            goal=MIDDLEWARE_GOAL, judged=by_plain.median,
        )
    )  # fmt: skip
    cost = median(one - other for one, other in zip(of_list, bare, strict=True))
    bench.report.add(Line(part, cabinet.name, "all together, by the list", cost * 1000, "µs", cost, ratio=by_list))
