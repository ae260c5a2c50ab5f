"""Any order of acts on jobs, by workers in time and too late, against a model that fits on a page."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from components.data.database import database, execute, fetch
from components.jobs import settling
from components.jobs.claiming import Claim, Lost, claim, renew
from components.jobs.health import jobs_counts
from components.jobs.queue import enqueue
from components.jobs.settling import done, failed, forget, give_back, revive
from dashboard.schema import config

LEASE = timedelta(seconds=30)
MOST = 3
REST = ("state", "tries", "fence")
START = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)


@dataclass
class Expected:
    """What the model knows of a job."""

    id: int
    key: str | None
    word: int
    due: datetime | None
    state: str = "waiting"
    tries: int = 0
    fence: int = 0


def life_of(url: str) -> type[RuleBasedStateMachine]:
    class Life(RuleBasedStateMachine):
        claims = Bundle("claims")

        def __init__(self) -> None:
            super().__init__()
            self.now = START
            self.clock = time_machine.travel(START, tick=False)
            self.traveller = self.clock.start()
            self.runner = asyncio.Runner()
            self.open = database(config(url))
            self.does(self.open.__aenter__())
            self.does(execute("DELETE FROM job"))
            self.jobs: dict[int, Expected] = {}
            self.words = 0

        def teardown(self) -> None:
            self.does(self.open.__aexit__(None, None, None))
            self.runner.close()
            self.clock.stop()

        def does(self, act: Any) -> Any:
            return self.runner.run(act)

        def waiting_under(self, key: str | None) -> Expected | None:
            waiting = (each for each in self.jobs.values() if each.state == "waiting")
            return next((each for each in waiting if key and each.key == key), None)

        @rule(key=st.sampled_from([None, "4445", "4446"]), seconds=st.sampled_from([0, 0, 10, 100]))
        def enqueue(self, key: str | None, seconds: int) -> None:
            self.words += 1
            due = self.now + timedelta(seconds=seconds)
            number = self.does(enqueue("a", key=key, after=timedelta(seconds=seconds), word=self.words))
            same = self.waiting_under(key)
            if same is None:
                assert number not in self.jobs
                self.jobs[number] = Expected(number, key, self.words, due)
                return
            assert number == same.id
            assert same.due is not None
            same.word = self.words
            if same.tries == 0:
                same.due = min(same.due, due)

        @rule(seconds=st.sampled_from([1, 10, 31, 4000]))
        def wait(self, seconds: int) -> None:
            self.now += timedelta(seconds=seconds)
            self.traveller.move_to(self.now, tick=False)

        @rule(target=claims, worker=st.sampled_from(["one", "two"]))
        def take(self, worker: str) -> Any:
            found: Claim | None = self.does(claim(worker, LEASE))
            free = [each for each in self.jobs.values() if each.due is not None and each.due <= self.now]
            if found is None:
                assert free == []
                return multiple()
            first = min(free, key=lambda each: (each.due, each.id))
            first.state, first.due = "running", self.now + LEASE
            first.tries += 1
            first.fence += 1
            assert (found.id, found.tries, found.fence) == (first.id, first.tries, first.fence)
            assert json.loads(found.payload) == {"word": first.word}
            return found

        def ends(self, taken: Claim, act: Any) -> Expected | None:
            """Does it; the job, if the claim was still good. A claim that is not must be told so."""
            held = self.jobs.get(taken.id)
            if held is not None and held.state == "running" and held.fence == taken.fence:
                self.does(act)
                return held
            with pytest.raises(Lost):
                self.does(act)
            return None

        @rule(taken=consumes(claims))
        def finish(self, taken: Claim) -> None:
            if held := self.ends(taken, done(taken)):
                del self.jobs[held.id]

        @rule(taken=claims)
        def hold_on(self, taken: Claim) -> None:
            if held := self.ends(taken, renew(taken, LEASE)):
                held.due = self.now + LEASE

        @rule(taken=claims)
        def fail(self, taken: Claim) -> None:
            if held := self.ends(taken, failed(taken, MOST, "no")):
                if held.tries >= MOST:
                    held.state, held.due = "dead", None
                else:
                    self.waits_again(held, self.now + settling.back_off(held.tries), held.tries)

        @rule(taken=claims)
        def hand_back(self, taken: Claim) -> None:
            if held := self.ends(taken, give_back(taken)):
                self.waits_again(held, self.now, held.tries - 1)

        @rule(number=st.integers(0, 5))
        def try_a_dead_one_again(self, number: int) -> None:
            held = self.a_dead_one(number)
            if held is None:
                return
            assert self.does(revive(held.id)) is True
            held.fence += 1
            self.waits_again(held, self.now, 0)

        @rule(number=st.integers(0, 5))
        def forget_a_dead_one(self, number: int) -> None:
            held = self.a_dead_one(number)
            if held is not None:
                assert self.does(forget(held.id)) is True
                del self.jobs[held.id]

        def a_dead_one(self, number: int) -> Expected | None:
            dead = [each for each in self.jobs.values() if each.state == "dead"]
            return dead[number % len(dead)] if dead else None

        def waits_again(self, held: Expected, due: datetime, tries: int) -> None:
            if newer := self.waiting_under(held.key):
                held.word = newer.word
                del self.jobs[newer.id]
            held.state, held.due, held.tries = "waiting", due, tries

        @invariant()
        def the_table_is_as_the_model(self) -> None:
            async def look() -> list[tuple[Any, ...]]:
                found = await fetch("SELECT id, key, payload, state, tries, fence FROM job ORDER BY id")
                return [
                    (each["id"], each["key"], json.loads(each["payload"])["word"], *(each[name] for name in REST))
                    for each in found
                ]

            assert self.does(look()) == [
                (each.id, each.key, each.word, each.state, each.tries, each.fence)
                for each in sorted(self.jobs.values(), key=lambda each: each.id)
            ]
            counts = self.does(jobs_counts())
            states = [each.state for each in self.jobs.values()]
            assert (counts.waiting, counts.running, counts.dead) == tuple(
                states.count(each) for each in ("waiting", "running", "dead")
            )

    return Life


def test_any_life_of_a_job_is_as_the_model_says(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling.random, "uniform", lambda _least, most: most)  # chance has a test of its own
    run_state_machine_as_test(
        life_of(database_url),
        settings=settings(
            max_examples=20, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
