"""Pages while something else goes on: a flood of sign-ins, an import at low priority."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from tests.bench.bench import Bench
from tests.bench.cabinets import ACCOUNT, PASSWORD, TOKEN, Cabinet, cabinet_of
from tests.bench.exports import invoice_heavy, usage_heavy
from tests.bench.figures import Goal, Line, Ratio
from tests.bench.load import Order, get, load_generator, post
from tests.bench.processes import Server, ask, importing, serving
from tests.bench.rounds import Variant, check, sample

FLOOD_GOAL, IMPORT_GOAL = Goal("≥", 0.5), Goal("≥", 0.8)
FLOOD = 4  # connections
ENDED = frozenset({"303", "422"})  # a sign-in that was right, and one that was wrong


def measure_pressure(bench: Bench) -> None:
    """The invoice list's requests a second meanwhile, to those just before."""
    for dialect in bench.dialects:
        cabinet = cabinet_of(bench.databases(dialect))
        with serving(cabinet, bench.folder) as server:
            pages = Variant("list", server.port, server.pid, (get("/invoices", TOKEN),))
            _flood(bench, cabinet, server, pages)
            _import(bench, cabinet, pages)


def sign_ins(server: Server, count: int = 20) -> tuple[str, ...]:
    """Forms of the sign-in page: every fifth is right, the rest try as many accounts."""
    _, text = ask(server.port, "/sign-in")
    cookie = re.search(r"set-cookie: (kabinet_form=[^;]+)", text, re.IGNORECASE)
    token = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert cookie, "no cookie for the form"
    assert token, "no token in the form"

    def form(number: int) -> str:
        right = number % 5 == 0
        login, password = (ACCOUNT, PASSWORD) if right else (f"{500_000 + number}", f"wrong password {number}")
        return post("/sign-in", urlencode({"csrf_token": token[1], "login": login, "password": password}), cookie[1])

    return tuple(form(number) for number in range(count))


def _flood(bench: Bench, cabinet: Cabinet, server: Server, pages: Variant) -> None:
    flood = Variant("flood", server.port, server.pid, sign_ins(server), FLOOD, statuses=ENDED)
    calm, during, tries = [], [], []
    seconds = bench.sizes.seconds
    with load_generator() as other:
        for _ in range(bench.sizes.rounds):
            calm.append(sample(bench.load, pages, seconds).rate)
            other.begin(Order(flood.port, flood.requests, flood.connections, seconds + 0.4))
            during.append(sample(bench.load, pages, seconds).rate)
            outcome = other.end()
            check(outcome, flood)
            tries.append(outcome.rate)
    _add(bench, cabinet, calm, during, f"list during {median(tries):.0f} sign-ins a second", FLOOD_GOAL)


def _import(bench: Bench, cabinet: Cabinet, pages: Variant) -> None:
    """Every round brings rows that are new, and lasts as long as the whole import does."""
    calm, during = [], []
    for number in range(bench.sizes.rounds):
        folder = _export(bench, f"{cabinet.dialect}-{number}", number)
        calm.append(sample(bench.load, pages, bench.sizes.seconds).rate)
        with importing(cabinet, folder) as process:
            rates = []
            while process.poll() is None:
                rates.append(sample(bench.load, pages, min(bench.sizes.seconds, 1.0)).rate)
            _ended_well(process)
        during.append(sum(rates) / len(rates))
    _add(bench, cabinet, calm, during, f"list during an import of {bench.sizes.pressure_rows:,} rows", IMPORT_GOAL)


def _export(bench: Bench, name: str, number: int) -> Path:
    """In turn heavy in usage and in invoices."""
    folder = bench.folder / f"pressure-{name}"
    if number % 2:
        invoice_heavy(folder, bench.sizes.pressure_rows, start=number * 1_000_000)
    else:
        usage_heavy(folder, bench.sizes.pressure_rows, datetime(2000 + number, 1, 1, tzinfo=UTC))
    return folder


def _ended_well(process: subprocess.Popen[str]) -> None:
    if process.returncode:
        raise RuntimeError("the import failed:\n" + process.communicate()[0])


def _add(bench: Bench, cabinet: Cabinet, calm: list[float], during: list[float], what: str, goal: Goal) -> None:
    part, ratio = "Pages under pressure, invoice list", Ratio.of(during, calm)
    bench.report.add(Line(part, cabinet.name, what, median(during), "/s", ratio=ratio, goal=goal, judged=ratio.median))
