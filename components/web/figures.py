"""Figures about requests, for Prometheus: counted as they end, read at ``/metrics``.

A label is the route, never the address: what people look at does not get out, and there are few of them. Several
server processes write to files in one folder (``PROMETHEUS_MULTIPROC_DIR``, see ``shared``), and whichever is asked
answers for all.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.process_collector import ProcessCollector

from components.data.database import connection

SHARED = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
QUERIES = (0, 1, 2, 3, 4, 5, 7, 10, 15, 25)
_METHODS = frozenset({"GET", "HEAD", "POST"})


class Live(NamedTuple):
    """A figure that is looked up when somebody asks."""

    name: str
    told: str
    value: float


class _Now:
    def __init__(self, figures: Sequence[Live]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for each in self._figures:
            yield GaugeMetricFamily(each.name, each.told, value=each.value)


class Figures:
    """What one process counts."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        kept = self._registry = CollectorRegistry()
        self._requests = Counter("kabinet_requests", "Requests answered.", ["route", "method", "status"], registry=kept)
        self._seconds = Histogram(
            "kabinet_request_seconds", "Time to the answer.", ["route"], buckets=SECONDS, registry=kept
        )
        self._queries = Histogram(
            "kabinet_request_queries", "Statements sent for an answer.", ["route"], buckets=QUERIES, registry=kept
        )
        pool = Gauge(
            "kabinet_pool_connections",
            "Connections to PostgreSQL.",
            ["state"],
            multiprocess_mode="livesum",
            registry=kept,
        )
        self._used, self._idle = pool.labels("used"), pool.labels("idle")
        self._pool_noted = 0.0
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram, Histogram]] = {}

    def request(self, route: str, method: str, status: int, seconds: float, statements: int) -> None:
        """Counts one that has ended. ``route`` is the route's own path."""
        shown = method if method in _METHODS else "other"
        children = self._children.get((route, shown, status))
        if children is None:
            children = self._children[route, shown, status] = (
                self._requests.labels(route, shown, str(status)),
                self._seconds.labels(route),
                self._queries.labels(route),
            )
        counter, duration, queries = children
        counter.inc()
        duration.observe(seconds)
        queries.observe(statements)
        if monotonic() - self._pool_noted > 1:
            self._note_pool()

    def _note_pool(self) -> None:
        """How many connections this process holds. SQLite has no pool."""
        self._pool_noted = monotonic()
        pool = getattr(connection(), "_pool", None)
        if pool is not None:
            idle = pool.get_idle_size()
            self._idle.set(idle)
            self._used.set(pool.get_size() - idle)

    def text(self, live: Sequence[Live]) -> bytes:
        """Everything in Prometheus' text format."""
        now = CollectorRegistry()
        now.register(_Now(live))
        if SHARED not in os.environ:
            ProcessCollector(registry=now)
            return generate_latest(self._registry) + generate_latest(now)
        _bury_the_dead(Path(os.environ[SHARED]))
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together) + generate_latest(now)


def _bury_the_dead(folder: Path) -> None:
    """Takes away the pools of processes that are no more; what they counted stays."""
    for path in folder.glob("gauge_live*_*.db"):
        pid = path.stem.rpartition("_")[2]
        if pid.isdigit() and not Path("/proc", pid).exists() and Path("/proc/self").exists():
            mark_process_dead(int(pid))  # type: ignore[no-untyped-call]


@contextmanager
def shared() -> Iterator[None]:
    """Lets the processes started meanwhile count together. Call it before they are."""
    with tempfile.TemporaryDirectory(prefix="kabinet-metrics-") as folder:
        os.environ[SHARED] = folder
        try:
            yield
        finally:
            del os.environ[SHARED]
