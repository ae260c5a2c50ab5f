"""``kill -9`` of each process in turn, and a database that goes away, while people look and jobs come in."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.cabinets import Cabinet
from tests.proof.household import Household, Postgres, household, wait_until
from tests.proof.pressing import Pressing, Tally, make_table, tally
from tests.proof.traffic import Traffic


@dataclass
class Outcome:
    """``recoveries`` are seconds from a death, or from the database's return, to the next right page and ready."""

    traffic: Traffic
    tally: Tally
    recoveries: list[float] = field(default_factory=list)

    def lines(self) -> list[str]:
        slowest = max(self.recoveries, default=0)
        return [
            f"right pages {self.traffic.right}, 503 with Retry-After {self.traffic.away}, "
            f"broken connections {self.traffic.broken}, wrong answers {len(self.traffic.wrong)}",
            f"jobs done {self.tally.done}, lost {self.tally.lost}, done twice {self.tally.twice}",
            f"recoveries {len(self.recoveries)}, the slowest {slowest:.2f} s",
            *self.traffic.wrong[:5],
        ]

    @property
    def good(self) -> bool:
        return not self.traffic.wrong and not self.tally.lost and not self.tally.twice


def kill_in_turn(cabinet: Cabinet, folder: Path, times: int) -> Outcome:
    """Kills server processes and worker, ``times`` in all."""
    make_table(cabinet.url)
    with household(cabinet, folder) as home:
        home.start_server()
        home.start_worker()
        with Traffic(cabinet, home.port) as traffic, Pressing(cabinet.url) as pressing:
            recoveries = [_kill(home, traffic, turn) for turn in range(times)]
        return Outcome(traffic, _all_done(cabinet, pressing), recoveries)


def _kill(home: Household, traffic: Traffic, turn: int) -> float:
    time.sleep(0.15)  # so that it is in the middle of something
    began = time.monotonic()
    if turn % 3 == 2:
        assert home.worker
        os.kill(home.worker.pid, signal.SIGKILL)
        home.worker.wait()
        home.start_worker()
        return 0.0
    victim = home.children()[turn % 2]
    os.kill(victim, signal.SIGKILL)
    # The other process goes on answering; recovered means: a right page after the death, and two processes again.
    wait_until(lambda: traffic.last_right > began, 10, "a right page")
    recovered = time.monotonic() - began
    wait_until(lambda: len(home.children()) == 2 and victim not in home.children(), 30, "a new process")
    return recovered


def stop_the_database(cabinet: Cabinet, folder: Path, postgres: Postgres, times: int) -> Outcome:
    """Stops and starts PostgreSQL; nobody touches the other processes."""
    make_table(cabinet.url)
    with household(cabinet, folder) as home:
        home.start_server()
        home.start_worker()
        with Traffic(cabinet, home.port) as traffic, Pressing(cabinet.url) as pressing:
            recoveries = [_without_database(traffic, postgres) for _ in range(times)]
        return Outcome(traffic, _all_done(cabinet, pressing), recoveries)


def _without_database(traffic: Traffic, postgres: Postgres) -> float:
    before = traffic.away
    postgres.stop()
    wait_until(lambda: traffic.away > before, 10, "somebody to be told 503")
    postgres.start()
    began = time.monotonic()
    wait_until(lambda: traffic.last_right > began, 30, "a right page after the database's return")
    recovered = time.monotonic() - began
    time.sleep(0.3)
    return recovered


def _all_done(cabinet: Cabinet, pressing: Pressing) -> Tally:
    """What became of the jobs, once the worker has had time for those whose worker was killed (its lease is 30 s)."""
    until = time.monotonic() + 90
    found = tally(cabinet.url, pressing.sure)
    while found.lost and time.monotonic() < until:
        time.sleep(1)
        found = tally(cabinet.url, pressing.sure)
    return found
