"""A permission check and the table of people, with few people on the account and with very many."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from components.data.bulk import open_bulk
from components.data.database import database
from dashboard.schema import config
from tests.bench.bench import Bench
from tests.bench.cabinets import CHECKS, TOKEN, Cabinet, cabinet_of, sign_in
from tests.bench.crowd import unchecked
from tests.bench.figures import Goal, Line, Ratio
from tests.bench.load import get
from tests.bench.pages import database_pid
from tests.bench.processes import Server, ask, serving
from tests.bench.rounds import Middle, Variant, WrongAnswer, interleave
from tests.bench.staff import DEEPEST, MANAGER, RARE, id_of, people
from tests.support.databases import Dialect
from users.hierarchy.models import Membership
from users.sessions.tokens import COOKIE

CHECK_GOAL, PAGE_GOAL = Goal("≤", 1.15), Goal("≤", 3)
CHECK_SECONDS, SECONDS = 0.6, 0.2  # a round of checks, of one page
PAGES = {
    "table": "/users?view=table",
    "by first name": "/users?view=table&sort=first_name",
    "by e-mail": "/users?view=table&sort=email",
    "by position": "/users?view=table&sort=position",
    "newest first": "/users?view=table&sort=-number",
    "search, many found": "/users?q=saule",
    "search, one found": f"/users?q={RARE.lower()}",
    "tree": "/users?view=tree",
}
MARKS = {"search, one found": RARE}
A_ROW = "@<wbr>staff"  # of an e-mail, which may be broken there
MANAGER_TOKEN, DEEP_TOKEN = ("bench-" + each * 32 for each in "md")
ASKING = {"owner": TOKEN, "manager": MANAGER_TOKEN}


def measure_people(bench: Bench) -> None:
    for dialect in bench.dialects:
        _checks(bench, dialect)
        _pages(bench, dialect)


def _staffed(bench: Bench, dialect: Dialect, size: int) -> Cabinet:
    """The sample with ``size`` people besides the owner, who is signed in as are the manager and the deepest."""
    cabinet = cabinet_of(bench.databases(dialect))
    asyncio.run(_fill(cabinet.url, size))
    return cabinet


async def _fill(url: str, size: int) -> None:
    async with open_bulk(config(url)) as bulk, unchecked(bulk):
        await people(bulk, size)
    async with database(config(url)):
        for number, token in ((MANAGER, MANAGER_TOKEN), (min(size, DEEPEST), DEEP_TOKEN)):
            await sign_in(await Membership.get(id=id_of(number)), token)


def _checks(bench: Bench, dialect: Dialect) -> None:
    """By what twenty of them cost in one request. The manager stands at depth 1."""
    few, many = bench.sizes.checked
    deep = f"at depth {DEEPEST}"
    with ExitStack() as stack:
        variants: list[Variant] = []
        for size in (few, many):
            cabinet = _staffed(bench, dialect, size)
            server = stack.enter_context(serving(cabinet, bench.folder))
            variants.append(_variant(cabinet, server, f"among {size:,}", "/checks", MANAGER_TOKEN, "p1@staff.example"))
        variants.append(_variant(cabinet, server, deep, "/checks", DEEP_TOKEN, f"p{min(DEEPEST, many)}@staff.example"))
        samples = interleave(bench.load, variants, bench.sizes.rounds, min(CHECK_SECONDS, bench.sizes.seconds))
    part = "Permission checks, one connection (figures of one check)"
    for each in variants:
        middle = Middle.of(samples[each.name])
        bench.report.add(
            Line(part, cabinet.name, f"a check, {each.name}", middle.rate * CHECKS, "/s", middle.cpu / CHECKS,
                 middle.database_cpu / CHECKS if each.database_pid else None, middle.p50 / CHECKS)
        )  # fmt: skip
    small, large, deepest = (samples[each.name] for each in variants)
    for what, above, below in (
        (f"from {few:,} to {many:,} people", large, small),
        (f"from depth 1 to depth {DEEPEST}", deepest, large),
    ):
        for name, ratio in (
            ("p50", Ratio.of([each.p50 for each in above], [each.p50 for each in below])),
            ("CPU", Ratio.of(*([each.cpu + each.database_cpu for each in side] for side in (above, below)))),
        ):
            bench.report.add(
                Line(part, cabinet.name, f"{name}, {what}", ratio.median, "×", ratio=ratio, goal=CHECK_GOAL,
                     judged=ratio.median)
            )  # fmt: skip


def _pages(bench: Bench, dialect: Dialect) -> None:
    """Whole pages. Their bytes are looked at once, before."""
    few, many = bench.sizes.people
    with ExitStack() as stack:
        variants: list[Variant] = []
        for size in (few, many):
            cabinet = _staffed(bench, dialect, size)
            server = stack.enter_context(serving(cabinet, bench.folder))
            variants += [
                _variant(cabinet, server, f"{who} {name} {size}", path, token, MARKS.get(name, A_ROW))
                for who, token in ASKING.items()
                for name, path in PAGES.items()
            ]
        variants.sort(key=lambda each: each.name.rpartition(" ")[0])  # the same page of both, one after the other
        samples = interleave(bench.load, variants, bench.sizes.rounds, min(SECONDS, bench.sizes.seconds))
    part = f"The table of people, among {many:,} and to among {few:,}, one connection"
    for who in ASKING:
        for name in PAGES:
            small, large = (samples[f"{who} {name} {size}"] for size in (few, many))
            middle = Middle.of(large)
            ratio = Ratio.of([each.p50 for each in large], [each.p50 for each in small])
            bench.report.add(
                Line(part, cabinet.name, f"{name}, for the {who}", middle.rate, "/s", middle.cpu,
                     middle.database_cpu if variants[0].database_pid else None, middle.p50, ratio, PAGE_GOAL,
                     ratio.median)
            )  # fmt: skip


def _variant(cabinet: Cabinet, server: Server, name: str, path: str, token: str, mark: str) -> Variant:
    status, text = ask(server.port, path, f"{COOKIE}={token}")
    if status != 200 or mark not in text:
        raise WrongAnswer(f"{name}: {path}: status {status}, {mark!r} is not in it")
    return Variant(name, server.port, server.pid, (get(path, token),), 1, database_pid(cabinet))
