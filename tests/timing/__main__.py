"""``python -m tests.timing``: whether the time of an answer tells a known login from an unknown one.

Asks about both in turn, in an order of chance, and works out the area under the curve: 0.50 is a coin, and more than
0.03 away from it fails. Throttling is off and the hash is cheap (else its noise would hide what we look for); the code
is the same. For a quiet machine: not a part of ``make test``.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr
from dataclasses import replace
from pathlib import Path
from unittest import mock

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from tortoise.backends.base.executor import EXECUTOR_CACHE

from components.data import throttle
from components.data.database import execute
from components.web import log
from tests.support.cast import seated
from tests.support.client import open_cabinet
from tests.support.databases import Databases
from tests.support.postgres import own_postgres
from tests.timing.curve import area
from tests.timing.questions import Question, known, people, questions, unknown
from users.hierarchy import inviting
from users.passwords import resetting
from users.sessions import passwords, signing_in

AWAY = 0.03
FEW = 20  # logins that are asked about over and over
WARMING = 60


@contextmanager
def cheap_and_unlimited() -> Iterator[None]:
    """Argon2 with next to no cost, and limits that nobody reaches."""
    hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(passwords, "_hasher", hasher))
        stack.enter_context(mock.patch.object(passwords, "_NOBODY", hasher.hash("nobody's")))
        for module in (signing_in, resetting, inviting):
            for name, value in list(vars(module).items()):
                if isinstance(value, throttle.Limit):
                    stack.enter_context(mock.patch.object(module, name, replace(value, tries=10**9)))
        yield


async def times(question: Question, samples: int, chance: random.Random) -> tuple[list[float], list[float]]:
    """Milliseconds for unknown and for known logins."""
    asked = [(kind, number) for number in range(samples + WARMING) for kind in (unknown, known)]
    taken: dict[object, list[float]] = {unknown: [], known: []}
    for start in range(0, len(asked), 2):
        pair = asked[start : start + 2]
        chance.shuffle(pair)
        for kind, number in pair:
            login = kind(number if question.fresh else number % FEW)
            before = time.perf_counter()
            answer = await question.ask(login)
            after = time.perf_counter()
            if answer.status != question.status:
                raise SystemExit(f"{question.name} of {login} answered {answer.status}: {answer.main.text[:300]}")
            if number >= WARMING:
                taken[kind].append((after - before) * 1000)
    return taken[unknown], taken[known]


async def run(url: str, samples: int, only: list[str] | None, seed: int) -> bool:
    fine = True
    async with open_cabinet(url) as cabinet:
        await people(samples + WARMING)
        for question in await questions(cabinet):
            if only and question.name not in only:
                continue
            gc.collect()
            gc.freeze()
            gc.disable()
            ones, others = await times(question, samples, random.Random(seed))  # noqa: S311
            gc.enable()
            found = area(ones, others)
            right = abs(found - 0.5) <= AWAY
            fine = fine and right
            middle = f"unknown {statistics.median(ones):.2f} ms, known {statistics.median(others):.2f} ms"
            sys.stdout.write(f"  {question.name:<12} {found:.3f}  {middle}{'' if right else '   TOO FAR FROM 0.50'}\n")
            sys.stdout.flush()
            await execute("DELETE FROM job")
    return fine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--databases", nargs="*", default=["sqlite", "postgres"])
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--seed", type=int, default=20261120)
    options = parser.parse_args()
    fine = True
    with ExitStack() as stack:
        nowhere = stack.enter_context(Path(os.devnull).open("w"))
        with redirect_stderr(nowhere):
            log.set_up("json")  # lines are written as ever, but nowhere
        stack.enter_context(cheap_and_unlimited())
        for dialect in options.databases:
            place = (
                stack.enter_context(own_postgres())
                if dialect == "postgres"
                else stack.enter_context(tempfile.TemporaryDirectory(prefix="kabinet-timing-"))
            )
            sys.stdout.write(f"{dialect}: area under the curve, {options.samples} of each, seed {options.seed}\n")
            EXECUTOR_CACHE.clear()  # Tortoise keeps its statements by the connection's name, whatever kind that was
            url = seated(Databases(dialect, place))
            fine = asyncio.run(run(url, options.samples, options.only, options.seed)) and fine
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
