"""``make test-delegation``: many examples, on two processes; every seed is printed and repeats its part.

On SQLite in a memory-backed folder, where an example takes a fifth of what it takes on PostgreSQL; the races are
PostgreSQL's, which lets two at once.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from tests.delegation import races
from tests.delegation.mistakes import MISTAKES
from tests.delegation.product import stage
from tests.delegation.running import KINDS, MEMORY, part, quiet, seen
from tests.support.databases import Databases
from tests.support.postgres import own_postgres

PART = 250


def raced(number: int, seed: int) -> tuple[str, Counter[str], float]:
    """Every kind of race so often; which ways they went."""
    quiet()
    ways: Counter[str] = Counter()
    began = time.monotonic()
    with own_postgres() as socket, stage(Databases("postgres", socket).empty()) as made:
        for kind in races.KINDS:
            for each in range(number):
                try:
                    ways[f"{kind}: {made.run(races.race(made, kind, seed * 100_000 + each))}"] += 1
                except races.Broken as broken:
                    ways[f"{kind}: BROKEN: {broken}"] += 1
    return "races", ways, time.monotonic() - began


def _mistakes(seed: int) -> bool:
    """Planted one at a time; whether one was not seen."""
    quiet()
    missed = False
    folder = tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None)
    with folder as place, stage(Databases("sqlite", place).empty()) as made:
        for mistake in MISTAKES:
            caught, tried = seen(made, mistake, seed)
            missed |= not caught
            print(f"mistake {mistake}: {'seen' if caught else 'NOT SEEN'} in {tried} examples", flush=True)
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.delegation", description=__doc__)
    parser.add_argument("--examples", type=int, default=20_000)
    parser.add_argument("--pages", type=int, default=1_000, help="examples through the pages")
    parser.add_argument("--races", type=int, default=1_000, help="of each kind")
    parser.add_argument("--no-mistakes", action="store_true", help="not the planted mistakes first")
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    seed = asked.seed or int.from_bytes(os.urandom(3), "big") + 1
    print(f"SEED={seed}", flush=True)
    failed = False
    if not asked.no_mistakes:
        failed |= _mistakes(seed)
    if asked.races:
        failed |= _races(asked.races, seed)
    parts = [
        (door, KINDS[place % len(KINDS)], min(size, wanted - place * size), seed + place)
        for door, wanted, size in (("pages", asked.pages, PART // 5), ("functions", asked.examples, PART))
        for place in range(-(-wanted // size))
    ]
    done: Counter[str] = Counter()
    with ProcessPoolExecutor(asked.workers, mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(part, *each) for each in parts]):
            door, kind, used, result, seconds = future.result()
            done[f"{door} examples"] += result.examples
            done[f"{door} acts"] += result.acts
            done[f"{door} refused"] += result.refused
            done[f"{door} disagreements"] += bool(result.failure)
            print(f"{door:9} {kind:8} seed {used}: {result.examples} examples, {result.acts} acts, {seconds:.0f} s")
            if result.failure:
                failed = True
                print(result.failure, file=sys.stderr)
            sys.stdout.flush()
    for name, number in sorted(done.items()):
        print(f"{name}: {number}")
    return int(failed)


def _races(number: int, seed: int) -> bool:
    _, ways, seconds = raced(number, seed)
    for way, times in sorted(ways.items()):
        print(f"race {way}: {times}")
    print(f"races: {sum(ways.values())} in {seconds:.0f} s", flush=True)
    return any("BROKEN" in way for way in ways)


if __name__ == "__main__":
    sys.exit(main())
