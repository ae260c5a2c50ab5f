"""``/metrics``: closed without its token, and then the figures of routes, never of addresses."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from components.web.figures import Figures, Live
from dashboard.app import make_app
from tests.support.cast import AIGERIM
from tests.support.client import Answer, Cabinet, settings_for
from tests.support.databases import SAMPLES, operator_of

TOKEN = "only-for-the-tests-of-metrics"
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(found: Samples, name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


@asynccontextmanager
async def watched(url: str) -> AsyncIterator[Cabinet]:
    operator = operator_of("telecom")
    app = make_app(settings_for(url).model_copy(update={"metrics_token": SecretStr(TOKEN)}), operator)
    async with app.router.lifespan_context(app):
        yield Cabinet(app, operator)


async def asked(cabinet: Cabinet) -> Answer:
    return await cabinet.visitor().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})


async def test_without_a_token_there_is_no_such_page(cabinet: Cabinet) -> None:
    answer = await cabinet.visitor().get("/metrics", headers={"authorization": "Bearer "})
    assert answer.status == 404
    assert answer.page.one("h1").text == (await cabinet.visitor().get("/nowhere")).page.one("h1").text


async def test_who_does_not_bring_the_token_is_not_answered(own_url: str) -> None:
    async with watched(own_url) as cabinet:
        for given in (
            {},
            {"authorization": TOKEN},
            {"authorization": f"Bearer {TOKEN}x"},
            {"authorization": "Bearer é"},
        ):
            answer = await cabinet.visitor().get("/metrics", headers=given)
            assert (answer.status, answer.header("www-authenticate")) == (401, "Bearer")
        assert (await asked(cabinet)).status == 200


async def test_a_probe_comes_by_address(own_url: str) -> None:
    """Prometheus asks the process itself, under a name that people never type."""
    async with watched(own_url) as cabinet:
        headers = {"authorization": f"Bearer {TOKEN}", "host": "10.0.0.7:8000"}
        assert (await cabinet.visitor().get("/metrics", headers=headers)).status == 200


async def test_requests_are_counted_by_route_with_their_time_and_queries(own_url: str) -> None:
    async with watched(own_url) as cabinet:
        browser = await cabinet.sign_in(AIGERIM)
        for target in ("/invoices", "/invoices?state=overdue", "/invoices/secret-number", "/nowhere/secret"):
            await browser.get(target)
        await browser.send("BREW", "/invoices")
        answer = await asked(cabinet)
        found = samples(answer.text)
    assert answer.header("content-type").startswith("text/plain; version=0.0.4")
    assert answer.header("cache-control") == "no-store"
    assert value(found, "kabinet_requests_total", route="/invoices", method="GET", status="200") == 2
    assert value(found, "kabinet_requests_total", route="/invoices/{number:path}", method="GET", status="404") == 1
    assert value(found, "kabinet_requests_total", route="-", method="GET", status="404") == 1
    assert {dict(labels).get("method") for _, labels in found} <= {None, "GET", "other"}
    assert "secret" not in answer.text
    assert value(found, "kabinet_request_seconds_count", route="/invoices") >= 2
    assert value(found, "kabinet_request_seconds_sum", route="/invoices") > 0
    assert value(found, "kabinet_request_queries_bucket", route="/invoices", le="3.0") >= 2
    assert value(found, "kabinet_request_queries_bucket", route="/invoices", le="2.0") <= 1


async def test_what_is_looked_up_when_asked(own_url: str) -> None:
    async with watched(own_url) as cabinet:
        await cabinet.visitor().get("/readyz")
        found = samples((await asked(cabinet)).text)
    assert value(found, "kabinet_database_up") == 1
    assert value(found, "kabinet_jobs_waiting") == value(found, "kabinet_jobs_dead") == 0
    assert value(found, "kabinet_messages_waiting") == value(found, "kabinet_messages_failed") == 0
    assert "kabinet_import_age_seconds" in {name for name, _ in found}
    if own_url.startswith("postgres"):
        assert value(found, "kabinet_pool_connections", state="idle") >= 1


def test_figures_alone() -> None:
    figures = Figures()
    figures.text([])
    found = samples(figures.text([Live("kabinet_answer", "Of everything.", 42)]).decode())
    assert value(found, "kabinet_answer") == 42


@pytest.fixture
def two_processes(own_url: str, tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "KABINET_DATABASE_URL": own_url,
        "KABINET_SECRET_KEY": "0123456789abcdef-only-for-the-tests",
        "KABINET_BASE_URL": f"http://127.0.0.1:{port}",
        "KABINET_OPERATOR_FILE": str(SAMPLES / "telecom" / "operator.toml"),
        "KABINET_METRICS_TOKEN": TOKEN,
        "TMPDIR": str(tmp_path),
    }
    command = [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(port), "--processes", "2"]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            command, env=environment, cwd=Path(__file__).parents[2], stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/readyz", tmp_path / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
    assert list(tmp_path.glob("kabinet-metrics-*")) == []


def _fetched(address: str) -> str:
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {TOKEN}"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        return str(answer.read().decode())


def _wait_for(address: str, log: Path) -> None:
    for _ in range(300):
        try:
            _fetched(address)
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def test_several_processes_answer_for_all(two_processes: str) -> None:
    """Whichever is asked tells what all have counted."""
    for _ in range(40):
        assert _fetched(f"{two_processes}/healthz") == "ok\n"
    counted = set()
    for _ in range(6):
        found = samples(_fetched(f"{two_processes}/metrics"))
        counted.add(value(found, "kabinet_requests_total", route="/healthz", method="GET", status="200"))
    assert counted == {40}
